package org.widthwise.audit.checkpoint;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.widthwise.audit.safetensors.Dtype;

/**
 * The real floats that can be read, each exactly: every one of them but {@link #F64} is a float.
 *
 * <p>Multi-byte elements are read in the order of bytes that the buffer has.
 */
enum ElementType {
  F64(8),
  F32(4),
  F16(2),
  BF16(2),
  F8_E4M3(1),
  F8_E5M2(1),
  F8_E4M3FNUZ(1),
  F8_E5M2FNUZ(1);

  /** Small enough to stay in the first-level cache. */
  private static final int PIECE = 2048;

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** The element's size. */
  int bytes() {
    return bytes;
  }

  /** The type of the same name, if its elements can be read. */
  static Optional<ElementType> of(Dtype dtype) {
    return named(dtype.name());
  }

  /** The type of a name, if its elements can be read. */
  static Optional<ElementType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /** The value of the element at a byte of a buffer. */
  double value(ByteBuffer from, int position) {
    return switch (this) {
      case F64 -> from.getDouble(position);
      case F32 -> from.getFloat(position);
      case F16 -> half(from.getShort(position));
      case BF16 -> brain(from.getShort(position));
      case F8_E4M3 -> e4m3(from.get(position));
      case F8_E5M2 -> half((short) (from.get(position) << 8));
      case F8_E4M3FNUZ -> unsignedZero(from.get(position), 20, 0x1p119f);
      case F8_E5M2FNUZ -> unsignedZero(from.get(position), 21, 0x1p111f);
    };
  }

  /** Decodes elements that lie side by side; doubles are rounded to the nearest float. */
  void decode(ByteBuffer from, int position, int count, float[] into, int at) {
    ByteBuffer elements = from.slice(position, count * bytes).order(from.order());
    switch (this) {
      case F64 -> {
        double[] piece = new double[Math.min(PIECE, count)];
        for (int done = 0; done < count; done += piece.length) {
          int length = Math.min(piece.length, count - done);
          elements.asDoubleBuffer().get(done, piece, 0, length);
          for (int i = 0; i < length; i++) {
            into[at + done + i] = (float) piece[i];
          }
        }
      }
      case F32 -> elements.asFloatBuffer().get(into, at, count);
      case F16, BF16 -> {
        short[] piece = new short[Math.min(PIECE, count)];
        for (int done = 0; done < count; done += piece.length) {
          int length = Math.min(piece.length, count - done);
          elements.asShortBuffer().get(done, piece, 0, length);
          if (this == F16) {
            halves(piece, length, into, at + done);
          } else {
            brains(piece, length, into, at + done);
          }
        }
      }
      default -> {
        byte[] piece = new byte[Math.min(PIECE, count)];
        for (int done = 0; done < count; done += piece.length) {
          int length = Math.min(piece.length, count - done);
          elements.get(done, piece, 0, length);
          eights(piece, length, into, at + done);
        }
      }
    }
  }

  /** Decodes elements that lie side by side. */
  void decode(ByteBuffer from, int position, int count, double[] into, int at) {
    if (this == F64) {
      from.slice(position, count * bytes).order(from.order()).asDoubleBuffer().get(into, at, count);
      return;
    }
    float[] piece = new float[Math.min(PIECE, count)];
    for (int done = 0; done < count; done += piece.length) {
      int length = Math.min(piece.length, count - done);
      decode(from, position + done * bytes, length, piece, 0);
      for (int i = 0; i < length; i++) {
        into[at + done + i] = piece[i];
      }
    }
  }

  private static void brains(short[] bits, int count, float[] into, int at) {
    for (int i = 0; i < count; i++) {
      into[at + i] = brain(bits[i]);
    }
  }

  private static void halves(short[] bits, int count, float[] into, int at) {
    for (int i = 0; i < count; i++) {
      into[at + i] = half(bits[i]);
    }
  }

  private static float brain(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  private static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int magnitude = (bits & 0x7fff) << 13;
    // Exponent and mantissa lie where a float has them, the exponent 112 too low: scaling is exact
    // for subnormal halves too, which are subnormal floats before it.
    int scaled = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) * 0x1p112f);
    boolean special = magnitude >= 0x7c00 << 13;
    return Float.intBitsToFloat(sign | (special ? magnitude | 0x7f80_0000 : scaled));
  }

  private void eights(byte[] bits, int count, float[] into, int at) {
    switch (this) {
      case F8_E4M3 -> {
        for (int i = 0; i < count; i++) {
          into[at + i] = e4m3(bits[i]);
        }
      }
      case F8_E5M2 -> {
        for (int i = 0; i < count; i++) {
          into[at + i] = half((short) (bits[i] << 8));
        }
      }
      case F8_E4M3FNUZ -> {
        for (int i = 0; i < count; i++) {
          into[at + i] = unsignedZero(bits[i], 20, 0x1p119f);
        }
      }
      case F8_E5M2FNUZ -> {
        for (int i = 0; i < count; i++) {
          into[at + i] = unsignedZero(bits[i], 21, 0x1p111f);
        }
      }
      default -> throw new IllegalStateException(this + " is not of 8 bits");
    }
  }

  /** "FN", finite: no infinities, and only the highest pattern of each sign is not a number. */
  private static float e4m3(byte bits) {
    int magnitude = bits & 0x7f;
    int scaled = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude << 20) * 0x1p120f);
    int quietNan = 0x7fc0_0000;
    return Float.intBitsToFloat((bits & 0x80) << 24 | (magnitude == 0x7f ? quietNan : scaled));
  }

  /** "FNUZ": no infinities, and the pattern of negative zero is the only one that is no number. */
  private static float unsignedZero(byte bits, int shift, float scale) {
    float magnitude = Float.intBitsToFloat((bits & 0x7f) << shift) * scale;
    return bits == Byte.MIN_VALUE ? Float.NaN : bits < 0 ? -magnitude : magnitude;
  }
}
