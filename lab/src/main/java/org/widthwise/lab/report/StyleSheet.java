package org.widthwise.lab.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import org.widthwise.lab.plot.Figures;

/**
 * All styles of the page.
 *
 * @param css the style sheet
 */
record StyleSheet(String css) {

  private static final String RESOURCE = "report.css";

  /** The page's own rules, and those of its pictures. */
  static StyleSheet with(Set<String> rules) {
    try (InputStream in = StyleSheet.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the jar");
      }
      return new StyleSheet(
          "\n%s@media screen and (prefers-color-scheme:dark){:root{%s}}\n%s\n"
              .formatted(
                  new String(in.readAllBytes(), StandardCharsets.UTF_8),
                  Figures.darkThemeCss(),
                  String.join("\n", rules)));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** What a content security policy must name for a browser to apply this and no other style. */
  String hash() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(css.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
