import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.util.CharTokenizer;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.IndexSettings;
import org.opensearch.index.analysis.AbstractIndexAnalyzerProvider;

/** Words are runs of letters and digits, in lower case. */
final class WordsProvider extends AbstractIndexAnalyzerProvider<Analyzer> {
  private final Analyzer analyzer = new Analyzer() {
    @Override
    protected TokenStreamComponents createComponents(String field) {
      Tokenizer words = CharTokenizer.fromTokenCharPredicate(Character::isLetterOrDigit);
      return new TokenStreamComponents(words, new LowerCaseFilter(words));
    }
  };

  WordsProvider(IndexSettings index, String name, Settings settings) {
    super(index, name, settings);
  }

  @Override
  public Analyzer get() {
    return analyzer;
  }
}
