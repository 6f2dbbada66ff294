package org.widthwise.lab.report;

/** What every page begins with: its title, its styles, and a policy that lets nothing else in. */
final class PageHead {

  private PageHead() {}

  static Html of(String title, StyleSheet styles) {
    return Html.of(
        "head",
        Html.of("meta").with("charset", "utf-8"),
        Html.of("meta")
            .with("http-equiv", "Content-Security-Policy")
            .with(
                "content",
                "default-src 'none'; style-src '%s'; base-uri 'none'; form-action 'none'"
                    .formatted(styles.hash())),
        Html.of("meta")
            .with("name", "viewport")
            .with("content", "width=device-width, initial-scale=1"),
        Html.of("meta").with("name", "color-scheme").with("content", "light dark"),
        Html.of("meta").with("name", "referrer").with("content", "no-referrer"),
        Html.of("title", title),
        new Html.Style(styles.css()));
  }
}
