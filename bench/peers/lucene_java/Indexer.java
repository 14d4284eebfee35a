import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.BytesRef;

/** Makes the index: newest events first in each segment. */
final class Indexer {
  static final Sort NEWEST_FIRST = new Sort(new SortField("time", SortField.Type.LONG, true));

  private final Map<String, String> paths; // Exact field -> where it stands.
  private final Set<String> facets;

  Indexer(Map<String, String> paths, Set<String> facets) {
    this.paths = paths;
    this.facets = facets;
  }

  void index(String logs, Directory directory) throws Exception {
    IndexWriterConfig config = new IndexWriterConfig(new WordAnalyzer());
    config.setRAMBufferSizeMB(512);
    config.setIndexSort(NEWEST_FIRST);
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      Deliveries.read(logs, (raw, record) -> writer.addDocument(document(raw, record)));
      writer.commit();
    }
  }

  private Document document(String raw, JsonNode record) throws IOException {
    Document document = new Document();
    long time = Instant.parse(record.get("eventTime").asText()).getEpochSecond();
    document.add(new LongPoint("time", time));
    document.add(new NumericDocValuesField("time", time));
    paths.forEach((field, path) -> {
      JsonNode value = record;
      for (String key : path.split("\\.")) value = value.path(key);
      if (value.isMissingNode() || value.isNull() || value.isContainerNode()) return;
      boolean stored = field.equals("event_id");
      document.add(new StringField(field, value.asText(), stored ? Field.Store.YES : Field.Store.NO));
      if (facets.contains(field)) {
        document.add(new SortedDocValuesField(field, new BytesRef(value.asText())));
      }
    });
    addLeaves(document, record, "");
    document.add(new StoredField("record", raw));
    return document;
  }

  private static void addLeaves(Document document, JsonNode value, String path) {
    if (value.isObject()) {
      value.fields().forEachRemaining(child -> addLeaves(
          document, child.getValue(), path.isEmpty() ? child.getKey() : path + '.' + child.getKey()));
    } else if (value.isArray()) {
      for (JsonNode child : value) addLeaves(document, child, path);
    } else if (!value.isNull()) {
      document.add(new StringField("leaf", path + '=' + value.asText(), Field.Store.NO));
      document.add(new TextField("words", value.asText(), Field.Store.NO));
    }
  }
}
