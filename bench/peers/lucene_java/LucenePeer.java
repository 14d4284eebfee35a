import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;

/** Obeys the JSON lines of peers/lucene.py: "index", "open", "ask". One line answers each. */
public final class LucenePeer {
  public static void main(String[] arguments) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    Map<String, String> paths = new LinkedHashMap<>();
    List<String> facets = new ArrayList<>();
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Directory directory = new MMapDirectory(Path.of(arguments[0]))) {
      Searcher searcher = null;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        JsonNode order = mapper.readTree(line);
        Map<String, Object> answer = new HashMap<>();
        if (order.has("index")) {
          order.get("paths").fields().forEachRemaining(
              path -> paths.put(path.getKey(), path.getValue().asText()));
          new Indexer(paths, Set.copyOf(strings(order.get("facets"))))
              .index(order.get("index").asText(), directory);
        } else if (order.has("open")) {
          facets = strings(order.get("open"));
          searcher = new Searcher(directory, facets);
        } else {
          long begin = System.nanoTime();
          answer.putAll(searcher.ask(order.get("ask")));
          answer.put("ms", (System.nanoTime() - begin) / 1e6);
        }
        System.out.println(mapper.writeValueAsString(answer));
      }
      if (searcher != null) searcher.close();
    }
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(value -> strings.add(value.asText()));
    return strings;
  }
}
