package org.widthwise.lab.data;

import java.nio.file.Path;

/** Where the examples of a data set came from; part of the provenance of every result. */
public sealed interface DataSource {

  /**
   * Says in words where the data came from.
   *
   * @return a phrase such as {@code "files in /data/cifar-10-batches-bin (WIDTHWISE_DATA)"}
   */
  String description();

  /**
   * Tells real data from the stand-in.
   *
   * @return whether these are the real files and not the embedded stand-in
   */
  default boolean isReal() {
    return this instanceof Files;
  }

  /** How the directory of real files was found. */
  enum Origin {
    /** The caller named it, as with {@code --data}. */
    EXPLICIT("given explicitly"),
    /** The environment variable {@value DataLocator#VARIABLE} named it. */
    ENVIRONMENT("from " + DataLocator.VARIABLE),
    /** It lay in the user's cache, where downloads go. */
    CACHE("in the user's cache");

    private final String words;

    Origin(String words) {
      this.words = words;
    }
  }

  /**
   * Real files.
   *
   * @param directory the directory that holds them
   * @param origin how that directory was found
   */
  record Files(Path directory, Origin origin) implements DataSource {
    @Override
    public String description() {
      return "files in " + directory + " (" + origin.words + ")";
    }
  }

  /**
   * The embedded stand-in, made by {@link StandIn}.
   *
   * @param seed the seed it was generated from
   */
  record Embedded(long seed) implements DataSource {
    @Override
    public String description() {
      return "embedded stand-in (synthetic images, seed " + seed + ")";
    }
  }

  /**
   * The embedded stand-in for a text, made by {@link StandInText}.
   *
   * @param seed the seed it was generated from
   */
  record EmbeddedText(long seed) implements DataSource {
    @Override
    public String description() {
      return "embedded stand-in (synthetic text, seed " + seed + ")";
    }
  }
}
