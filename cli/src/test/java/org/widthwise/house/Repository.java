package org.widthwise.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The repository's files, for tests that compare them with the code. */
final class Repository {

  /** Those with classes that others may use; bench stands on top of all and is seen by none. */
  static final List<String> MODULES =
      List.of("core", "audit", "torch", "djl", "lab", "sweep", "cli");

  private static final Path ROOT = findRoot();

  private Repository() {}

  private static Path findRoot() {
    Path directory = Path.of("").toAbsolutePath();
    while (!MODULES.stream().map(directory::resolve).allMatch(Files::isDirectory)) {
      Path parent = directory.getParent();
      if (parent == null) {
        throw new IllegalStateException("no repository above " + Path.of("").toAbsolutePath());
      }
      directory = parent;
    }
    return directory;
  }

  static Path path(String first, String... more) {
    return ROOT.resolve(Path.of(first, more));
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Every Java file below a module's {@code src/main} or {@code src/test}. */
  static List<Path> sources(String module, String kind) {
    Path directory = path(module, "src", kind, "java");
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
