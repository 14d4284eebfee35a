import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.search.WildcardQuery;
import org.apache.lucene.store.Directory;

/** Answers the benchmark's queries. */
final class Searcher implements AutoCloseable {
  private final ExecutorService pool =
      Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
  private final DirectoryReader reader;
  private final IndexSearcher searcher;
  private final List<String> facets;

  Searcher(Directory directory, List<String> facets) throws IOException {
    reader = DirectoryReader.open(directory);
    searcher = new IndexSearcher(reader, pool);
    searcher.setQueryCache(null); // Every run is to do the work.
    this.facets = facets;
  }

  /** {"where": [conditions], "newest": N, "facets": true, "histogram": true} */
  Map<String, Object> ask(JsonNode wanted) throws IOException {
    Query query = spell(wanted.get("where"));
    if (!wanted.get("facets").asBoolean()) return newest(query, wanted.get("newest").asInt());
    FacetCounts counts;
    if (query instanceof MatchAllDocsQuery) {
      counts = FacetCounts.ofEverything(reader, facets);
    } else {
      boolean hours = wanted.get("histogram").asBoolean();
      counts = searcher.search(query, FacetCounts.manager(facets, hours));
    }
    return Map.of("count", counts.hits, "facets", counts.top(10), "histogram", counts.hours);
  }

  private Map<String, Object> newest(Query query, int size) throws IOException {
    var manager = new TopFieldCollectorManager(Indexer.NEWEST_FIRST, size, null, 1);
    List<List<String>> hits = new ArrayList<>();
    var stored = reader.storedFields();
    for (ScoreDoc hit : searcher.search(query, manager).scoreDocs) {
      Document document = stored.document(hit.doc, Set.of("event_id", "record"));
      hits.add(List.of(document.get("event_id"), document.get("record")));
    }
    return Map.of("count", searcher.count(query), "newest", hits);
  }

  private static Query spell(JsonNode conditions) {
    if (conditions.isEmpty()) return new MatchAllDocsQuery();
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    for (JsonNode condition : conditions) {
      boolean not = condition.get(0).asText().equals("not");
      all.add(spellOne(not ? condition.get(1) : condition), not ? Occur.MUST_NOT : Occur.FILTER);
    }
    if (conditions.size() == 1) return spellOne(conditions.get(0));
    return all.build();
  }

  private static Query spellOne(JsonNode condition) {
    String first = condition.path(1).asText(), second = condition.path(2).asText();
    switch (condition.get(0).asText()) {
      case "term": return new TermQuery(new Term(first, second));
      case "prefix": return new PrefixQuery(new Term(first, second));
      case "wildcard": return new WildcardQuery(new Term(first, second));
      case "phrase": return new PhraseQuery("words", first.split(" "));
      case "during":
        return LongPoint.newRangeQuery("time", condition.get(1).asLong(), condition.get(2).asLong() - 1);
      default: throw new IllegalArgumentException("no condition " + condition);
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
    pool.shutdown();
  }
}
