package org.widthwise.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A page in a browser, and what is asked of every page that this program writes. */
final class PageInBrowser implements AutoCloseable {

  /** What WCAG 2 asks for of text (level AA). */
  private static final double LEAST_CONTRAST = 4.5;

  private final Browser browser;
  private final String words;

  private PageInBrowser(Browser browser, String words) {
    this.browser = browser;
    this.words = words;
  }

  /**
   * Opens a page from a file with an awkward name; skips the tests where there is no browser.
   *
   * @param html the page
   * @param words declarations in JavaScript that {@link #ask} and {@link #act} know
   * @param directory for the file and what the browser keeps
   */
  static PageInBrowser open(String html, String words, Path directory) throws Exception {
    Optional<Path> program = Browser.installed();
    assumeTrue(
        program.isPresent(),
        "no chromium, chromium-browser or google-chrome on the PATH: the page was not looked at");
    Path file = directory.resolve("a näme & so on.html");
    Files.writeString(file, html);
    Browser browser = Browser.start(program.orElseThrow(), directory);
    for (String domain : List.of("Page", "Network", "Log", "Runtime")) {
      browser.call(domain + ".enable", Map.of());
    }
    browser.open(file);
    return new PageInBrowser(browser, words);
  }

  /** Calls a method of the protocol. */
  JsonNode call(String method, Map<String, ?> parameters) throws Exception {
    return browser.call(method, parameters);
  }

  /** The value of an expression in the page. */
  JsonNode evaluate(String expression) throws Exception {
    return browser.evaluate(expression);
  }

  /** The value of an expression in the page that may use the words. */
  JsonNode ask(String expression) throws Exception {
    return act("", expression);
  }

  /** Does something by statements that may use the words, and gives the value of an expression. */
  JsonNode act(String statements, String expression) throws Exception {
    return evaluate("(() => {%s %s; return (%s); })()".formatted(words, statements, expression));
  }

  /** The text of an element. */
  String text(String id) throws Exception {
    return evaluate("document.getElementById('%s').textContent".formatted(id)).asText();
  }

  /** Gives the window a width in pixels and the reader a preference for light or dark. */
  void showAs(int width, String scheme) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", width < 500));
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Presses a key that types nothing, and lets it go. */
  void press(String key) throws Exception {
    press(key, Map.of());
  }

  /** Goes to the next thing that can have the focus. */
  void pressTabulator() throws Exception {
    press("Tab", Map.of("windowsVirtualKeyCode", 9));
  }

  /** Presses the focused button. */
  void pressEnter() throws Exception {
    press("Enter", Map.of("windowsVirtualKeyCode", 13, "text", "\r"));
  }

  private void press(String key, Map<String, Object> more) throws Exception {
    for (String type : List.of("keyDown", "keyUp")) {
      Map<String, Object> event = new HashMap<>(more);
      event.putAll(Map.of("type", type, "key", key, "code", key));
      if (type.equals("keyUp")) {
        event.remove("text");
      }
      call("Input.dispatchKeyEvent", event);
    }
  }

  /** Asserts that nothing but the file was fetched, and that the browser has no complaint. */
  void assertFetchesNothing() {
    assertThat(browser.events("Network.requestWillBeSent"))
        .hasSize(1)
        .allSatisfy(
            event -> assertThat(event.path("request").path("url").asText()).startsWith("file:"));
    assertThat(browser.events("Log.entryAdded")).isEmpty();
    assertThat(browser.events("Runtime.consoleAPICalled")).isEmpty();
    assertThat(browser.events("Runtime.exceptionThrown")).isEmpty();
    assertThat(browser.events("Page.javascriptDialogOpening")).isEmpty();
  }

  /** Asserts that no script but the page's own runs: the policy is in force, not merely there. */
  void assertRunsNoForeignScript() throws Exception {
    evaluate(
        """
        (() => {
          const script = document.createElement('script');
          script.textContent = 'window.ran = 1';
          document.body.append(script);
          script.remove();
        })()
        """);
    assertThat(evaluate("window.ran === undefined").asBoolean()).isTrue();
  }

  /** Asserts that it fits its window. */
  void assertFits(int width) throws Exception {
    assertThat(evaluate("document.scrollingElement.scrollWidth").asInt())
        .isLessThanOrEqualTo(width);
  }

  /** Asserts that so many texts at least stand out from what is behind them, in details too. */
  void assertContrasts(int atLeast) throws Exception {
    JsonNode texts =
        evaluate(
            """
            (() => {
              const numbers = colour => colour.match(/[0-9.]+/g).map(Number);
              const light = colour => {
                const [r, g, b] = numbers(colour).slice(0, 3).map(c => c / 255)
                  .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const opaque = colour => numbers(colour).length === 3 || numbers(colour)[3] === 1;
              const behind = element => {
                for (let e = element; e; e = e.parentElement) {
                  const panel = e.tagName === 'svg' && e.querySelector(':scope > path');
                  const colour = panel ? getComputedStyle(panel).fill
                    : getComputedStyle(e).backgroundColor;
                  if (opaque(colour)) return colour;
                }
                return 'rgb(255, 255, 255)';
              };
              const unseen = ['script', 'noscript', 'option', 'style', 'title', 'desc'];
              const opened = [...document.querySelectorAll('details:not([open])')];
              opened.forEach(one => one.open = true);
              const found = [];
              for (const e of document.body.querySelectorAll('*')) {
                const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
                if (!own || unseen.includes(e.tagName.toLowerCase())) continue;
                const style = getComputedStyle(e);
                const colour = e.closest('svg') ? style.fill : style.color;
                const a = light(colour), b = light(behind(e));
                const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                found.push([contrast, e.tagName + '.' + e.getAttribute('class'), colour,
                  e.textContent.slice(0, 40)]);
              }
              opened.forEach(one => one.open = false);
              return found;
            })()
            """);
    assertThat(texts.size()).isGreaterThan(atLeast);
    for (JsonNode text : texts) {
      assertThat(text.get(0).asDouble()).as(text.toString()).isGreaterThan(LEAST_CONTRAST);
    }
  }

  @Override
  public void close() {
    browser.close();
  }
}
