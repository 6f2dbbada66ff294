package org.widthwise.lab.train;

import java.util.Optional;
import org.widthwise.lab.data.DataException;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.TextCorpus;

/**
 * What a network is trained on and judged by.
 *
 * @param name of the data set
 * @param description what exactly it is and where it came from, in one line
 * @param digest SHA-256 of what was read
 * @param classes how many classes, or characters, there are
 * @param training the examples of the training
 * @param heldOut examples that it never sees; empty where there are none
 */
public record TrainingData(
    String name,
    String description,
    String digest,
    int classes,
    Examples training,
    Optional<Examples> heldOut) {

  /** The most examples that are held out: enough to tell losses apart by a few hundredths. */
  public static final int MOST_HELD_OUT = 1000;

  /** A text's end that is held out: one part in so many. */
  private static final int HELD_OUT_PART = 10;

  /**
   * Images and their classes.
   *
   * @param dataset the images to train on, in file order
   * @param test the images to hold out, of which the first {@value #MOST_HELD_OUT} are taken; if
   *     there are none, the training images that come after those to train on are held out
   * @param count how many of the training images to take, the first ones; empty for all
   * @param flat whether the network takes images as vectors
   * @return the data
   * @throws DataException if there are fewer images, or all their pixels are equal
   */
  public static TrainingData images(
      ImageDataset dataset, Optional<ImageDataset> test, Optional<Integer> count, boolean flat) {
    ImageExamples training = ImageExamples.of(dataset, count.orElse(dataset.count()), flat);
    return new TrainingData(
        dataset.name(),
        dataset.source().isReal()
            ? dataset.description() + "; " + dataset.source().description()
            : dataset.description(),
        dataset.digest(),
        dataset.classNames().size(),
        training,
        test.<Examples>map(images -> training.like(images, MOST_HELD_OUT))
            .or(() -> training.following(MOST_HELD_OUT)));
  }

  /**
   * Pieces of a text. The last tenth is held out.
   *
   * @param corpus the text
   * @param context the characters in an example
   * @param count how many examples to train on, the first ones; empty for all
   * @return the data
   * @throws DataException if the text is too short
   */
  public static TrainingData text(TextCorpus corpus, int context, Optional<Integer> count) {
    int heldOutFrom = corpus.length() - corpus.length() / HELD_OUT_PART;
    int all = Math.max(1, (heldOutFrom - 1) / context);
    int wanted = count.orElse(all);
    if (wanted > all) {
      throw new DataException(
          "%s has %,d characters to train on, which make %,d examples of %,d, not %,d"
              .formatted(corpus.name(), heldOutFrom, all, context, wanted));
    }
    TextExamples training = new TextExamples(corpus, 0, wanted, context);
    int rest = (corpus.length() - heldOutFrom - 1) / context;
    return new TrainingData(
        corpus.name(),
        "%s, %,d characters, %d different; %s"
            .formatted(
                corpus.name(),
                corpus.length(),
                corpus.vocabularySize(),
                corpus.source().description()),
        corpus.digest(),
        corpus.vocabularySize(),
        training,
        rest < 1
            ? Optional.empty()
            : Optional.of(
                new TextExamples(corpus, heldOutFrom, Math.min(rest, MOST_HELD_OUT), context)));
  }
}
