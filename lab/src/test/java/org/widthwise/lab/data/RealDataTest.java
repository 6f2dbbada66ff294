package org.widthwise.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Reads the real files, where the environment names them. */
@EnabledIfEnvironmentVariable(named = DataLocator.VARIABLE, matches = ".+")
class RealDataTest {
  private final DataLocator locator = DataLocator.ofSystem();

  @Test
  void cifar10HasItsPublishedMoments() {
    ImageDataset data = locator.cifar10(null, Split.TRAIN);
    assertThat(data.count() % 10_000).isZero();
    assertThat(data.source()).isInstanceOf(DataSource.Files.class);
    // Per-channel means of the whole training set; each batch of 10,000 is near them.
    double[] published = {0.4914, 0.4822, 0.4465};
    double[] sums = new double[3];
    float[] pixels = new float[3072];
    for (int i = 0; i < data.count(); i++) {
      data.copyPixels(i, pixels, 0);
      for (int k = 0; k < 3072; k++) {
        sums[k / 1024] += pixels[k];
      }
    }
    for (int c = 0; c < 3; c++) {
      assertThat(sums[c] / (255.0 * 1024 * data.count())).isCloseTo(published[c], within(0.005));
    }
    assertThat(TwoClassTask.draw(data, 200, 1, 0).targets()).hasSize(200).contains(1f, -1f);
  }

  @Test
  void mnistTestSetHasItsPublishedClassCounts() {
    Path directory = Path.of(System.getenv(DataLocator.VARIABLE));
    assumeThat(Mnist.find(directory, Split.TEST)).isPresent();
    ImageDataset data = locator.mnist(null, Split.TEST);
    int[] counts = new int[10];
    IntStream.range(0, data.count()).forEach(i -> counts[data.label(i)]++);
    assertThat(counts).containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
    assertThat(data.features()).isEqualTo(784);
  }

  @Test
  void textsDecodeToThemselves() {
    Path directory = Path.of(System.getenv(DataLocator.VARIABLE));
    assumeThat(TextCorpus.find(directory)).isNotEmpty();
    TextCorpus corpus = locator.text(null);
    String head = corpus.decode(corpus.tokens(0, Math.min(1000, corpus.length())));
    assertThat(corpus.decode(corpus.encode(head))).isEqualTo(head);
    if (corpus.name().equals("tinyshakespeare.txt")) {
      assertThat(corpus.length()).isEqualTo(1_115_394);
      assertThat(corpus.vocabularySize()).isEqualTo(65);
    }
  }
}
