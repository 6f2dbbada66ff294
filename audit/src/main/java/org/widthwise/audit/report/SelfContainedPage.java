package org.widthwise.audit.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.model.SkippedTensor;

/**
 * A page that needs no network and no other file: a content security policy lets its own style
 * sheet and script run and nothing else. What comes from a checkpoint is data in it: it is put into
 * JSON whose angle brackets are escaped, and the script makes text of it, never markup.
 */
final class SelfContainedPage {

  private SelfContainedPage() {}

  /**
   * Fills a template, whose places are names between at signs.
   *
   * @param name of template and script: {@code NAME.html}, {@code NAME.js}
   * @param styles the names of its style sheets
   * @param data what the script shows
   * @return an HTML document, for UTF-8
   */
  static String html(String name, List<String> styles, Map<String, Object> data) {
    String style =
        styles.stream().map(SelfContainedPage::resource).collect(Collectors.joining("\n"));
    String script = resource(name + ".js");
    Map<String, String> parts =
        Map.of(
            "STYLE", hash(style),
            "SCRIPT", hash(script),
            "CSS", style,
            "JS", script,
            "DATA", json(data));
    StringBuilder page = new StringBuilder();
    // Not replacement by replacement: what was put in may look like a place to fill.
    String[] pieces = resource(name + ".html").split("@", -1);
    for (int i = 0; i < pieces.length; i++) {
      page.append(i % 2 == 0 ? pieces[i] : parts.get(pieces[i]));
    }
    return page.toString();
  }

  /** What was left out, for the data. */
  static List<Map<String, String>> skipped(List<SkippedTensor> all) {
    return all.stream()
        .map(
            skipped ->
                Map.of(
                    "name",
                    UntrustedText.escape(skipped.name()),
                    "reason",
                    UntrustedText.escape(skipped.reason())))
        .toList();
  }

  /** JSON has no word for what is none. */
  static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static String json(Map<String, Object> data) {
    try {
      // Nothing in it may end its element or begin a comment; JSON reads the escapes as the same.
      return JsonMapper.builder()
          .build()
          .writeValueAsString(data)
          .replace("<", "\\u003c")
          .replace(">", "\\u003e")
          .replace("&", "\\u0026");
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String resource(String name) {
    try (InputStream in = SelfContainedPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** What a content security policy must name for a browser to run this and nothing else. */
  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
