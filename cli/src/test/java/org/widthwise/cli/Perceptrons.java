package org.widthwise.cli;

/** Descriptions of a perceptron of three layers with biases, from 3072 to 10 features. */
final class Perceptrons {

  private Perceptrons() {}

  static String json(int firstWidth, int secondWidth) {
    return """
    {"parameters":[
      {"name":"fc1.weight","shape":[%1$d,3072]},
      {"name":"fc1.bias","shape":[%1$d]},
      {"name":"fc2.weight","shape":[%2$d,%1$d]},
      {"name":"fc2.bias","shape":[%2$d]},
      {"name":"fc3.weight","shape":[10,%2$d]},
      {"name":"fc3.bias","shape":[10]}]}
    """
        .formatted(firstWidth, secondWidth);
  }
}
