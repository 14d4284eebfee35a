import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.util.CharTokenizer;

/** Words are runs of letters and digits, in lower case. */
final class WordAnalyzer extends Analyzer {
  @Override
  protected TokenStreamComponents createComponents(String field) {
    Tokenizer words = CharTokenizer.fromTokenCharPredicate(Character::isLetterOrDigit);
    return new TokenStreamComponents(words, new LowerCaseFilter(words));
  }

  @Override
  public int getPositionIncrementGap(String field) {
    return 100; // No phrase reaches from one value into the next.
  }
}
