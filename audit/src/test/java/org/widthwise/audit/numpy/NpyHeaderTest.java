package org.widthwise.audit.numpy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.audit.MalformedFileException;

class NpyHeaderTest {

  private static NpyHeader read(String bytes) {
    byte[] all = bytes.getBytes(StandardCharsets.ISO_8859_1);
    return NpyHeader.read(
        Path.of("a.npy"), "at byte 0", count -> Arrays.copyOf(all, Math.min(count, all.length)));
  }

  private static NpyHeader version1(String text) {
    return read("\u0093NUMPY\1\0" + (char) text.length() + "\0" + text);
  }

  @Test
  void readsEveryVersion() {
    String text = "{'descr': '>f8', 'fortran_order': True, 'shape': (3L, 4), }  \n";
    NpyHeader expected = new NpyHeader(">f8", true, List.of(3L, 4L), 10 + text.length());
    assertThat(version1(text)).isEqualTo(expected);
    for (char version : new char[] {2, 3}) {
      assertThat(read("\u0093NUMPY" + version + "\0" + (char) text.length() + "\0\0\0" + text))
          .isEqualTo(new NpyHeader(">f8", true, List.of(3L, 4L), 12 + text.length()));
    }
    assertThat(version1("{\"shape\":(),\"descr\":\"<f4\",\"fortran_order\":False}").shape())
        .isEmpty();
    assertThat(version1("{'shape':(5,),'descr':'<f4','fortran_order':False}").shape())
        .containsExactly(5L);
    assertThat(version1("{'shape':(),'descr':[('a','<f4',(2,))],'fortran_order':False}").descr())
        .isEqualTo("[('a','<f4',(2,))]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'descr': eval('1')}|header at character 10: must be an integer from 0",
        "{'descr': '<f4', 'shape': (2}|header at character 28: must be ')'",
        "{'descr': '<f4', 'shape': (-2,)}|header at character 27: must be an integer from 0",
        "{'descr': '<f4', 'shape': (9223372036854775808,)}|must be an integer from 0 and below",
        "{'descr': '<f4', 'shape': 2}|header at character 26: must be '('",
        "{'descr': '<f4', 'fortran_order': 1}|must be True or False",
        "{'descr': '<f4', 'descr': '<f4'}|the key \"descr\" comes twice",
        "{'descr': '<f4', 'other': 1}|the key \"other\" is unknown",
        "{'descr': '<f4'}|lacks a key",
        "{'descr': '\\x3cf4'}|the string has an escape",
        "{'descr': '<f4|the string has no end",
        "{'descr': '<f4', 'fortran_order': False, 'shape': ()} x|more text follows",
        "[]|header at character 0: must be '{'"
      })
  void refuses(String text, String message) {
    assertThatThrownBy(() -> version1(text))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith("a.npy: at byte 0, the array's header at character ")
        .hasMessageContaining(message)
        .hasMessageEndingWith(
            "; must be {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } for one");
  }

  @Test
  void refusesDeepTypesAndManyDimensions() {
    assertThatThrownBy(() -> version1("{'descr': " + "[".repeat(60)))
        .hasMessageContaining("the type is nested deeper than 32");
    assertThatThrownBy(() -> version1("{'shape': (" + "1,".repeat(65)))
        .hasMessageContaining("more dimensions than 64");
  }

  @Test
  void refusesWhatDoesNotBeginAsAnArray() {
    assertThatThrownBy(() -> read("\u0093NUMPX\1\0\0\0\0\0"))
        .hasMessage("a.npy: at byte 0: begins otherwise than an array, must begin with \\x93NUMPY");
    assertThatThrownBy(() -> read("\u0093NUMPY\4\0\0\0\0\0"))
        .hasMessage("a.npy: at byte 0: has the format's version 4.0, must be 1.0, 2.0 or 3.0");
    assertThatThrownBy(() -> read("\u0093NUMPY\2\0\0\0\1\0"))
        .hasMessage("a.npy: at byte 0: has a header of 65536 bytes, must have at most 65535");
    assertThatThrownBy(() -> read("\u0093NUMPY\1\0\50\0{}"))
        .hasMessage("a.npy: at byte 0: ends inside the array's header: the file is truncated");
  }

  @Test
  void tellsTypes() {
    assertThat(NumpyType.of("<f4")).contains(new NumpyType(false, 'f', 4));
    assertThat(NumpyType.of(">f2")).contains(new NumpyType(true, 'f', 2));
    assertThat(NumpyType.of("<U3")).contains(new NumpyType(false, 'U', 12));
    assertThat(NumpyType.of("|O")).hasValueSatisfying(type -> assertThat(type.isObject()).isTrue());
    assertThat(NumpyType.of("[('a', '<f4')]")).isEmpty();
    assertThat(NumpyType.of("f4")).isEmpty();
  }
}
