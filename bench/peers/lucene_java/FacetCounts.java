import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;

/** How often each value of the facet fields occurs in the hits, and the hits by hour. */
final class FacetCounts {
  private static final int HOUR = 3600;

  long hits = 0;
  final Map<String, Map<String, Integer>> values = new LinkedHashMap<>();
  final Map<Long, Integer> hours = new TreeMap<>();

  private FacetCounts(List<String> fields) {
    for (String field : fields) values.put(field, new HashMap<>());
  }

  /** Of all events: the terms know how many events they have. */
  static FacetCounts ofEverything(IndexReader reader, List<String> fields) throws IOException {
    FacetCounts counts = new FacetCounts(fields);
    counts.hits = reader.numDocs();
    for (LeafReaderContext leaf : reader.leaves()) {
      for (String field : fields) {
        Terms terms = leaf.reader().terms(field);
        if (terms == null) continue;
        TermsEnum term = terms.iterator();
        while (term.next() != null) {
          counts.values.get(field).merge(term.term().utf8ToString(), term.docFreq(), Integer::sum);
        }
      }
    }
    return counts;
  }

  static CollectorManager<Collector, FacetCounts> manager(List<String> fields, boolean hours) {
    return new CollectorManager<>() {
      @Override
      public Collector newCollector() {
        return new Collector(new FacetCounts(fields), fields, hours);
      }

      @Override
      public FacetCounts reduce(Collection<Collector> collectors) throws IOException {
        FacetCounts all = new FacetCounts(fields);
        for (Collector collector : collectors) {
          collector.finishSegment();
          all.add(collector.counts);
        }
        return all;
      }
    };
  }

  private void add(FacetCounts other) {
    hits += other.hits;
    other.values.forEach((field, counts) ->
        counts.forEach((value, count) -> values.get(field).merge(value, count, Integer::sum)));
    other.hours.forEach((hour, count) -> hours.merge(hour, count, Integer::sum));
  }

  Map<String, Map<String, Integer>> top(int size) {
    Map<String, Map<String, Integer>> top = new LinkedHashMap<>();
    values.forEach((field, counts) -> top.put(field, counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed()).limit(size)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))));
    return top;
  }

  /** Counts ordinals segment by segment; they become values when a segment is done. */
  static final class Collector extends SimpleCollector {
    private final FacetCounts counts;
    private final String[] fields;
    private final boolean byHour;
    private final SortedDocValues[] ordinals;
    private final int[][] frequencies;
    private NumericDocValues times;

    Collector(FacetCounts counts, List<String> fields, boolean byHour) {
      this.counts = counts;
      this.fields = fields.toArray(new String[0]);
      this.byHour = byHour;
      this.ordinals = new SortedDocValues[fields.size()];
      this.frequencies = new int[fields.size()][];
    }

    @Override
    protected void doSetNextReader(LeafReaderContext context) throws IOException {
      finishSegment();
      LeafReader reader = context.reader();
      for (int i = 0; i < fields.length; ++i) {
        ordinals[i] = DocValues.getSorted(reader, fields[i]);
        frequencies[i] = new int[ordinals[i].getValueCount()];
      }
      times = DocValues.getNumeric(reader, "time");
    }

    @Override
    public void collect(int doc) throws IOException {
      ++counts.hits;
      for (int i = 0; i < fields.length; ++i) {
        if (ordinals[i].advanceExact(doc)) ++frequencies[i][ordinals[i].ordValue()];
      }
      if (byHour && times.advanceExact(doc)) {
        counts.hours.merge(times.longValue() / HOUR * HOUR, 1, Integer::sum);
      }
    }

    void finishSegment() throws IOException {
      for (int i = 0; i < fields.length && ordinals[i] != null; ++i) {
        for (int ordinal = 0; ordinal < frequencies[i].length; ++ordinal) {
          if (frequencies[i][ordinal] == 0) continue;
          counts.values.get(fields[i]).merge(
              ordinals[i].lookupOrd(ordinal).utf8ToString(), frequencies[i][ordinal], Integer::sum);
        }
        ordinals[i] = null;
      }
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE_NO_SCORES;
    }
  }
}
