package org.widthwise.lab.data;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds data. In this order: the directory given explicitly; the one the environment variable
 * {@value #VARIABLE} names; the user's cache, where downloads go. CIFAR-10 and texts have stand-ins
 * for when none of them is there. A directory that was named but does not hold the data is an
 * error, never a reason to look further: nobody is to mistake synthetic images for real ones.
 */
public final class DataLocator {
  /** The environment variable that names the data directory. */
  public static final String VARIABLE = "WIDTHWISE_DATA";

  private static final String APPLICATION = "widthwise";
  private static final String TEXT_HINT = "text/*.txt";

  private final Function<String, @Nullable String> environment;
  private final Path cache;

  /**
   * Creates a locator over a given environment, for tests and embedding.
   *
   * @param environment looks up an environment variable; null when it is not set
   * @param home the user's home directory
   * @param operatingSystem the name of the operating system, as in the system property {@code
   *     os.name}
   */
  public DataLocator(
      Function<String, @Nullable String> environment, Path home, String operatingSystem) {
    this.environment = environment;
    this.cache = cache(environment, home, operatingSystem);
  }

  /**
   * Creates the locator of this process.
   *
   * @return a locator over the process's environment and the user's home
   */
  public static DataLocator ofSystem() {
    return new DataLocator(
        System::getenv,
        Path.of(System.getProperty("user.home", ".")),
        System.getProperty("os.name", ""));
  }

  /**
   * Returns the user's cache directory: {@code ~/Library/Caches/widthwise} on macOS, {@code
   * %LOCALAPPDATA%\widthwise} on Windows, elsewhere {@code $XDG_CACHE_HOME/widthwise} or {@code
   * ~/.cache/widthwise}.
   *
   * @return the directory, which need not exist
   */
  public Path cache() {
    return cache;
  }

  /**
   * Finds CIFAR-10 or falls back to the stand-in.
   *
   * @param explicit the directory the user named, or null
   * @return where the images are to come from
   * @throws DataException if {@code explicit}, or else {@value #VARIABLE}, names a directory that
   *     is missing or holds no CIFAR-10
   */
  public DataSource cifar10Source(@Nullable Path explicit) {
    Optional<DataSource.Files> files =
        locate(
            explicit,
            "CIFAR-10",
            Cifar10.FOLDER + "/data_batch_1.bin … data_batch_5.bin",
            d -> Cifar10.find(d).isPresent());
    return files.isPresent() ? files.get() : new DataSource.Embedded(StandIn.SEED);
  }

  /**
   * Reads CIFAR-10, or makes the stand-in when there is none.
   *
   * @param explicit the directory the user named, or null
   * @param split which part
   * @return the images; their {@linkplain ImageDataset#source() source} says which it was
   * @throws DataException if a named directory is missing or holds no CIFAR-10, or a file of it is
   *     damaged
   */
  public ImageDataset cifar10(@Nullable Path explicit, Split split) {
    DataSource source = cifar10Source(explicit);
    return source instanceof DataSource.Files files
        ? Cifar10.read(files, split)
        : StandIn.generate(split);
  }

  /**
   * Reads MNIST.
   *
   * @param explicit the directory the user named, or null
   * @param split which part
   * @return the images
   * @throws DataException if there is none in the first directory named, or a file is damaged
   */
  public ImageDataset mnist(@Nullable Path explicit, Split split) {
    String hint =
        "mnist/%s-images-idx3-ubyte and its labels"
            .formatted(split == Split.TRAIN ? "train" : "t10k");
    return locate(explicit, "MNIST", hint, d -> Mnist.find(d, split).isPresent())
        .map(source -> Mnist.read(source, split))
        .orElseThrow(() -> nowhere("MNIST", hint));
  }

  /**
   * Reads a text.
   *
   * @param explicit the text file or the directory the user named, or null
   * @return the corpus
   * @throws DataException if there is none in the first place named, or a file is unreadable
   */
  public TextCorpus text(@Nullable Path explicit) {
    return findText(explicit).orElseThrow(() -> nowhere("text", TEXT_HINT));
  }

  /**
   * Reads a text, or makes the stand-in when there is none.
   *
   * @param explicit the text file or the directory the user named, or null
   * @return the corpus; its {@linkplain TextCorpus#source() source} says which it was
   * @throws DataException if a named place is missing or holds no text, or a file is unreadable
   */
  public TextCorpus textOrStandIn(@Nullable Path explicit) {
    return findText(explicit).orElseGet(StandInText::generate);
  }

  private Optional<TextCorpus> findText(@Nullable Path explicit) {
    return locate(explicit, "text", TEXT_HINT, d -> !TextCorpus.find(d).isEmpty())
        .map(TextCorpus::read);
  }

  private Optional<DataSource.Files> locate(
      @Nullable Path explicit, String what, String hint, Predicate<Path> holds) {
    if (explicit != null) {
      require(explicit, "", what, hint, holds);
      return Optional.of(new DataSource.Files(explicit, DataSource.Origin.EXPLICIT));
    }
    String variable = environment.apply(VARIABLE);
    if (variable != null && !variable.isBlank()) {
      Path directory = path(variable);
      require(directory, VARIABLE + "=", what, hint, holds);
      return Optional.of(new DataSource.Files(directory, DataSource.Origin.ENVIRONMENT));
    }
    return holds.test(cache)
        ? Optional.of(new DataSource.Files(cache, DataSource.Origin.CACHE))
        : Optional.empty();
  }

  private static void require(
      Path path, String prefix, String what, String hint, Predicate<Path> holds) {
    if (!Files.exists(path)) {
      throw new DataException(
          "%s%s does not exist; it must be a directory that holds %s (%s)"
              .formatted(prefix, path, what, hint));
    }
    if (Files.isDirectory(path)) {
      Cifar10.requireDirectory(path);
    }
    if (!holds.test(path)) {
      throw new DataException(
          "%s%s holds no %s; it must hold %s".formatted(prefix, path, what, hint));
    }
  }

  private static Path path(String variable) {
    try {
      return Path.of(variable);
    } catch (InvalidPathException e) {
      throw new DataException(VARIABLE + " is no valid path: " + e.getMessage(), e);
    }
  }

  private DataException nowhere(String what, String hint) {
    return new DataException(
        "no %s found: put %s into %s, or name a directory that holds it, explicitly or by %s"
            .formatted(what, hint, cache, VARIABLE));
  }

  private static Path cache(
      Function<String, @Nullable String> environment, Path home, String operatingSystem) {
    String system = operatingSystem.toLowerCase(Locale.ROOT);
    if (system.startsWith("mac")) {
      return home.resolve("Library").resolve("Caches").resolve(APPLICATION);
    }
    if (system.startsWith("windows")) {
      String local = environment.apply("LOCALAPPDATA");
      Path base =
          local != null && !local.isBlank()
              ? Path.of(local)
              : home.resolve("AppData").resolve("Local");
      return base.resolve(APPLICATION);
    }
    String xdg = environment.apply("XDG_CACHE_HOME");
    // The XDG base directory specification: a relative path is invalid and to be ignored.
    Path base = xdg != null && Path.of(xdg).isAbsolute() ? Path.of(xdg) : home.resolve(".cache");
    return base.resolve(APPLICATION);
  }
}
