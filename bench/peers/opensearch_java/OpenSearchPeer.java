import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.analysis.AnalyzerProvider;
import org.opensearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.AnalysisPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/** One node of OpenSearch, from its libraries, on the loopback: OpenSearchPeer DIRECTORY PORT. */
public final class OpenSearchPeer extends Node {
  /** The analyzer "words", as the Lucene peer has it. */
  public static final class WordsPlugin extends Plugin implements AnalysisPlugin {
    @Override
    public Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> getAnalyzers() {
      return Map.of("words", (index, environment, name, settings) -> new WordsProvider(index, name, settings));
    }
  }

  private OpenSearchPeer(Settings settings) {
    super(InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "bench"),
        List.of(Netty4Plugin.class, WordsPlugin.class), false);
  }

  public static void main(String[] arguments) throws Exception {
    Settings settings = Settings.builder()
        .put("path.home", arguments[0])
        .put("path.data", arguments[0] + "/data")
        .put("cluster.name", "bench")
        .put("node.name", "bench")
        .put("discovery.type", "single-node")
        .put("network.host", "127.0.0.1")
        .put("http.port", arguments[1])
        .put("http.type", "netty4")
        .put("transport.type", "netty4")
        .put("transport.port", "0")
        .put("http.max_content_length", "100mb")
        .put("cluster.routing.allocation.disk.threshold_enabled", false)
        .build();
    Node node = new OpenSearchPeer(settings).start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        node.close();
      } catch (java.io.IOException error) {
        error.printStackTrace();
      }
    }));
    Thread.currentThread().join();
  }
}
