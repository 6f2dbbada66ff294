package org.widthwise.torch.nn;

import java.util.Arrays;

/** A transformer written out in loops over one sequence, in float64. */
record PlainTransformer(
    TransformerShape shape, TransformerMultipliers multipliers, PlainWeights weights) {

  /** The logits {@code [T][vocabulary]} of a sequence. */
  double[][] logits(int... tokens) {
    int width = shape.width();
    double[][] x = new double[tokens.length][width];
    double[] table = weights.get("token_embedding.weight");
    for (int t = 0; t < tokens.length; t++) {
      for (int i = 0; i < width; i++) {
        x[t][i] =
            table[tokens[t] * width + i] + weights.get("position_embedding.weight")[t * width + i];
      }
    }
    for (int block = 0; block < shape.layers(); block++) {
      String path = "blocks." + block + ".";
      add(x, attention(path + "attention", normalized(path + "attention_norm", x)));
      add(x, feedForward(path + "feed_forward", normalized(path + "feed_forward_norm", x)));
    }
    double[][] last = normalized("norm", x);
    double[][] logits = new double[tokens.length][shape.vocabulary()];
    double[] readout = shape.tied() ? table : weights.get("readout.weight");
    for (int t = 0; t < tokens.length; t++) {
      for (int v = 0; v < shape.vocabulary(); v++) {
        for (int i = 0; i < width; i++) {
          logits[t][v] += multipliers.readout() * readout[v * width + i] * last[t][i];
        }
      }
    }
    return logits;
  }

  private void add(double[][] x, double[][] branch) {
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < x[t].length; i++) {
        x[t][i] += multipliers.residual() * branch[t][i];
      }
    }
  }

  private double[][] normalized(String name, double[][] x) {
    double[][] y = new double[x.length][];
    boolean centred = shape.normalization() == Normalization.LAYER;
    for (int t = 0; t < x.length; t++) {
      double mean = centred ? Arrays.stream(x[t]).average().orElseThrow() : 0;
      double square = Arrays.stream(x[t]).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      y[t] = new double[x[t].length];
      for (int i = 0; i < x[t].length; i++) {
        y[t][i] =
            (x[t][i] - mean) / Math.sqrt(square + 1e-5) * weights.get(name + ".weight")[i]
                + (centred ? weights.get(name + ".bias")[i] : 0);
      }
    }
    return y;
  }

  private double[][] attention(String name, double[][] x) {
    int headWidth = shape.width() / shape.heads();
    double[][] output = new double[x.length][];
    double[][][] qkv = new double[3][x.length][];
    for (int t = 0; t < x.length; t++) {
      if (shape.fused()) {
        double[] all = weights.linear(name + ".qkv", x[t]);
        for (int part = 0; part < 3; part++) {
          qkv[part][t] = Arrays.copyOfRange(all, part * shape.width(), (part + 1) * shape.width());
        }
      } else {
        qkv[0][t] = weights.linear(name + ".query", x[t]);
        qkv[1][t] = weights.linear(name + ".key", x[t]);
        qkv[2][t] = weights.linear(name + ".value", x[t]);
      }
    }
    for (int t = 0; t < x.length; t++) {
      double[] mixed = new double[shape.width()];
      for (int head = 0; head < shape.heads(); head++) {
        int from = head * headWidth;
        double[] weight = new double[t + 1];
        double total = 0;
        for (int s = 0; s <= t; s++) {
          double product = 0;
          for (int i = from; i < from + headWidth; i++) {
            product += qkv[0][t][i] * qkv[1][s][i];
          }
          weight[s] = Math.exp(multipliers.attention() * product);
          total += weight[s];
        }
        for (int s = 0; s <= t; s++) {
          for (int i = from; i < from + headWidth; i++) {
            mixed[i] += weight[s] / total * qkv[2][s][i];
          }
        }
      }
      output[t] = weights.linear(name + ".output", mixed);
    }
    return output;
  }

  private double[][] feedForward(String name, double[][] x) {
    double[][] output = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      double[] inner = weights.linear(name + ".up", x[t]);
      if (shape.feedForward() == FeedForward.SWIGLU) {
        double[] gate = weights.linear(name + ".gate", x[t]);
        for (int i = 0; i < inner.length; i++) {
          inner[i] *= gate[i] / (1 + Math.exp(-gate[i]));
        }
      } else {
        for (int i = 0; i < inner.length; i++) {
          inner[i] *= (1 + erf(inner[i] / Math.sqrt(2))) / 2;
        }
      }
      output[t] = weights.linear(name + ".down", inner);
    }
    return output;
  }

  /** By its power series, whose cancellation leaves 10⁻¹² for arguments up to 3. */
  private static double erf(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-18; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }
}
