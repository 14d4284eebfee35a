import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** Reads delivered files on every core and hands over each event once. */
final class Deliveries {
  interface Sink {
    void take(String raw, JsonNode record) throws IOException;
  }

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final List<Path> files;
  private final Sink sink;

  private Deliveries(List<Path> files, Sink sink) {
    this.files = files;
    this.sink = sink;
  }

  static void read(String directory, Sink sink) throws Exception {
    List<Path> files;
    try (var walk = Files.walk(Path.of(directory))) {
      files = walk.filter(path -> path.toString().endsWith(".json.gz")).sorted().toList();
    }
    new Deliveries(files, sink).readAll();
  }

  private void readAll() throws InterruptedException, ExecutionException {
    int threads = Runtime.getRuntime().availableProcessors();
    AtomicInteger next = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<? extends Future<?>> readers = IntStream.range(0, threads).mapToObj(i -> pool.submit(() -> {
      for (int n = next.getAndIncrement(); n < files.size(); n = next.getAndIncrement()) {
        readFile(files.get(n));
      }
      return null;
    })).toList();
    for (Future<?> reader : readers) reader.get();
    pool.shutdown();
  }

  private void readFile(Path path) throws IOException {
    byte[] bytes;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(path), 1 << 16)) {
      bytes = in.readAllBytes();
    }
    try (JsonParser parser = MAPPER.getFactory().createParser(bytes)) {
      while (parser.nextToken() != JsonToken.START_ARRAY) {}
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        int begin = (int) parser.currentTokenLocation().getByteOffset();
        JsonNode record = MAPPER.readTree(parser);
        int end = (int) parser.currentLocation().getByteOffset();
        if (seen.add(record.path("eventID").asText())) {
          sink.take(new String(bytes, begin, end - begin, StandardCharsets.UTF_8), record);
        }
      }
    }
  }
}
