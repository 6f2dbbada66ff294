package org.widthwise.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.cli.Main;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.PaperItems;
import picocli.CommandLine.ParseResult;

/** Nothing in {@code docs/paper-map.md} dangles, and it leaves nothing out. */
final class PaperMapTest {

  private static final PaperMap MAP = PaperMap.read();

  static final List<PaperMap.Entry> ENTRIES = MAP.entries();

  static final List<String> MODULES = Repository.MODULES;

  @Test
  void hasARowForEachOfManyLabels() {
    assertThat(ENTRIES).hasSizeGreaterThan(20);
    assertThat(ENTRIES).extracting(PaperMap.Entry::label).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @FieldSource("ENTRIES")
  void classesExist(PaperMap.Entry entry) {
    assertThat(entry.classes()).isNotEmpty();
    for (String name : entry.classes()) {
      assertThatCode(() -> Class.forName(name, false, PaperMapTest.class.getClassLoader()))
          .as(name)
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @FieldSource("ENTRIES")
  void testsExistAndTest(PaperMap.Entry entry) {
    assertThat(entry.tests()).isNotEmpty();
    for (String name : entry.tests()) {
      String[] words = name.split("\\.", -1);
      Path source =
          Repository.path(words[2], "src", "test", "java")
              .resolve(name.replace('.', '/') + ".java");
      assertThat(Files.isRegularFile(source)).as("%s exists", source).isTrue();
      assertThat(Repository.read(source)).containsPattern("@(Parameterized)?Test\\b");
    }
  }

  @ParameterizedTest
  @FieldSource("ENTRIES")
  void commandsAreUnderstood(PaperMap.Entry entry) {
    entry.commands().forEach(PaperMapTest::understand);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "widthwise reproduce fig99",
        "widthwise reproduce --no-such-option fig2",
        "widthwise plan --optimizer no-such-rule MODEL",
        "widthwise plan --parametrization no-such --optimizer sgd MODEL",
        "widthwise no-such-command",
      })
  void otherCommandsAreNot(String command) {
    assertThatThrownBy(() -> understand(command)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void everyFigureHasItsCommand() {
    assertThat(PaperItems.all()).isNotEmpty();
    List<String> commands = ENTRIES.stream().flatMap(entry -> entry.commands().stream()).toList();
    for (PaperItem item : PaperItems.all()) {
      assertThat(commands).contains("widthwise reproduce " + item.id());
      assertThat(ENTRIES)
          .as("a row with the class of " + item.id())
          .anyMatch(entry -> entry.classes().contains(item.getClass().getName()));
    }
  }

  @ParameterizedTest
  @FieldSource("MODULES")
  void everyLabelThatTheCodeCitesIsThere(String module) {
    Set<String> mapped = PaperLabels.in(MAP.text());
    List<String> missing = new ArrayList<>();
    for (Path source : Repository.sources(module, "main")) {
      for (String label : PaperLabels.in(Repository.read(source))) {
        if (!mapped.contains(label)) {
          missing.add("%s cites %s".formatted(source.getFileName(), label));
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  /** Without it the test above could pass for want of labels to look for. */
  @Test
  void theCodeCitesManyLabels() {
    Set<String> cited = new TreeSet<>();
    for (String module : MODULES) {
      Repository.sources(module, "main")
          .forEach(source -> cited.addAll(PaperLabels.in(Repository.read(source))));
    }
    assertThat(cited).hasSizeGreaterThan(25).contains("parametrization 1", "eq. 23", "section 3.2");
  }

  @Test
  void labelsAreFoundHoweverTheyAreWritten() {
    assertThat(
            PaperLabels.in(
                "/**\n * See (section\n * 3.2), Eq. 20 and eqs. 23 and 24, appendices D and E."
                    + " RFC 9110, section 14 and a section of data do not count. */"))
        .containsExactlyInAnyOrder(
            "section 3.2", "eq. 20", "eq. 23", "eq. 24", "appendix D", "appendix E");
    assertThat(PaperLabels.in(MAP.text())).contains("eq. 17", "section 5.4", "figure 2", "lemma 1");
  }

  private static void understand(String line) {
    List<String> words = List.of(line.split(" ", -1));
    assertThat(words.get(0)).isEqualTo("widthwise");
    String[] args = words.subList(1, words.size()).toArray(String[]::new);
    ParseResult parsed = Main.commandLine(args).parseArgs(args).subcommand();
    String parametrization = parsed.matchedOptionValue("--parametrization", "spectral");
    assertThat(Parametrizations.named(parametrization).id()).isNotEmpty();
    assertThat(UpdateRules.named(parsed.matchedOptionValue("--optimizer", "sgd")).id())
        .isNotEmpty();
    if (parsed.commandSpec().name().equals("reproduce")) {
      List<String> items = parsed.matchedPositionalValue(0, List.of());
      assertThat(items).isNotEmpty();
      items.forEach(PaperItems::named);
    }
  }
}
