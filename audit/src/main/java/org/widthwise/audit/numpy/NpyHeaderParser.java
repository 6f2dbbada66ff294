package org.widthwise.audit.numpy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;

/** Reads the literal of a Python dictionary that is a header, and no other Python. */
final class NpyHeaderParser {

  private static final int MOST_DIMENSIONS = 64;
  private static final int DEEPEST = 32;
  private static final String SHAPE =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } for one";

  private final Path file;
  private final String where;
  private final String text;
  private int at;
  private @Nullable String descr;
  private @Nullable Boolean fortranOrder;
  private @Nullable List<Long> shape;

  NpyHeaderParser(Path file, String where, String text) {
    this.file = file;
    this.where = where;
    this.text = text;
  }

  NpyHeader parse(int dataStart) {
    expect('{');
    while (!skip('}')) {
      String key = string();
      expect(':');
      boolean twice =
          switch (key) {
            case "descr" -> {
              boolean again = descr != null;
              descr = descr();
              yield again;
            }
            case "fortran_order" -> {
              boolean again = fortranOrder != null;
              fortranOrder = bool();
              yield again;
            }
            case "shape" -> {
              boolean again = shape != null;
              shape = shape();
              yield again;
            }
            default -> throw malformed("the key " + UntrustedText.quote(key) + " is unknown");
          };
      if (twice) {
        throw malformed("the key " + UntrustedText.quote(key) + " comes twice");
      }
      if (!skip(',')) {
        expect('}');
        break;
      }
    }
    blanks();
    if (at < text.length()) {
      throw malformed("more text follows");
    }
    if (descr == null || fortranOrder == null || shape == null) {
      throw malformed("lacks a key");
    }
    return new NpyHeader(descr, fortranOrder, shape, dataStart);
  }

  /** A string; or a structure's list of fields, as it is written. */
  private String descr() {
    if (peek() == '\'' || peek() == '"') {
      return string();
    }
    int start = at;
    nested(0);
    return text.substring(start, at);
  }

  private void nested(int depth) {
    char open = peek();
    if (depth > DEEPEST) {
      throw malformed("the type is nested deeper than " + DEEPEST);
    }
    if (open == '[' || open == '(') {
      char close = open == '[' ? ']' : ')';
      at++;
      while (!skip(close)) {
        nested(depth + 1);
        if (!skip(',')) {
          expect(close);
          return;
        }
      }
    } else if (open == '\'' || open == '"') {
      string();
    } else {
      integer();
    }
  }

  private boolean bool() {
    blanks();
    for (boolean value : new boolean[] {true, false}) {
      String word = value ? "True" : "False";
      if (text.startsWith(word, at)) {
        at += word.length();
        return value;
      }
    }
    throw malformed("must be True or False");
  }

  private List<Long> shape() {
    List<Long> dimensions = new ArrayList<>();
    expect('(');
    while (!skip(')')) {
      if (dimensions.size() == MOST_DIMENSIONS) {
        throw malformed("more dimensions than " + MOST_DIMENSIONS);
      }
      dimensions.add(integer());
      if (!skip(',')) {
        expect(')');
        break;
      }
    }
    return dimensions;
  }

  private long integer() {
    blanks();
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    try {
      long value = Long.parseLong(text.substring(start, at));
      if (at < text.length() && text.charAt(at) == 'L') {
        // Python 2's long integers.
        at++;
      }
      return value;
    } catch (NumberFormatException e) {
      at = start;
      throw malformed("must be an integer from 0 and below 2^63");
    }
  }

  private String string() {
    char quote = peek();
    if (quote != '\'' && quote != '"') {
      throw malformed("must be a string");
    }
    int end = text.indexOf(quote, at + 1);
    if (end < 0) {
      throw malformed("the string has no end");
    }
    String value = text.substring(at + 1, end);
    if (value.indexOf('\\') >= 0) {
      throw malformed("the string has an escape, types and keys have none");
    }
    at = end + 1;
    return value;
  }

  private char peek() {
    blanks();
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private boolean skip(char wanted) {
    if (peek() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  private void expect(char wanted) {
    if (!skip(wanted)) {
      throw malformed("must be '" + wanted + "'");
    }
  }

  private void blanks() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
      at++;
    }
  }

  private MalformedFileException malformed(String problem) {
    return new MalformedFileException(
        file,
        where + ", the array's header at character " + at + ": " + problem + "; must be " + SHAPE);
  }
}
