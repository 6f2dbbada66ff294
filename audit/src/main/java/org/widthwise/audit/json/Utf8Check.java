package org.widthwise.audit.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.widthwise.audit.MalformedFileException;

/**
 * Checks that a text is UTF-8 before a parser sees it: Jackson takes overlong sequences and lone
 * surrogates, and would guess UTF-16 from zero bytes.
 */
final class Utf8Check {

  private static final int CHUNK = 8192;

  private Utf8Check() {}

  static void check(Path file, byte[] text, long fileOffset) {
    for (int i = 0; i < text.length; i++) {
      byte unit = text[i];
      if (unit >= 0 && unit < ' ' && unit != '\n' && unit != '\r' && unit != '\t') {
        throw new MalformedFileException(
            file,
            String.format(
                "at byte %d: the control character 0x%02x, must be escaped in JSON",
                fileOffset + i, unit));
      }
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(text);
    CharBuffer out = CharBuffer.allocate(CHUNK);
    CoderResult result = CoderResult.OVERFLOW;
    while (result.isOverflow()) {
      out.clear();
      result = decoder.decode(in, out, true);
    }
    if (result.isError()) {
      throw new MalformedFileException(
          file,
          String.format(
              "at byte %d: the byte 0x%02x begins no UTF-8 character, the text must be UTF-8",
              fileOffset + in.position(), text[in.position()]));
    }
  }
}
