package org.widthwise.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Java in the pages of {@code docs/} is that of tests. A page says before a block where it is from:
 * {@code <!-- example: path/of/Test.java name -->}; in the test the lines between {@code // name:
 * begin} and {@code // name: end} are the block, but for their indentation.
 */
final class DocumentedExamplesTest {

  private static final Pattern EXAMPLE =
      Pattern.compile(
          "<!-- example: (?<source>\\S+) (?<name>\\S+) -->\\n```java\\n(?<code>.*?)```",
          Pattern.DOTALL);

  static final List<Path> PAGES = pages();

  private static List<Path> pages() {
    try (Stream<Path> files = Files.list(Repository.path("docs"))) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @ParameterizedTest
  @FieldSource("PAGES")
  void examplesAreThoseOfTheirTests(Path page) {
    Matcher example = EXAMPLE.matcher(Repository.read(page));
    while (example.find()) {
      assertThat(example.group("code"))
          .as("%s in %s", example.group("name"), page.getFileName())
          .isEqualTo(region(example.group("source"), example.group("name")));
    }
  }

  @Test
  void guidesHoldNoOtherJava() {
    for (String page : List.of("check-your-network.md", "from-mup.md", "monitor.md")) {
      String text = Repository.read(Repository.path("docs", page));
      List<String> named = new ArrayList<>();
      Matcher example = EXAMPLE.matcher(text);
      while (example.find()) {
        named.add(example.group("name"));
      }
      assertThat(named).as(page).isNotEmpty().hasSize(text.split("```java\\n", -1).length - 1);
    }
  }

  private static String region(String source, String name) {
    String text = Repository.read(Repository.path(source));
    String begin = "// " + name + ": begin\n";
    String end = "// " + name + ": end\n";
    assertThat(text).as(source).contains(begin).contains(end);
    List<String> lines =
        text.substring(text.indexOf(begin) + begin.length(), text.indexOf(end)).lines().toList();
    // The last one is what stands before the end's comment.
    List<String> code = lines.subList(0, lines.size() - 1);
    int indentation =
        code.stream()
            .filter(line -> !line.isBlank())
            .mapToInt(line -> line.length() - line.stripLeading().length())
            .min()
            .orElse(0);
    return code.stream()
            .map(line -> line.isBlank() ? "" : line.substring(indentation))
            .collect(Collectors.joining("\n"))
            .stripTrailing()
        + "\n";
  }
}
