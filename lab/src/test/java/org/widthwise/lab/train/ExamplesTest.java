package org.widthwise.lab.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.lab.data.DataException;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.data.StandIn;
import org.widthwise.lab.data.TextCorpus;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.Tensors;

final class ExamplesTest {

  private final ImageDataset images = StandIn.generate(2, 5);
  private final PointerScope scope = new PointerScope();

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void imagesAreStandardisedByTheFirstOnesTogether() {
    ImageExamples examples = ImageExamples.of(images, 7, true);
    double sum = 0;
    double squares = 0;
    float[] pixels = new float[3072];
    for (int i = 0; i < 7; i++) {
      images.copyPixels(i, pixels, 0);
      for (float pixel : pixels) {
        sum += pixel;
        squares += pixel * pixel;
      }
    }
    double mean = sum / (7 * 3072);
    double deviation = Math.sqrt(squares / (7 * 3072) - mean * mean);
    assertThat(examples.mean()).isCloseTo(mean, within(1e-10));
    assertThat(examples.standardDeviation()).isCloseTo(deviation, within(1e-10));

    ExampleBatch batch = examples.batch(Precision.FLOAT64, 6, 2);
    assertThat(Tensors.shape(batch.inputs())).containsExactly(2, 3072);
    images.copyPixels(2, pixels, 0);
    double[] second = new double[3072];
    batch.inputs().select(0, 1).contiguous().data_ptr_double().get(second);
    for (int k = 0; k < 3072; k++) {
      assertThat(second[k]).isCloseTo((pixels[k] - mean) / deviation, within(1e-12));
    }
    assertThat(batch.classes().select(0, 0).item_long()).isEqualTo(images.label(6));
    assertThat(batch.classes().select(0, 1).item_long()).isEqualTo(images.label(2));
  }

  @Test
  void anImageKeepsItsAxesWhereTheNetworkTakesThem() {
    Tensor flat = ImageExamples.of(images, 20, true).batch(Precision.FLOAT32, 3).inputs();
    Tensor planar = ImageExamples.of(images, 20, false).batch(Precision.FLOAT32, 3).inputs();
    assertThat(Tensors.shape(planar)).containsExactly(1, 3, 32, 32);
    assertThat(planar.reshape(1, 3072).equal(flat)).isTrue();
  }

  @Test
  void heldOutImagesAreStandardisedByThoseOfTheTraining() {
    TrainingData data =
        TrainingData.images(images, Optional.of(StandIn.generate(1, 6)), Optional.of(7), true);
    assertThat(data.training().count()).isEqualTo(7);
    ImageExamples heldOut = (ImageExamples) data.heldOut().orElseThrow();
    assertThat(heldOut.count()).isEqualTo(10);
    assertThat(heldOut.mean()).isEqualTo(ImageExamples.of(images, 7, true).mean());
    assertThatThrownBy(() -> TrainingData.images(images, Optional.empty(), Optional.of(21), true))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("20 images")
        .hasMessageContaining("not 21");
  }

  @Test
  void whatComesAfterTheTrainingIsHeldOutWhereThereIsNothingElse() {
    TrainingData data = TrainingData.images(images, Optional.empty(), Optional.of(7), true);
    ImageExamples heldOut = (ImageExamples) data.heldOut().orElseThrow();
    assertThat(heldOut.count()).isEqualTo(13);
    Tensor all =
        new ImageExamples(images, 0, 20, true, heldOut.mean(), heldOut.standardDeviation())
            .batch(Precision.FLOAT32, 7, 19)
            .inputs();
    ExampleBatch batch = heldOut.batch(Precision.FLOAT32, 0, 12);
    assertThat(batch.inputs().equal(all)).isTrue();
    assertThat(batch.classes().select(0, 1).item_long()).isEqualTo(images.label(19));
    assertThat(heldOut.mean()).isEqualTo(ImageExamples.of(images, 7, true).mean());
    assertThatThrownBy(() -> heldOut.batch(Precision.FLOAT32, 13))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(TrainingData.images(images, Optional.empty(), Optional.empty(), true).heldOut())
        .isEmpty();
  }

  @Test
  void theClassOfATokenIsTheNextOne(@TempDir Path directory) throws IOException {
    String text = "abcdefghij".repeat(4);
    TextCorpus corpus = TextCorpus.read(Files.writeString(directory.resolve("a.txt"), text));
    TrainingData data = TrainingData.text(corpus, 5, Optional.empty());
    // 36 characters to train on: 7 examples of 5, the last of which ends with the 36th as a class.
    assertThat(data.training().count()).isEqualTo(7);
    assertThat(data.heldOut()).isEmpty();
    ExampleBatch batch = data.training().batch(Precision.FLOAT32, 6, 1);
    long[] inputs = new long[10];
    long[] classes = new long[10];
    batch.inputs().data_ptr_long().get(inputs);
    batch.classes().data_ptr_long().get(classes);
    assertThat(inputs).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(classes).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 0);

    TrainingData shorter = TrainingData.text(corpus, 3, Optional.of(2));
    assertThat(shorter.training().count()).isEqualTo(2);
    assertThat(shorter.heldOut().orElseThrow().count()).isEqualTo(1);
    assertThat(
            shorter
                .heldOut()
                .orElseThrow()
                .batch(Precision.FLOAT32, 0)
                .inputs()
                .equal(torch.tensor(new long[] {6, 7, 8}).reshape(1, 3)))
        .isTrue();
    assertThatThrownBy(() -> TrainingData.text(corpus, 5, Optional.of(8)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("7 examples of 5, not 8");
    assertThatThrownBy(() -> TrainingData.text(corpus, 50, Optional.empty()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("40 characters")
        .hasMessageContaining("need 51");
  }
}
