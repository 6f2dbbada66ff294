package org.widthwise.cli;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** Constants as words of the command line: in lower case. */
final class Words {

  private Words() {}

  static String of(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The value of a word.
   *
   * @throws TypeConversionException if it is that of none
   */
  static <E extends Enum<E>> E named(String word, E[] values) {
    return Stream.of(values)
        .filter(value -> value.name().equalsIgnoreCase(word))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' is none of %s"
                        .formatted(
                            word,
                            Stream.of(values).map(Words::of).collect(Collectors.joining(", ")))));
  }

  /**
   * The value of an option that was taken as a string. Options of a type whose methods know
   * libtorch's would load it before anything is asked for, so theirs are read later.
   */
  static <E extends Enum<E>> E named(CommandSpec spec, String option, String word, E[] values) {
    try {
      return named(word, values);
    } catch (TypeConversionException unknown) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '%s': %s".formatted(option, unknown.getMessage()),
          unknown);
    }
  }
}
