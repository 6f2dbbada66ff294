package org.widthwise.audit.safetensors;

import java.util.Arrays;
import java.util.Optional;

/** The element types of the safetensors format, each named as it is in files. */
public enum Dtype {
  /** Truth value, one byte. */
  BOOL(8, false),
  /** Microscaling float of 4 bits, two in a byte. */
  F4(4, true),
  /** Microscaling float of 6 bits: 2 of exponent, 3 of mantissa. */
  F6_E2M3(6, true),
  /** Microscaling float of 6 bits: 3 of exponent, 2 of mantissa. */
  F6_E3M2(6, true),
  /** Unsigned integer of 8 bits. */
  U8(8, false),
  /** Signed integer of 8 bits. */
  I8(8, false),
  /** Float of 8 bits: 5 of exponent, 2 of mantissa. */
  F8_E5M2(8, true),
  /** Float of 8 bits: 4 of exponent, 3 of mantissa. */
  F8_E4M3(8, true),
  /** Power of two in 8 bits, the common scale of a block of microscaling floats. */
  F8_E8M0(8, false),
  /** Float of 8 bits, 4 of exponent and 3 of mantissa, without infinities and negative zero. */
  F8_E4M3FNUZ(8, true),
  /** Float of 8 bits, 5 of exponent and 2 of mantissa, without infinities and negative zero. */
  F8_E5M2FNUZ(8, true),
  /** Signed integer of 16 bits. */
  I16(16, false),
  /** Unsigned integer of 16 bits. */
  U16(16, false),
  /** IEEE 754 half precision. */
  F16(16, true),
  /** The upper half of an IEEE 754 single ("brain float"). */
  BF16(16, true),
  /** Signed integer of 32 bits. */
  I32(32, false),
  /** Unsigned integer of 32 bits. */
  U32(32, false),
  /** IEEE 754 single precision. */
  F32(32, true),
  /** Complex number of two singles. */
  C64(64, false),
  /** IEEE 754 double precision. */
  F64(64, true),
  /** Signed integer of 64 bits. */
  I64(64, false),
  /** Unsigned integer of 64 bits. */
  U64(64, false);

  private final int bits;
  private final boolean realFloat;

  Dtype(int bits, boolean realFloat) {
    this.bits = bits;
    this.realFloat = realFloat;
  }

  /**
   * Returns the size of an element.
   *
   * @return bits, from 4 to 64
   */
  public int bits() {
    return bits;
  }

  /**
   * Tells whether the elements are signed real floats, as weights are.
   *
   * @return false for integers, truth values, complex numbers, and {@link #F8_E8M0}, whose elements
   *     are scales of blocks and no weights
   */
  public boolean isFloat() {
    return realFloat;
  }

  /**
   * Finds the type of a name in a file.
   *
   * @param name a name as in a file: upper case
   * @return the type, or empty when the format knows no such name
   */
  public static Optional<Dtype> ofName(String name) {
    return Arrays.stream(values()).filter(dtype -> dtype.name().equals(name)).findFirst();
  }
}
