package org.widthwise.lab.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The versions of the project and of what it is built on. */
public final class Versions {

  private Versions() {}

  /**
   * The project's version.
   *
   * @return such as {@code 0.1.0}
   */
  public static String widthwise() {
    return property("widthwise");
  }

  /**
   * The version of the JavaCPP presets of libtorch that the project was built with.
   *
   * @return such as {@code 2.10.0-1.5.13}
   */
  public static String pytorchPresets() {
    return property("pytorch");
  }

  private static String property(String name) {
    Properties properties = new Properties();
    try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return properties.getProperty(name, "unknown");
  }
}
