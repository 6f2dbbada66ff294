package org.widthwise.audit.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages a file: bytes changed, cut, doubled, or replaced by what upsets readers. */
final class CheckpointMutator {

  private static final String[] TOKENS = {
    "\0\0\0\0",
    "\u00ff\u00ff\u00ff\u00ff",
    "\u00ff\u00ff\u00ff\u007f",
    "\0\0\0\u0080",
    "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f",
    "\u00ff\u00ff",
    "PK\1\2",
    "PK\3\4",
    "PK\5\6",
    "PK\6\6",
    "PK\6\7",
    "\1\0\30\0",
    "\u0093NUMPY\1\0",
    "'descr': '|O'",
    "(1, 2)",
    "((((((((",
    "18446744073709551616",
    "True",
    ",",
    "\u0080\2]q\0h\0a.",
    "\u0080\5",
    ")\u0085\u0085\u0085\u0085\u0085",
    "(((((",
    "h\0h\1h\2",
    "j\u00ff\u00ff\u00ff\u00ff",
    "r\u00ff\u00ff\u00ff\0",
    "X\u00ff\u00ff\u00ff\u00ff",
    "\u008a\u00ff",
    "\u0095\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff",
    "cos\nsystem\n",
    "c__builtin__\neval\n",
    "X\2\0\0\0ls\u0085R",
    "R",
    "b",
    "Q",
    "u",
    "e",
    "t",
    "0",
    ".",
    "K\u00ff",
    "{",
    "}",
    "[[[[",
    "\"..\"",
    "\"/etc/passwd\"",
    "null",
    "-1",
    "\"a\":",
    "\\u0000",
    "\n"
  };

  private final SplittableRandom random;

  CheckpointMutator(SplittableRandom random) {
    this.random = random;
  }

  byte[] mutate(byte[] original) {
    byte[] bytes = original.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes && bytes.length > 0; i++) {
      bytes = change(bytes);
    }
    return bytes;
  }

  private byte[] change(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    int end = Math.min(bytes.length, at + 1 + random.nextInt(random.nextInt(10) == 0 ? 500 : 12));
    byte[] token = TOKENS[random.nextInt(TOKENS.length)].getBytes(StandardCharsets.ISO_8859_1);
    return switch (random.nextInt(9)) {
      case 0, 1 ->
          splice(bytes, at, at + 1, new byte[] {(byte) (bytes[at] ^ (1 << random.nextInt(8)))});
      case 2 -> splice(bytes, at, at + 1, new byte[] {(byte) random.nextInt(256)});
      case 3 -> splice(bytes, at, end, new byte[0]);
      case 4 -> splice(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
      case 5 -> Arrays.copyOf(bytes, at);
      case 6 -> splice(bytes, at, at, token);
      // In place, so that offsets elsewhere stay right.
      default -> splice(bytes, at, Math.min(bytes.length, at + token.length), token);
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
