package org.widthwise.lab.train;

import java.util.Objects;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.lab.data.DataException;
import org.widthwise.lab.data.TextCorpus;

/**
 * Pieces of a text, one after another without overlap: example i begins at {@code from +
 * i·context}, and the class of each of its tokens is the token after it.
 *
 * @param corpus the text
 * @param from the first token of the first example
 * @param count how many examples
 * @param context the tokens in an example
 */
public record TextExamples(TextCorpus corpus, int from, int count, int context)
    implements Examples {

  /**
   * Checks that the text is long enough.
   *
   * @param corpus the text
   * @param from the first token of the first example
   * @param count how many examples
   * @param context the tokens in an example
   * @throws DataException if the text ends before the last example's last class
   */
  public TextExamples {
    if (from < 0 || count < 1 || context < 1) {
      throw new IllegalArgumentException(
          "text examples begin at 0 or later, and there is at least one with at least one token,"
              + " but are asked for from %d, %d of %d tokens".formatted(from, count, context));
    }
    long needed = from + (long) count * context + 1;
    if (needed > corpus.length()) {
      throw new DataException(
          "%s has %,d characters; %,d examples of %,d need %,d"
              .formatted(corpus.name(), corpus.length(), count, context, needed));
    }
  }

  @Override
  public ExampleBatch batch(Precision precision, int... indices) {
    long[] inputs = new long[Math.multiplyExact(indices.length, context)];
    long[] classes = new long[inputs.length];
    for (int i = 0; i < indices.length; i++) {
      Objects.checkIndex(indices[i], count);
      int[] piece = corpus.tokens(from + indices[i] * context, context + 1);
      for (int t = 0; t < context; t++) {
        inputs[i * context + t] = piece[t];
        classes[i * context + t] = piece[t + 1];
      }
    }
    return new ExampleBatch(
        torch.tensor(inputs).reshape(indices.length, context),
        torch.tensor(classes).reshape(indices.length, context));
  }
}
