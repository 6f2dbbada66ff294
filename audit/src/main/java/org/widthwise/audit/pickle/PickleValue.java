package org.widthwise.audit.pickle;

import java.util.List;

/**
 * A value in a pickle.
 *
 * <p>Values may be shared and lists and dictionaries may hold themselves, so walk them with a limit
 * and never compare, hash or print a whole one.
 */
public sealed interface PickleValue
    permits PickleValue.None,
        PickleValue.Bool,
        PickleValue.Whole,
        PickleValue.Huge,
        PickleValue.Real,
        PickleValue.Text,
        PickleValue.Bytes,
        PickleValue.Global,
        PickleValue.Persistent,
        PickleValue.Tuple,
        PickleValue.Call,
        PickleList,
        PickleDict {

  /** Python's {@code None}. */
  record None() implements PickleValue {}

  /**
   * A truth value.
   *
   * @param value which one
   */
  record Bool(boolean value) implements PickleValue {}

  /**
   * An integer of 64 bits.
   *
   * @param value its value
   */
  record Whole(long value) implements PickleValue {}

  /**
   * An integer beyond 64 bits, whose value nothing needs.
   *
   * @param bytes how many bytes it takes
   */
  record Huge(int bytes) implements PickleValue {}

  /**
   * A float.
   *
   * @param value its value
   */
  record Real(double value) implements PickleValue {}

  /**
   * A string.
   *
   * @param value its value, from outside: to be escaped wherever it is shown
   */
  record Text(String value) implements PickleValue {}

  /**
   * Raw bytes, which nothing needs.
   *
   * @param length how many
   */
  record Bytes(int length) implements PickleValue {}

  /**
   * The name of a class, a function or a constant, and no more than that.
   *
   * @param name module and name, joined by a dot
   */
  record Global(String name) implements PickleValue {}

  /**
   * An object that is stored outside the pickle.
   *
   * @param id what says where
   */
  record Persistent(PickleValue id) implements PickleValue {}

  /**
   * A tuple.
   *
   * @param items its items
   */
  record Tuple(List<PickleValue> items) implements PickleValue {}

  /**
   * A call that the pickle asks for and that is not made.
   *
   * @param function the function's name, one of {@link AllowedGlobals#functions()}
   * @param arguments the arguments
   */
  record Call(String function, Tuple arguments) implements PickleValue {}

  /**
   * Says in a word or two what a value is, for messages.
   *
   * @return such as {@code a tuple of 3}
   */
  default String kind() {
    if (this instanceof None) {
      return "None";
    } else if (this instanceof Bool) {
      return "a truth value";
    } else if (this instanceof Whole || this instanceof Huge) {
      return "an integer";
    } else if (this instanceof Real) {
      return "a float";
    } else if (this instanceof Text) {
      return "a string";
    } else if (this instanceof Bytes) {
      return "bytes";
    } else if (this instanceof Global global) {
      return "the global " + global.name();
    } else if (this instanceof Persistent) {
      return "a persistent id";
    } else if (this instanceof Tuple tuple) {
      return "a tuple of " + tuple.items().size();
    } else if (this instanceof Call call) {
      return "a call of " + call.function();
    } else {
      return this instanceof PickleList ? "a list" : "a dictionary";
    }
  }
}
