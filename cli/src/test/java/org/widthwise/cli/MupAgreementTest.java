package org.widthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code plan --base} prints against what microsoft/mup was measured to do, in function space:
 * every number is that of the plain network without forward multipliers. How the facts were
 * measured stands at the head of their file.
 */
final class MupAgreementTest {

  private static final double ROUNDING = 1e-11;

  private final Path directory;

  MupAgreementTest(@TempDir Path directory) {
    this.directory = directory;
  }

  static Stream<JsonNode> entries() {
    try (InputStream in =
        Objects.requireNonNull(MupAgreementTest.class.getResourceAsStream("mup-1.0.0-mlp.json"))) {
      return StreamSupport.stream(
          new ObjectMapper().readTree(in).path("entries").spliterator(), false);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private JsonNode plan(JsonNode entry, String widths, String parametrization) throws IOException {
    return Outcome.good(
            "plan",
            model(entry.path(widths)),
            "--base",
            model(entry.path("base_hidden")),
            "--parametrization",
            parametrization,
            "--optimizer",
            entry.path("optimizer").asText(),
            "--lr",
            entry.path("learning_rate").asText(),
            "--weight-decay",
            entry.path("global_weight_decay").asText(),
            "--format",
            "json")
        .json()
        .path("parameters");
  }

  private String model(JsonNode widths) throws IOException {
    Path file = directory.resolve("%s.json".formatted(widths));
    return Files.writeString(file, Perceptrons.json(widths.path(0).asInt(), widths.path(1).asInt()))
        .toString();
  }

  @Test
  void theFactsCoverEveryOptimizerAndUnequalWidths() {
    assertThat(entries().map(entry -> entry.path("optimizer").asText()))
        .hasSize(15)
        .contains("sgd", "adam", "adamw");
    assertThat(entries())
        .anyMatch(entry -> entry.path("hidden").toString().equals("[1024,1024]"))
        .anyMatch(entry -> entry.path("hidden").toString().equals("[256,768]"));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void mupIsThatOfMicrosoftMup(JsonNode entry) throws IOException {
    JsonNode plan = plan(entry, "hidden", "mup");
    JsonNode atBase = plan(entry, "base_hidden", "mup");
    JsonNode facts = entry.path("parameters");
    assertThat(plan).hasSameSizeAs(facts).hasSize(6);
    for (int i = 0; i < facts.size(); i++) {
      JsonNode fact = facts.get(i);
      JsonNode row = plan.get(i);
      String name = fact.path("name").asText();
      assertThat(row.path("name").asText()).isEqualTo(name);
      assertThat(row.path("shape")).isEqualTo(fact.path("shape"));
      assertThat(row.path("multiplier").asDouble()).isEqualTo(1);
      if (name.endsWith("weight")) {
        assertClose(
            row.path("init_std").asDouble() / atBase.get(i).path("init_std").asDouble(),
            fact.path("init_std_factor").asDouble(),
            name);
      } else {
        // Where mup draws biases at random, whose size does not depend on width, ours are 0.
        assertThat(row.path("init_std").asDouble()).isZero();
      }
      assertClose(
          row.path("learning_rate").asDouble() / entry.path("learning_rate").asDouble(),
          fact.path("learning_rate_factor").asDouble(),
          name);
      double decay = fact.path("weight_decay").asDouble();
      if (entry.path("optimizer").asText().equals("adam") && name.equals("fc3.weight")) {
        // The one difference: mup's coupled decay, folded, grows with the square of the width here,
        // so that rate times decay does; ours keeps that product.
        double times =
            entry.path("hidden").path(1).asDouble() / entry.path("base_hidden").path(1).asDouble();
        assertClose(decay, 0.01 * times * times, name);
        decay = 0.01 * times;
      }
      assertClose(row.path("weight_decay").asDouble(), decay, name);
    }
  }

  @ParameterizedTest
  @MethodSource("entries")
  void spectralHasTheSameRates(JsonNode entry) throws IOException {
    JsonNode plan = plan(entry, "hidden", "spectral");
    JsonNode facts = entry.path("parameters");
    for (int i = 0; i < facts.size(); i++) {
      assertClose(
          plan.get(i).path("learning_rate").asDouble() / entry.path("learning_rate").asDouble(),
          facts.get(i).path("learning_rate_factor").asDouble(),
          facts.get(i).path("name").asText());
    }
  }

  private static void assertClose(double measured, double expected, String what) {
    assertThat(measured).as(what).isCloseTo(expected, within(ROUNDING * Math.abs(expected)));
  }
}
