package org.widthwise.lab.parity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What another program got: the losses before each of 50 steps and after the last. How, stands in
 * {@code make_fixtures.py} beside the files.
 *
 * @param model {@code mlp}, {@code untied} or {@code tied}
 * @param options of the other program's optimizer
 * @param node the losses by precision
 */
record Curve(String model, JsonNode options, JsonNode node) {

  static Stream<Curve> all() {
    try (InputStream in = Objects.requireNonNull(Curve.class.getResourceAsStream("curves.json"))) {
      JsonNode curves = new ObjectMapper().readTree(in).path("curves");
      return StreamSupport.stream(curves.spliterator(), false)
          .map(curve -> new Curve(curve.path("model").asText(), curve.path("options"), curve));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The file with the weights that the run began with. */
  static Path weights(String model) {
    try {
      URL url = Objects.requireNonNull(Curve.class.getResource(model + ".safetensors"));
      return Path.of(url.toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  String optimizer() {
    return options.path("optimizer").asText();
  }

  double number(String option) {
    JsonNode value = options.path(option);
    if (!value.isNumber()) {
      throw new IllegalStateException("no number '%s' in %s".formatted(option, options));
    }
    return value.asDouble();
  }

  boolean flag(String option) {
    return options.path(option).asBoolean();
  }

  double[] losses(ScalarType precision) {
    JsonNode losses = node.path(precision == ScalarType.Double ? "float64" : "float32");
    return StreamSupport.stream(losses.spliterator(), false)
        .flatMapToDouble(loss -> DoubleStream.of(loss.doubleValue()))
        .toArray();
  }

  /** The largest difference of a loss from this curve's, relative to this curve's. */
  double deviation(ScalarType precision, double[] losses) {
    double[] expected = losses(precision);
    if (expected.length != losses.length) {
      throw new IllegalStateException(
          "%d losses, but %d in the file".formatted(losses.length, expected.length));
    }
    double largest = 0;
    for (int i = 0; i < losses.length; i++) {
      double deviation = Math.abs(losses[i] - expected[i]) / expected[i];
      // Not a number is as far away as can be.
      largest = deviation <= largest ? largest : deviation;
    }
    return largest;
  }

  @Override
  public String toString() {
    return "%s %s".formatted(model, options);
  }
}
