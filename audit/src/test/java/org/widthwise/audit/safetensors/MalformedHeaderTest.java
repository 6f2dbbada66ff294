package org.widthwise.audit.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.widthwise.audit.SafetensorsBytes.layOut;
import static org.widthwise.audit.SafetensorsBytes.withLength;
import static org.widthwise.audit.SafetensorsBytes.write;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.widthwise.audit.MalformedFileException;

/** Each way in which a file can be wrong, with the words that say so. */
class MalformedHeaderTest {

  private static final String GOOD = "{'dtype':'F32','shape':[2,3],'data_offsets':[0,24]}";

  private final Path directory;

  MalformedHeaderTest(@TempDir Path directory) {
    this.directory = directory;
  }

  static Stream<Arguments> files() {
    return Stream.of(
        file("empty file", new byte[0], "is empty, must begin with 8 bytes"),
        file("short length", new byte[] {1, 2, 3}, "ends after 3 bytes, must begin with 8 bytes"),
        file(
            "header of 2^60",
            withLength(1L << 60, new byte[20], 0),
            "at byte 0: the header's length is 1152921504606846976 bytes, must be at most"
                + " 100000000"),
        file(
            "header of 2^64-1",
            withLength(-1, new byte[20], 0),
            "at byte 0: the header's length is 18446744073709551615 bytes, must be at most"
                + " 100000000"),
        file(
            "one byte over the limit",
            withLength(100_000_001, new byte[20], 0),
            "at byte 0: the header's length is 100000001 bytes, must be at most 100000000"),
        file(
            "truncated header",
            withLength(50, new byte[20], 0),
            "at byte 0: the header's length is 50 bytes, but only 20 bytes follow it: the file is"
                + " truncated or no safetensors file"),
        file("no header", withLength(0, new byte[0], 0), "is 0 bytes, must be at least 2"),
        file(
            "leading blank",
            layOut(" {}", 0),
            "at byte 8: the header begins with the byte 0x20, must begin with '{'"),
        file(
            "an array",
            layOut("[]", 0),
            "at byte 8: the header begins with the byte 0x5b, must begin with '{'"),
        file(
            "not UTF-8",
            layOut(new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', '}'}, 0),
            "at byte 10: the byte 0xc0 begins no UTF-8 character, the text must be UTF-8"),
        file(
            "UTF-16",
            layOut("{}".getBytes(StandardCharsets.UTF_16LE), 0),
            "at byte 9: the control character 0x00, must be escaped in JSON"),
        file(
            "raw line feed's neighbour",
            layOut("{\"a\u000b\":1}", 0),
            "at byte 11: the control character 0x0b, must be escaped in JSON"));
  }

  static Stream<Arguments> headers() {
    return Stream.of(
        header("not JSON", "{'a':x}", "is not JSON that can be read: Unrecognized token 'x'"),
        header("unclosed", "{'a':" + GOOD, "is not JSON that can be read: Unexpected end-of-input"),
        header("trailing comma", "{'a':" + GOOD + ",}", "is not JSON that can be read"),
        header(
            "text after",
            "{'a':" + GOOD + "}{}",
            "more text after the JSON value, must be followed"),
        header(
            "zero padding",
            "{'a':" + GOOD + "}\0",
            "at byte 65: the control character 0x00, must be escaped in JSON"),
        header(
            "deep nesting",
            "{'a':{'x':" + "[".repeat(200),
            "is not JSON that can be read: Document nesting depth (129) exceeds the maximum"),
        header(
            "long number",
            "{'a':{'shape':[" + "9".repeat(2000) + "]}}",
            "$.a.shape[0]: is not JSON that can be read: Number value length (2000) exceeds"),
        header("entry is no object", "{'a':[]}", "at byte 13, $.a: is an array, must be an object"),
        header("entry is null", "{'a':null}", "at byte 13, $.a: is null, must be an object with"),
        header(
            "no dtype",
            "{'a':{'shape':[2,3],'data_offsets':[0,24]}}",
            "$.a: lacks the key \"dtype\", must be an object with the keys \"dtype\", \"shape\""),
        header(
            "no shape",
            "{'a':{'dtype':'F32','data_offsets':[0,24]}}",
            "$.a: lacks the key \"shape\""),
        header(
            "no offsets", "{'a':{'dtype':'F32','shape':[2,3]}}", "lacks the key \"data_offsets\""),
        header(
            "dtype is a number", "{'a':{'dtype':32}}", "$.a.dtype: is a number, must be the name"),
        header(
            "unknown dtype",
            "{'a':{'dtype':'F128'}}",
            "at byte 22, $.a.dtype: the type \"F128\" is unknown, must be one of [BOOL, F4,"),
        header(
            "shape is a number", "{'a':{'shape':6}}", "$.a.shape: is a number, must be an array"),
        header(
            "dimension is a string",
            "{'a':{'shape':[2,'3']}}",
            "at byte 25, $.a.shape[1]: is a string, must be a dimension, an integer from 0"),
        header(
            "negative dimension",
            "{'a':{'shape':[2,-3]}}",
            "$.a.shape[1]: is \"-3\", must be a dimension, an integer from 0 and below 2^63"),
        header("minus zero", "{'a':{'shape':[-0]}}", "$.a.shape[0]: is \"-0\", must be"),
        header(
            "fraction",
            "{'a':{'shape':[2,3.0]}}",
            "$.a.shape[1]: is a number with a fraction or an exponent, must be a dimension"),
        header("exponent", "{'a':{'shape':[2e0]}}", "is a number with a fraction or an exponent"),
        header("leading zero", "{'a':{'shape':[02]}}", "is not JSON that can be read"),
        header(
            "dimension of 2^63",
            "{'a':{'shape':[9223372036854775808]}}",
            "$.a.shape[0]: is \"9223372036854775808\", must be a dimension, an integer from 0"),
        header(
            "65 dimensions",
            "{'a':{'shape':[" + "1,".repeat(64) + "1]}}",
            "more dimensions than 64, the most allowed"),
        header(
            "one offset", "{'a':{'data_offsets':[0]}}", "has 1 offsets, must be an array of two"),
        header("three offsets", "{'a':{'data_offsets':[0,1,2]}}", "[2]: a third offset, must be"),
        header(
            "negative offset",
            "{'a':{'data_offsets':[-1,2]}}",
            "$.a.data_offsets[0]: is \"-1\", must be an offset, an integer from 0 and below 2^63"),
        header(
            "duplicate tensor",
            "{'a':" + GOOD + ",'a':" + GOOD + "}",
            "at byte 65, $.a: the key \"a\" comes twice, must be unique"),
        header(
            "duplicate tensor by an escape",
            "{'a':" + GOOD + ",'\\u0061':" + GOOD + "}",
            "the key \"a\" comes twice, must be unique"),
        header(
            "duplicate key in an entry",
            "{'a':{'dtype':'F32','dtype':'F32'}}",
            "$.a.dtype: the key \"dtype\" comes twice"),
        header(
            "duplicate metadata",
            "{'__metadata__':{'k':'1','k':'2'}}",
            "$.__metadata__.k: the key \"k\" comes twice"),
        header(
            "metadata is no map",
            "{'__metadata__':'pt'}",
            "$.__metadata__: is a string, must be an"),
        header(
            "metadata of numbers",
            "{'__metadata__':{'step':3}}",
            "$.__metadata__.step: is a number, must be a string"),
        header(
            "half a surrogate pair",
            "{'a\\ud800':" + GOOD + "}",
            "the string \"a\\u{d800}\" has half a surrogate pair, must be text"));
  }

  static Stream<Arguments> layouts() {
    return Stream.of(
        header(
            "begin after end",
            "{'a':{'dtype':'F32','shape':[2,3],'data_offsets':[24,0]}}",
            "tensor \"a\": data_offsets [24, 0] begin after they end, must be [begin, end]"),
        header(
            "wrong size",
            "{'a':{'dtype':'F16','shape':[2,3],'data_offsets':[0,24]}}",
            "tensor \"a\": data_offsets [0, 24] hold 24 bytes, must hold the 12 of shape [2, 3] of"
                + " F16"),
        header(
            "past the file's end",
            "{'a':{'dtype':'F32','shape':[2,4],'data_offsets':[0,32]}}",
            "tensor \"a\": data_offsets [0, 32] end past the file's 24 bytes of data: the file is"
                + " truncated or its header wrong"),
        header(
            "far past the file's end",
            "{'a':{'dtype':'U8','shape':[2],'data_offsets':"
                + "[9223372036854775805,9223372036854775807]}}",
            "end past the file's 24 bytes of data"),
        header(
            "overflow of the elements",
            "{'a':{'dtype':'U8','shape':[4294967296,4294967296],'data_offsets':[0,24]}}",
            "tensor \"a\": shape [4294967296, 4294967296] of U8 has a size in bits of 2^63 or"
                + " more"),
        header(
            "overflow of the bits",
            "{'a':{'dtype':'U8','shape':[1152921504606846976],'data_offsets':[0,0]}}",
            "has a size in bits of 2^63 or more, must be below"),
        header(
            "half a byte",
            "{'a':{'dtype':'F4','shape':[5],'data_offsets':[0,2]}}",
            "tensor \"a\": shape [5] of F4 takes 20 bits, must fill whole bytes"),
        header(
            "hole at the start",
            "{'a':{'dtype':'F32','shape':[5],'data_offsets':[4,24]}}",
            "tensor \"a\": begins at data offset 4, but bytes 0 to 4 before it belong to no tensor;"
                + " it must begin at 0"),
        header(
            "hole between",
            "{'b':{'dtype':'F32','shape':[1],'data_offsets':[20,24]},"
                + "'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}",
            "tensor \"b\": begins at data offset 20, but bytes 8 to 20 before it belong to no"),
        header(
            "overlap",
            "{'b':{'dtype':'F32','shape':[4],'data_offsets':[8,24]},"
                + "'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]}}",
            "tensor \"b\": begins at data offset 8 inside tensor \"a\", which ends at 12; tensors"
                + " must not overlap"),
        header(
            "the same bytes twice",
            "{'a':" + GOOD + ",'b':" + GOOD + "}",
            "tensor \"b\": begins at data offset 0 inside tensor \"a\", which ends at 24"),
        header(
            "empty tensor inside another",
            "{'a':" + GOOD + ",'b':{'dtype':'F32','shape':[0],'data_offsets':[8,8]}}",
            "tensor \"b\": begins at data offset 8 inside tensor \"a\""),
        header(
            "trailing garbage",
            "{'a':{'dtype':'F32','shape':[5],'data_offsets':[0,20]}}",
            "at byte 83: 4 bytes belong to no tensor; the file must end there"),
        header("data without tensors", "{}", "at byte 10: 24 bytes belong to no tensor"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"files", "headers", "layouts"})
  void refusesInOneLine(String name, byte[] bytes, String message) {
    Path file = write(directory, "m.safetensors", bytes);

    assertThatThrownBy(() -> SafetensorsHeader.read(file))
        .isInstanceOfSatisfying(
            MalformedFileException.class, e -> assertThat(e.file()).isEqualTo(file.toString()))
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n")
        .hasSizeLessThan(1000);
  }

  @Test
  void refusesWhatIsNoFile() throws Exception {
    Path missing = directory.resolve("no\nsuch.safetensors");
    assertThatThrownBy(() -> SafetensorsHeader.read(missing))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageEndingWith("no\\u{a}such.safetensors: no such file");
    assertThatThrownBy(() -> SafetensorsHeader.read(directory))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage(directory + ": is a directory, must be a file");
    Path device = Path.of("/dev/zero");
    if (Files.exists(device)) {
      assertThatThrownBy(() -> SafetensorsHeader.read(device))
          .isInstanceOf(MalformedFileException.class)
          .hasMessage("/dev/zero: is a pipe or a device, must be a regular file");
    }
  }

  @Test
  void escapesAndCutsNamesFromTheFile() {
    String name = "\\u001b[31m\\u202e" + "n".repeat(40_000);
    byte[] bytes = layOut("{\"" + name + "\":{\"dtype\":7}}", 0);
    Path file = write(directory, "m.safetensors", bytes);

    assertThatThrownBy(() -> SafetensorsHeader.read(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("$[\"\\u{1b}[31m\\u{202e}nnn")
        .hasMessageContaining("nnn…\" (of 40006 characters)].dtype: is a number")
        .message()
        .hasSizeLessThan(600);
  }

  private static Arguments file(String name, byte[] bytes, String message) {
    return Arguments.of(name, bytes, message);
  }

  private static Arguments header(String name, String header, String message) {
    return Arguments.of(name, layOut(header.replace('\'', '"'), 24), message);
  }
}
