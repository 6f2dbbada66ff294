package org.widthwise.audit.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages a file: bytes changed, cut, doubled, or replaced by what upsets parsers. */
final class HeaderMutator {

  private static final String[] TOKENS = {
    "{",
    "}",
    "[",
    "]",
    "[[[[",
    ",",
    ":",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "-1",
    "0",
    "1e9",
    "0.5",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "\"shape\"",
    "\"dtype\"",
    "\"data_offsets\"",
    "\"__metadata__\"",
    "\"F4\"",
    "\"F64\"",
    "\"I8\"",
    "[0,0]",
    "[]",
    "{}",
    " ",
    "\n",
    "\0",
    "é",
    "\u202e",
    "/**/",
    "NaN",
    "\ufeff"
  };

  private final SplittableRandom random;

  HeaderMutator(SplittableRandom random) {
    this.random = random;
  }

  byte[] mutate(byte[] original) {
    byte[] bytes = original.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes && bytes.length > 0; i++) {
      bytes = change(bytes);
    }
    // Half of the files keep a true length, so that the JSON is reached.
    if (random.nextBoolean() && bytes.length > Long.BYTES) {
      int growth = bytes.length - original.length;
      long length = ByteBuffer.wrap(original).order(ByteOrder.LITTLE_ENDIAN).getLong() + growth;
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    }
    return bytes;
  }

  private byte[] change(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    int end = Math.min(bytes.length, at + 1 + random.nextInt(12));
    byte[] token = TOKENS[random.nextInt(TOKENS.length)].getBytes(StandardCharsets.UTF_8);
    return switch (random.nextInt(6)) {
      case 0 -> splice(bytes, at, at + 1, new byte[] {(byte) random.nextInt(256)});
      case 1 -> splice(bytes, at, at + 1, new byte[] {(byte) (bytes[at] ^ 1 << random.nextInt(8))});
      case 2 -> splice(bytes, at, end, new byte[0]);
      case 3 -> splice(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
      case 4 -> splice(bytes, at, at, token);
      default -> splice(bytes, at, end, token);
    };
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] middle) {
    return ByteBuffer.allocate(bytes.length - (to - from) + middle.length)
        .put(bytes, 0, from)
        .put(middle)
        .put(bytes, to, bytes.length - to)
        .array();
  }
}
