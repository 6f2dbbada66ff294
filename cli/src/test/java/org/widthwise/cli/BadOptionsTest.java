package org.widthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words that no command can make sense of: refused by one line, before anything is written. */
final class BadOptionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "fig99 | unknown item 'fig99': known are ",
        "fig2 --widths 0 | a width is between 1 and 2147483647, but one is 0",
        "fig2 --widths 16,-3 | a width is between 1 and 2147483647, but one is -3",
        "fig2 --widths 16,x | '--widths' (N): 'x' is no whole number",
        "fig2 --widths 16,,32 | '--widths' (N): '' is no whole number",
        "fig2 --widths 1.5 | '1.5' is no whole number",
        "fig2 --widths 99999999999999999999 | 99999999999999999999 is too large",
        "fig2 --widths 4294967296 | a width is between 1 and 2147483647, but one is 4294967296",
        "fig2 --widths | Missing required parameter for option '--widths' (N)",
        "fig2 --trials 0 | at least 1 trial is needed, not 0",
        "fig2 --trials -1 | at least 1 trial is needed, not -1",
        "fig2 --trials many | '--trials': 'many' is no whole number",
        "fig2 --steps 0 | at least 1 step is needed, not 0",
        "fig2 --steps 3000000000 | '--steps': 3000000000 is too large, at most 2147483647",
        "fig2 --steps 1e4 | '--steps': '1e4' is no whole number",
        "fig2 --seed 1.5 | '--seed': '1.5' is no whole number",
        "fig2 --threads 0 | --threads must be at least 1, not 0",
        "fig2 --threads two | '--threads': 'two' is no whole number",
        "fig2 --preset huge | '--preset': 'huge' is none of quick, standard, paper",
        "fig2 --format xml | '--format': 'xml' is none of table, json, csv",
        "fig2 --format csv | --format csv: the values are in DIR/<item>.csv; use table or json",
        "fig2 --width 16 | Unknown option: '--width'",
        "fig2 --data /no/such/place | /no/such/place does not exist",
      })
  void reproduceRefuses(String words, String message, @TempDir Path directory) {
    Path out = directory.resolve("out");
    List<String> args = new ArrayList<>(List.of("reproduce"));
    args.addAll(List.of(words.split(" ")));
    args.addAll(List.of("--out", out.toString()));
    if (words.endsWith("--widths")) {
      args.subList(args.size() - 2, args.size()).clear();
    }
    assertThat(Outcome.refused(args.toArray(String[]::new)).err()).contains(message);
    assertThat(out).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"100000", "46000", "2147483647"})
  void reproduceRefusesAbsurdWidthsWithTheMemoryTheyWouldTake(
      String width, @TempDir Path directory) {
    Path out = directory.resolve("out");
    Outcome outcome =
        Outcome.refused(
            "reproduce",
            "fig2",
            "--out",
            out.toString(),
            "--widths",
            "16," + width,
            "--threads",
            "16");
    assertThat(outcome.err())
        .contains("width " + width + " with 16 runs at a time needs about ")
        .containsPattern("about [0-9.]+ GiB of memory, but [0-9.]+ GiB are available");
    assertThat(out).doesNotExist();
  }

  @Test
  void optionsThatNothingWouldHeedAreRefused(@TempDir Path directory) {
    Path out = directory.resolve("out");
    assertThat(
            Outcome.refused("reproduce", "fig2", "--batches", "4", "--out", out.toString()).err())
        .contains("--batches: none of the items has batch sizes");
    assertThat(out).doesNotExist();
  }

  @Test
  void outMustNotBeEmpty() {
    assertThat(Outcome.refused("reproduce", "fig2", "--out", "").err())
        .contains("--out is empty: name a directory");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "foo | unknown command 'foo'; 'widthwise --help' tells more",
        "reprodce | unknown command 'reprodce' (did you mean reproduce",
        "--hlep | Unknown option",
        "draw a b | unexpected argument 'b'",
        "draw /no/such/place | /no/such/place holds no runs",
        "data | say what to do",
        "data fetch | Missing required parameter",
        "data fetch imagenet | unknown data set",
      })
  void otherCommandsRefuse(String words, String message) {
    assertThat(Outcome.refused(words.split(" ")).err()).contains(message);
  }
}
