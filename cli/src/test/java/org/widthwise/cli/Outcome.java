package org.widthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What a command line did: its exit code and what it wrote. */
record Outcome(int code, String out, String err) {

  static Outcome of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code;
    try (PrintWriter outWriter = new PrintWriter(out);
        PrintWriter errWriter = new PrintWriter(err)) {
      code = Main.execute(outWriter, errWriter, args);
    }
    return new Outcome(code, out.toString(), err.toString());
  }

  /** Asserts that it went well. */
  static Outcome good(String... args) {
    Outcome outcome = of(args);
    assertThat(outcome.code()).as("%s", outcome).isZero();
    return outcome;
  }

  /** Asserts that it was refused as bad input, by one line and without results. */
  static Outcome refused(String... args) {
    Outcome outcome = of(args);
    assertThat(outcome.code()).as("%s", outcome).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines()).as("%s", outcome).hasSize(1);
    assertThat(outcome.err())
        .startsWith("widthwise: ")
        .endsWith("\n")
        .doesNotContain("Exception", "\tat ", "WIDTHWISE_DEBUG", "REDACTED", "null:", ": null");
    assertThat(outcome.err().length()).isLessThan(600);
    return outcome;
  }

  JsonNode json() throws JsonProcessingException {
    return new ObjectMapper().readTree(out);
  }

  static List<String> keys(JsonNode object) {
    List<String> keys = new ArrayList<>();
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      keys.add(names.next());
    }
    return keys;
  }
}
