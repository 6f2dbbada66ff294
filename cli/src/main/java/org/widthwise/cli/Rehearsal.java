package org.widthwise.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Goes through the commands that are over in a moment, {@code --help}, {@code plan} and {@code
 * audit}, on a network of one matrix, and prints nothing. The launcher has the JVM write down the
 * classes that were loaded ({@code -XX:ArchiveClassesAtExit}), from which later starts take them.
 */
final class Rehearsal {

  private static final int SIDE = 96;
  private static final String HEADER =
      "{\"h.0.mlp.c_fc.weight\":{\"dtype\":\"F32\",\"shape\":[%d,%d],\"data_offsets\":[0,%d]}}"
          .formatted(SIDE, SIDE, SIDE * SIDE * Float.BYTES);

  private Rehearsal() {}

  /**
   * Runs it.
   *
   * @param args none
   * @throws IOException if no temporary file can be written
   */
  public static void main(String[] args) throws IOException {
    Path checkpoint = Files.createTempFile("rehearsal", ".safetensors");
    try {
      Files.write(checkpoint, safetensors());
      run("--help");
      run("plan", checkpoint.toString(), "--rule", "adam");
      run("audit", checkpoint.toString());
    } finally {
      Files.delete(checkpoint);
    }
  }

  private static void run(String... words) {
    int code =
        Main.execute(
            new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), words);
    if (code != 0) {
      throw new IllegalStateException(
          "'%s' ended with %d".formatted(String.join(" ", words), code));
    }
  }

  /** A matrix of ones and zeros, its rows of different lengths, so that it has a search to do. */
  private static byte[] safetensors() {
    byte[] header = HEADER.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer file =
        ByteBuffer.allocate(Long.BYTES + header.length + SIDE * SIDE * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header);
    for (int row = 0; row < SIDE; row++) {
      for (int column = 0; column < SIDE; column++) {
        file.putFloat(column <= row ? 1 : 0);
      }
    }
    return file.array();
  }
}
