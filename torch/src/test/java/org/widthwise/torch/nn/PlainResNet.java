package org.widthwise.torch.nn;

import java.util.Arrays;

/** A residual network written out in loops over a batch, in float64, in training. */
record PlainResNet(ResNetShape shape, double residualMultiplier, PlainWeights weights) {

  /** Channels by height by width of each image: {@code [B][channels][height][width]}. */
  double[][] logits(double[][][][] images) {
    double[][][][] x = relu(normalized("bn1", convolved("conv1", images, 3, 1)));
    for (int stage = 0; stage < shape.blocks().size(); stage++) {
      for (int block = 0; block < shape.blocks().get(stage); block++) {
        x = block("layer" + (stage + 1) + "." + block, x, stage > 0 && block == 0 ? 2 : 1);
      }
    }
    double[][] logits = new double[x.length][];
    for (int b = 0; b < x.length; b++) {
      double[] mean = new double[x[b].length];
      for (int c = 0; c < mean.length; c++) {
        mean[c] = Arrays.stream(x[b][c]).flatMapToDouble(Arrays::stream).average().orElseThrow();
      }
      logits[b] = weights.linear("fc", mean);
    }
    return logits;
  }

  private double[][][][] block(String name, double[][][][] x, int stride) {
    double[][][][] inner =
        relu(normalized(name + ".bn1", convolved(name + ".conv1", x, 3, stride)));
    double[][][][] branch = normalized(name + ".bn2", convolved(name + ".conv2", inner, 3, 1));
    double[][][][] shortcut =
        stride == 1
            ? x
            : normalized(name + ".downsample.1", convolved(name + ".downsample.0", x, 1, stride));
    double[][][][] sum = new double[x.length][branch[0].length][branch[0][0].length][];
    for (int b = 0; b < x.length; b++) {
      for (int c = 0; c < branch[b].length; c++) {
        for (int i = 0; i < branch[b][c].length; i++) {
          sum[b][c][i] = new double[branch[b][c][i].length];
          for (int j = 0; j < sum[b][c][i].length; j++) {
            sum[b][c][i][j] = shortcut[b][c][i][j] + residualMultiplier * branch[b][c][i][j];
          }
        }
      }
    }
    return relu(sum);
  }

  private static double[][][][] relu(double[][][][] x) {
    for (double[][][] image : x) {
      for (double[][] channel : image) {
        for (double[] row : channel) {
          for (int j = 0; j < row.length; j++) {
            row[j] = Math.max(0, row[j]);
          }
        }
      }
    }
    return x;
  }

  private double[][][][] convolved(String name, double[][][][] x, int side, int stride) {
    double[] kernel = weights.get(name + ".weight");
    int fanIn = x[0].length;
    int fanOut = kernel.length / (fanIn * side * side);
    int height = x[0][0].length;
    int width = x[0][0][0].length;
    double[][][][] y =
        new double[x.length][fanOut][(height - 1) / stride + 1][(width - 1) / stride + 1];
    for (int b = 0; b < x.length; b++) {
      for (int o = 0; o < fanOut; o++) {
        for (int i = 0; i < y[b][o].length; i++) {
          for (int j = 0; j < y[b][o][i].length; j++) {
            for (int c = 0; c < fanIn; c++) {
              for (int u = 0; u < side; u++) {
                for (int v = 0; v < side; v++) {
                  int row = i * stride + u - side / 2;
                  int column = j * stride + v - side / 2;
                  if (row >= 0 && row < height && column >= 0 && column < width) {
                    y[b][o][i][j] +=
                        kernel[((o * fanIn + c) * side + u) * side + v] * x[b][c][row][column];
                  }
                }
              }
            }
          }
        }
      }
    }
    return y;
  }

  private double[][][][] normalized(String name, double[][][][] x) {
    int channels = x[0].length;
    if (shape.normalization() instanceof ChannelNormalization.Group group) {
      int size = channels / group.groups();
      for (double[][][] image : x) {
        for (int from = 0; from < channels; from += size) {
          normalize(name, new double[][][][] {image}, from, from + size);
        }
      }
    } else {
      for (int c = 0; c < channels; c++) {
        normalize(name, x, c, c + 1);
      }
    }
    return x;
  }

  /** Brings some channels of some images to mean 0 and variance 1 together, then gain and bias. */
  private void normalize(String name, double[][][][] images, int from, int to) {
    double[] all =
        Arrays.stream(images)
            .flatMap(image -> Arrays.stream(image, from, to))
            .flatMap(Arrays::stream)
            .flatMapToDouble(Arrays::stream)
            .toArray();
    double mean = Arrays.stream(all).average().orElseThrow();
    double variance = Arrays.stream(all).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    for (double[][][] image : images) {
      for (int c = from; c < to; c++) {
        for (double[] row : image[c]) {
          for (int j = 0; j < row.length; j++) {
            row[j] =
                (row[j] - mean) / Math.sqrt(variance + 1e-5) * weights.get(name + ".weight")[c]
                    + weights.get(name + ".bias")[c];
          }
        }
      }
    }
  }
}
