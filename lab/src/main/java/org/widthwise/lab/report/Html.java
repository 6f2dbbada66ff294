package org.widthwise.lab.report;

import java.util.ArrayList;
import java.util.List;
import org.widthwise.lab.plot.InlinePanel;

/**
 * A piece of an HTML page. Whatever is put in as text or as an attribute's value comes out as such:
 * only {@link HtmlWriter} makes characters of it, and it escapes. What needs no escaping has types
 * of its own, {@link Picture} and {@link Style}, which nothing from outside can get into.
 *
 * <p>The obvious library, j2html, is hardly maintained: its newest release that could be found,
 * 1.6.0, is of 2022. It also lets unescaped text, scripts and links of any kind through; what this
 * page needs of it is less than what would guard its use.
 */
sealed interface Html {

  /** Text, whatever characters it has. */
  record Words(String text) implements Html {}

  /** A drawn panel. */
  record Picture(InlinePanel panel) implements Html {}

  /** A style sheet. */
  record Style(String css) implements Html {
    public Style {
      if (css.contains("<")) {
        throw new IllegalArgumentException("a style sheet has no '<', which could end its element");
      }
    }
  }

  /** An attribute. */
  record Attribute(String name, String value) {}

  /** An element; those without a closing tag have no children. */
  record Element(String tag, List<Attribute> attributes, List<Html> children) implements Html {

    public Element {
      attributes = List.copyOf(attributes);
      children = List.copyOf(children);
    }

    /**
     * The same with one more attribute.
     *
     * @throws IllegalArgumentException if it is one by which a page reaches out of itself
     */
    Element with(String name, String value) {
      if (List.of("href", "src", "style", "srcset", "action").contains(name)
          || name.startsWith("on")) {
        throw new IllegalArgumentException("no element of the report has its own " + name);
      }
      return adding(new Attribute(name, value));
    }

    /** The same as a link, which leads where {@link Target} allows. */
    Element to(Target target) {
      return adding(new Attribute("href", target.reference()));
    }

    private Element adding(Attribute attribute) {
      List<Attribute> all = new ArrayList<>(attributes);
      all.add(attribute);
      return new Element(tag, all, children);
    }
  }

  /** Text. */
  static Html text(String text) {
    return new Words(text);
  }

  /** An element without attributes. */
  static Element of(String tag, Html... children) {
    return new Element(tag, List.of(), List.of(children));
  }

  /** An element without attributes. */
  static Element of(String tag, List<? extends Html> children) {
    return new Element(tag, List.of(), List.copyOf(children));
  }

  /** An element that holds text. */
  static Element of(String tag, String text) {
    return of(tag, text(text));
  }

  /** An element of a class. */
  static Element styled(String tag, String styleClass, Html... children) {
    return of(tag, children).with("class", styleClass);
  }

  /** An element of a class that holds text. */
  static Element styled(String tag, String styleClass, String text) {
    return of(tag, text).with("class", styleClass);
  }
}
