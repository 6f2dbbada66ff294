package org.widthwise.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PooledImagesTest {

  @Test
  void averagesSquaresOfEachChannelAndStandardisesThemJointly() {
    ImageDataset data = StandIn.generate(20, 7);
    ImageBatch batch = ImageBatch.draw(data, 30, 3, 1);

    float[] inputs = PooledImages.inputs(batch);

    assertThat(PooledImages.features(data)).isEqualTo(48);
    assertThat(inputs).hasSize(30 * 48);
    double[] expected = new double[30 * 48];
    float[] pixels = new float[3072];
    for (int i = 0; i < 30; i++) {
      data.copyPixels(batch.indices()[i], pixels, 0);
      for (int channel = 0; channel < 3; channel++) {
        for (int y = 0; y < 4; y++) {
          for (int x = 0; x < 4; x++) {
            double sum = 0;
            for (int down = 0; down < 8; down++) {
              for (int across = 0; across < 8; across++) {
                sum += pixels[channel * 1024 + (8 * y + down) * 32 + 8 * x + across];
              }
            }
            expected[i * 48 + channel * 16 + y * 4 + x] = sum / 64;
          }
        }
      }
    }
    double mean = 0;
    double squares = 0;
    for (double value : expected) {
      mean += value / expected.length;
      squares += value * value / expected.length;
    }
    double deviation = Math.sqrt(squares - mean * mean);
    for (int k = 0; k < expected.length; k++) {
      // Values of size 1, rounded to float32.
      assertThat((double) inputs[k]).isCloseTo((expected[k] - mean) / deviation, within(1e-6));
    }
  }

  @Test
  void refusesSidesThatAreNoMultipleOfFour() {
    byte[] pixels = new byte[2 * 4 * 6];
    pixels[0] = 1;
    ImageDataset data = grey(4, 6, pixels);
    ImageBatch batch = ImageBatch.draw(data, 2, 0, 0);
    assertThatThrownBy(() -> PooledImages.inputs(batch))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("width", "multiple of 4", "6", "odd");
  }

  @Test
  void refusesImagesWithoutVariation() {
    byte[] pixels = new byte[2 * 16 * 16];
    // Stripes within each square: pixels vary, their averages do not.
    for (int k = 0; k < pixels.length; k += 2) {
      pixels[k] = 8;
    }
    ImageDataset data = grey(16, 16, pixels);
    ImageBatch batch = ImageBatch.draw(data, 2, 0, 0);
    assertThatThrownBy(() -> PooledImages.inputs(batch))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("vary");
  }

  private static ImageDataset grey(int height, int width, byte[] pixels) {
    return new ImageDataset(
        "odd",
        "odd",
        new DataSource.Embedded(0),
        1,
        height,
        width,
        pixels,
        new byte[2],
        List.of("a"),
        "0".repeat(64));
  }
}
