package org.widthwise.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.widthwise.audit.safetensors.Dtype;

/** Every pattern of 8 and 16 bits against the formats' definitions, written out in doubles. */
class ElementTypeTest {

  /** What the highest exponents and the pattern of negative zero stand for. */
  enum Specials {
    IEEE,
    FINITE,
    UNSIGNED_ZERO
  }

  @ParameterizedTest
  @CsvSource({
    "F16, 5, 10, 15, IEEE",
    "BF16, 8, 7, 127, IEEE",
    "F8_E4M3, 4, 3, 7, FINITE",
    "F8_E5M2, 5, 2, 15, IEEE",
    "F8_E4M3FNUZ, 4, 3, 8, UNSIGNED_ZERO",
    "F8_E5M2FNUZ, 5, 2, 16, UNSIGNED_ZERO"
  })
  void decodesEveryPattern(
      ElementType type, int exponentBits, int mantissaBits, int bias, Specials specials) {
    int patterns = 1 << (1 + exponentBits + mantissaBits);
    ByteBuffer bits = ByteBuffer.allocate(patterns * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    double[] defined = new double[patterns];
    for (int pattern = 0; pattern < patterns; pattern++) {
      if (type.bytes() == 1) {
        bits.put((byte) pattern);
      } else {
        bits.putShort((short) pattern);
      }
      defined[pattern] = defined(pattern, exponentBits, mantissaBits, bias, specials);
    }
    float[] floats = new float[patterns];
    double[] doubles = new double[patterns];

    type.decode(bits, 0, patterns, floats, 0);
    type.decode(bits, 0, patterns, doubles, 0);

    double[] single = new double[patterns];
    float[] narrow = new float[patterns];
    for (int pattern = 0; pattern < patterns; pattern++) {
      single[pattern] = type.value(bits, pattern * type.bytes());
      narrow[pattern] = (float) defined[pattern];
    }
    assertThat(floats).isEqualTo(narrow);
    assertThat(doubles).isEqualTo(defined);
    assertThat(single).isEqualTo(defined);
  }

  private static double defined(
      int pattern, int exponentBits, int mantissaBits, int bias, Specials specials) {
    int exponent = pattern >> mantissaBits & (1 << exponentBits) - 1;
    int mantissa = pattern & (1 << mantissaBits) - 1;
    int sign = pattern >> (exponentBits + mantissaBits) == 0 ? 1 : -1;
    boolean highest = exponent == (1 << exponentBits) - 1;
    switch (specials) {
      case IEEE -> {
        if (highest) {
          return mantissa == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
        }
      }
      case FINITE -> {
        if (highest && mantissa == (1 << mantissaBits) - 1) {
          return Double.NaN;
        }
      }
      case UNSIGNED_ZERO -> {
        if (sign < 0 && exponent == 0 && mantissa == 0) {
          return Double.NaN;
        }
      }
    }
    double fraction = mantissa / (double) (1 << mantissaBits);
    return exponent == 0
        ? sign * fraction * Math.pow(2, 1 - bias)
        : sign * (1 + fraction) * Math.pow(2, exponent - bias);
  }

  @ParameterizedTest
  @EnumSource
  void decodesEitherOrderOfBytesAndAnyLength(ElementType type) {
    SplittableRandom random = new SplittableRandom(5);
    int count = 5000;
    byte[] little = new byte[count * type.bytes()];
    random.nextBytes(little);
    byte[] big = new byte[little.length];
    for (int i = 0; i < little.length; i++) {
      big[i] = little[i / type.bytes() * type.bytes() + type.bytes() - 1 - i % type.bytes()];
    }
    float[] one = new float[count];
    float[] other = new float[count + 3];

    type.decode(ByteBuffer.wrap(little).order(ByteOrder.LITTLE_ENDIAN), 0, count, one, 0);
    type.decode(ByteBuffer.wrap(big), 0, count, other, 3);

    assertThat(Arrays.copyOfRange(other, 3, count + 3)).isEqualTo(one);
    assertThat(other).startsWith(0, 0, 0);
  }

  @Test
  void keepsSinglesAndDoublesBitForBit() {
    double[] doubles = {Math.PI, -0.0, Double.MIN_VALUE, 1e308, Double.NaN, 1 + 0x1p-40};
    ByteBuffer bits = ByteBuffer.allocate(8 * doubles.length).order(ByteOrder.LITTLE_ENDIAN);
    bits.asDoubleBuffer().put(doubles);
    double[] read = new double[doubles.length];
    float[] rounded = new float[doubles.length];

    ElementType.F64.decode(bits, 0, doubles.length, read, 0);
    ElementType.F64.decode(bits, 0, doubles.length, rounded, 0);

    assertThat(read).isEqualTo(doubles);
    assertThat(rounded)
        .isEqualTo(
            new float[] {
              (float) Math.PI, -0f, 0f, Float.POSITIVE_INFINITY, Float.NaN, 1f,
            });

    bits.putInt(0, 0x0000_0001).putInt(4, 0x7f7f_ffff);
    ElementType.F32.decode(bits, 0, 2, rounded, 0);
    assertThat(rounded).startsWith(Float.MIN_VALUE, Float.MAX_VALUE);
  }

  @Test
  void knowsEveryFloatOfWholeBytes() {
    for (Dtype dtype : Dtype.values()) {
      boolean readable = dtype.isFloat() && dtype.bits() % 8 == 0;
      assertThat(ElementType.of(dtype).map(Enum::name))
          .isEqualTo(readable ? Optional.of(dtype.name()) : Optional.empty());
    }
  }
}
