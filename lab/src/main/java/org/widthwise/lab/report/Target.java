package org.widthwise.lab.report;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.widthwise.lab.experiment.PaperItem;

/** Where a link may lead: to a place within the page, or to a file beside it. */
record Target(String reference) {

  /** The element with an identifier. */
  static Target place(String identifier) {
    return new Target("#" + identifier);
  }

  /** A file in the directory of the page; the dot keeps a colon in its name from being a scheme. */
  static Target file(Path file) {
    String name = String.valueOf(file.getFileName());
    return new Target("./" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
  }

  /** The identifier of an item's section: letters, digits and hyphens, different for each. */
  static String identifier(PaperItem item) {
    StringBuilder identifier = new StringBuilder("item-");
    item.id()
        .codePoints()
        .forEach(
            character -> {
              if ((character >= 'a' && character <= 'z')
                  || (character >= '0' && character <= '9')
                  || character == '-') {
                identifier.appendCodePoint(character);
              } else {
                identifier.append(String.format(Locale.ROOT, "_%x_", character));
              }
            });
    return identifier.toString();
  }
}
