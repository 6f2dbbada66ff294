package org.widthwise.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.widthwise.audit.safetensors.Dtype;
import org.widthwise.audit.safetensors.SafetensorsWriter;
import org.widthwise.audit.safetensors.WritableTensor;

/**
 * Goes through the commands that are over in a moment, {@code --help}, {@code plan} and {@code
 * audit}, on a network of one matrix, and prints nothing. The launcher has the JVM write down which
 * classes were loaded ({@code -XX:DumpLoadedClassList}) and makes an archive of them, from which
 * later starts take them.
 */
final class Rehearsal {

  private static final long SIDE = 96;

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
      try (OutputStream out = Files.newOutputStream(checkpoint)) {
        SafetensorsWriter.write(out, List.of(matrix()), Map.of());
      }
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

  /** Ones up to the diagonal, rows of different lengths, so that there is a norm to search for. */
  private static WritableTensor matrix() {
    return new WritableTensor(
        "h.0.mlp.c_fc.weight",
        Dtype.F32,
        List.of(SIDE, SIDE),
        (offset, into) -> {
          for (long i = offset / Float.BYTES; into.hasRemaining(); i++) {
            into.putFloat(i % SIDE <= i / SIDE ? 1 : 0);
          }
        });
  }
}
