package org.widthwise.sweep.export;

import org.jspecify.annotations.Nullable;

/**
 * A column of an exported table: name and type are a contract.
 *
 * @param <R> what a row is made of
 * @param name heads the column
 * @param type of its values
 * @param optional whether values can be missing
 * @param value reads the value of a row
 */
record Column<R>(String name, Type type, boolean optional, Value<R> value) {

  /** What the values of a column are. */
  enum Type {
    /** A {@link String}. */
    TEXT,
    /** An {@link Integer}. */
    INTEGER,
    /** A {@link Long}. */
    LONG,
    /** A {@link Double}, which may be NaN: that is a value. */
    DOUBLE
  }

  /** Reads the value of a row. */
  @FunctionalInterface
  interface Value<R> {
    /** The value, of the column's type; null for a missing one. */
    @Nullable Object of(R row);
  }

  static <R> Column<R> text(String name, Value<R> value) {
    return new Column<>(name, Type.TEXT, false, value);
  }

  static <R> Column<R> integer(String name, Value<R> value) {
    return new Column<>(name, Type.INTEGER, false, value);
  }

  static <R> Column<R> whole(String name, Value<R> value) {
    return new Column<>(name, Type.LONG, false, value);
  }

  static <R> Column<R> number(String name, Value<R> value) {
    return new Column<>(name, Type.DOUBLE, false, value);
  }

  /** Numbers of which some may be missing. */
  static <R> Column<R> numberIfAny(String name, Value<R> value) {
    return new Column<>(name, Type.DOUBLE, true, value);
  }
}
