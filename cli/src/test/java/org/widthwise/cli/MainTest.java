package org.widthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MainTest {

  /** A disk that is full. */
  private static final class Full extends OutputStream {
    @Override
    public void write(int octet) throws IOException {
      throw new IOException("no space left on device");
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 0, 1", "true, 2, 2", "false, 0, 0", "false, 130, 130"})
  void whatCouldNotBeWrittenIsAFailure(boolean full, int code, int expected) {
    OutputStream stream = full ? new Full() : OutputStream.nullOutputStream();
    // As standard output is: a stream that says nothing of errors unless it is asked.
    PrintStream standard = new PrintStream(stream, false, StandardCharsets.UTF_8);
    PrintWriter out = new PrintWriter(standard, false, StandardCharsets.UTF_8);
    out.print("a result");
    StringWriter said = new StringWriter();
    assertThat(Main.ended(out, new PrintWriter(said, true), code)).isEqualTo(expected);
    assertThat(said.toString().isEmpty()).isEqualTo(!full);
  }
}
