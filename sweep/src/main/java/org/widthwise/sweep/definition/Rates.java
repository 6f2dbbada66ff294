package org.widthwise.sweep.definition;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads lists of positive numbers as people write them: {@code 0.1,0.2}, {@code 2^-12..2^-4} for
 * every power of two, {@code 2^-12..2^-4 by 0.5} for steps of half a power, {@code 1e-4..1e-1 x 20}
 * for twenty numbers drawn at random, uniform in their logarithm.
 */
final class Rates {

  private static final String NUMBER = "\\s*([^,\\s]+?)\\s*";
  private static final Pattern RANGE =
      Pattern.compile(NUMBER + "\\.\\." + NUMBER + "(?:\\s+by\\s+(\\S+))?");
  private static final Pattern RANDOM =
      Pattern.compile(NUMBER + "\\.\\." + NUMBER + "\\s+x\\s+(\\d{1,6})");

  /** Steps of a power of two that are smaller would make grids that nobody means. */
  private static final double LEAST_STEP = 1.0 / 64;

  private Rates() {}

  /**
   * Reads a list.
   *
   * @param key what it is, for messages
   * @param text the list
   * @param seed decides random draws
   * @return ascending, without repetitions
   * @throws IllegalArgumentException if it is no such list
   */
  static List<Double> parse(String key, String text, long seed) {
    TreeSet<Double> numbers = new TreeSet<>();
    Matcher random = RANDOM.matcher(text);
    Matcher range = RANGE.matcher(text);
    if (random.matches()) {
      numbers.addAll(random(key, random, seed));
    } else if (range.matches()) {
      numbers.addAll(range(key, range));
    } else {
      for (String part : text.split(",", -1)) {
        numbers.add(number(key, part));
      }
    }
    return List.copyOf(numbers);
  }

  private static List<Double> random(String key, Matcher words, long seed) {
    double low = Math.log(number(key, words.group(1)));
    double high = Math.log(number(key, words.group(2)));
    requireOrder(key, low, high);
    Random generator = new Random(seed);
    List<Double> numbers = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(words.group(3)); i++) {
      numbers.add(Math.exp(low + generator.nextDouble() * (high - low)));
    }
    if (numbers.isEmpty()) {
      throw new IllegalArgumentException(key + ": at least 1 number is to be drawn");
    }
    return numbers;
  }

  private static List<Double> range(String key, Matcher words) {
    double low = log2(number(key, words.group(1)));
    double high = log2(number(key, words.group(2)));
    requireOrder(key, low, high);
    double step = words.group(3) == null ? 1 : number(key, words.group(3));
    if (step < LEAST_STEP) {
      throw new IllegalArgumentException(
          "%s: a step of %s powers of two is too fine, 1/64 is the least".formatted(key, step));
    }
    List<Double> numbers = new ArrayList<>();
    // A little more than the end, which the sum of steps may miss by rounding.
    for (int i = 0; low + i * step <= high + 1e-9; i++) {
      numbers.add(Math.pow(2, low + i * step));
    }
    return numbers;
  }

  private static void requireOrder(String key, double low, double high) {
    if (!(low <= high)) {
      throw new IllegalArgumentException(key + ": a range goes from the smaller to the greater");
    }
  }

  private static double log2(double number) {
    // Exact for powers of two, unlike a quotient of logarithms.
    int exponent = Math.getExponent(number);
    return exponent + Math.log(number / Math.pow(2, exponent)) / Math.log(2);
  }

  /** A positive number, {@code 2^-3} included. */
  static double number(String key, String text) {
    try {
      String word = text.strip();
      double number =
          word.startsWith("2^")
              ? Math.pow(2, Double.parseDouble(word.substring(2)))
              : Double.parseDouble(word);
      if (number > 0 && Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException noNumber) {
      // Refused below.
    }
    throw new IllegalArgumentException(
        ("%s: '%s' is no positive number; a list is 0.1,0.2 or 2^-12..2^-4 or 2^-12..2^-4 by 0.5"
                + " or 1e-4..1e-1 x 20")
            .formatted(key, text.strip()));
  }
}
