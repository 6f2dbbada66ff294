package org.widthwise.audit.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.pickle.PickleValue.Bool;
import org.widthwise.audit.pickle.PickleValue.Call;
import org.widthwise.audit.pickle.PickleValue.None;
import org.widthwise.audit.pickle.PickleValue.Real;
import org.widthwise.audit.pickle.PickleValue.Text;
import org.widthwise.audit.pickle.PickleValue.Tuple;
import org.widthwise.audit.pickle.PickleValue.Whole;

class PickleReaderTest {

  private static final Path FILE = Path.of("m.pt");
  private static final AllowedGlobals ALLOWED =
      new AllowedGlobals(
          Set.of("collections.OrderedDict", "torch.Size", "torch.float32"),
          Set.of("collections.OrderedDict", "torch.Size"),
          Set.of(),
          "save weights instead");

  /** Latin letters are the opcodes and bytes that they are in Latin-1. */
  private static PickleValue read(String pickle) {
    return PickleReader.read(FILE, pickle.getBytes(StandardCharsets.ISO_8859_1), 100, ALLOWED);
  }

  private static PickleValue protocol2(String pickle) {
    return read("\u0080\2" + pickle);
  }

  static Stream<Arguments> scalars() {
    return Stream.of(
        Arguments.of("N.", new None()),
        Arguments.of("\u0088.", new Bool(true)),
        Arguments.of("\u0089.", new Bool(false)),
        Arguments.of("K\u00ff.", new Whole(255)),
        Arguments.of("M\u00ff\u00ff.", new Whole(65535)),
        Arguments.of("J\u00fe\u00ff\u00ff\u00ff.", new Whole(-2)),
        Arguments.of("\u008a\0.", new Whole(0)),
        Arguments.of("\u008a\2\0\u0080.", new Whole(-32768)),
        Arguments.of("\u008a\2\u00ff\0.", new Whole(255)),
        Arguments.of("\u008a\u0008\1\2\3\4\5\6\7\u0088.", new Whole(0x8807_0605_0403_0201L)),
        Arguments.of("\u008a\11" + "\1".repeat(9) + ".", new PickleValue.Huge(9)),
        Arguments.of("G\u00bf\u00f8\0\0\0\0\0\0.", new Real(-1.5)),
        Arguments.of("X\2\0\0\0\u00c3\u00a9.", new Text("é")),
        Arguments.of("\u008c\2\u00c3\u00a9.", new Text("é")),
        Arguments.of("\u008d\2\0\0\0\0\0\0\0ab.", new Text("ab")),
        Arguments.of("U\2ab.", new Text("ab")),
        Arguments.of("T\2\0\0\0ab.", new Text("ab")),
        Arguments.of("U\1\u00ff.", new PickleValue.Bytes(1)),
        Arguments.of("C\3abc.", new PickleValue.Bytes(3)),
        Arguments.of("B\3\0\0\0abc.", new PickleValue.Bytes(3)),
        Arguments.of("K\1K\2\u0086.", new Tuple(List.of(new Whole(1), new Whole(2)))),
        Arguments.of(
            "(K\1NNNt.", new Tuple(List.of(new Whole(1), new None(), new None(), new None()))),
        Arguments.of("K\1q\0h\0\u0086.", new Tuple(List.of(new Whole(1), new Whole(1)))),
        Arguments.of("K\1\u0094j\0\0\0\0\u0086.", new Tuple(List.of(new Whole(1), new Whole(1)))),
        Arguments.of("ctorch\nfloat32\n.", new PickleValue.Global("torch.float32")),
        Arguments.of(
            "\u008c\5torch\u008c\7float32\u0093.", new PickleValue.Global("torch.float32")),
        Arguments.of("K\1Q.", new PickleValue.Persistent(new Whole(1))),
        Arguments.of(
            "ctorch\nSize\nK\1\u0085R.", new Call("torch.Size", new Tuple(List.of(new Whole(1))))));
  }

  @ParameterizedTest
  @MethodSource("scalars")
  void reads(String pickle, PickleValue value) {
    assertThat(protocol2(pickle)).isEqualTo(value);
  }

  @Test
  void readsContainers() {
    assertThat(protocol2("](K\1K\2eK\3a."))
        .isInstanceOfSatisfying(
            PickleList.class,
            list ->
                assertThat(list.items()).containsExactly(new Whole(1), new Whole(2), new Whole(3)));
    for (String pickle :
        List.of(
            "}K\1K\2s(K\3K\4u.",
            "ccollections\nOrderedDict\n)RK\1K\2s(K\3K\4u}(U\1mNub.",
            "ccollections\nOrderedDict\n](](K\1K\2e](K\3K\4ee\u0085R.")) {
      assertThat(protocol2(pickle))
          .isInstanceOfSatisfying(
              PickleDict.class,
              dict ->
                  assertThat(dict.entries())
                      .containsExactly(
                          new PickleDict.Entry(new Whole(1), new Whole(2)),
                          new PickleDict.Entry(new Whole(3), new Whole(4))));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "os.system",
        "posix.system",
        "builtins.eval",
        "__builtin__.eval",
        "builtins.getattr",
        "subprocess.Popen",
        "numpy.core.multiarray._reconstruct",
        "numpy.core.multiarray.scalar",
        "numpy._core.multiarray.scalar",
        "numpy.dtype",
        "torch.load",
        "torch.hub.load",
        "collections.OrderedDict.__reduce__",
        "_codecs.encode"
      })
  void refusesToName(String global) {
    int dot = global.lastIndexOf('.');
    String module = global.substring(0, dot);
    String name = global.substring(dot + 1);
    String problem =
        "names \""
            + global
            + "\", which is refused: nothing but tensors and their containers is"
            + " read; save weights instead";
    assertThatThrownBy(() -> protocol2("c" + module + "\n" + name + "\nX\2\0\0\0ls\u0085R."))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage("m.pt: at byte 102: the pickle's opcode GLOBAL " + problem);
    String strings =
        "\u008c" + (char) module.length() + module + "\u008c" + (char) name.length() + name;
    assertThatThrownBy(() -> protocol2(strings + "\u0093)R."))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage(
            "m.pt: at byte "
                + (102 + strings.length())
                + ": the pickle's opcode STACK_GLOBAL "
                + problem);
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of("ios\nsystem\n.", "102: the pickle's opcode INST is refused"),
        Arguments.of("(o.", "103: the pickle's opcode OBJ is refused"),
        Arguments.of("N)\u0081.", "104: the pickle's opcode NEWOBJ is refused"),
        Arguments.of("\u0092.", "102: the pickle's opcode NEWOBJ_EX is refused"),
        Arguments.of("\u0082\1.", "102: the pickle's opcode EXT1 is refused"),
        Arguments.of("\u008b\4\0\0\0.", "102: the pickle's opcode LONG4 is refused"),
        Arguments.of("P1\n.", "102: the pickle's opcode PERSID is refused"),
        Arguments.of("\u0097.", "102: the pickle's opcode NEXT_BUFFER is refused"),
        Arguments.of("\u00ff.", "102: the pickle's opcode 0xff is unknown"),
        Arguments.of(
            "ctorch\nfloat32\n)R.",
            "118: the pickle's opcode REDUCE calls the global torch.float32, must call one of ["),
        Arguments.of("N)R.", "104: the pickle's opcode REDUCE calls None, must call one of ["),
        Arguments.of("ctorch\nSize\nNR.", "REDUCE passes None, must pass a tuple of arguments"),
        Arguments.of(
            "ctorch\nSize\n)R}b.",
            "BUILD sets the attributes of a call of torch.Size from a dictionary, must set an"),
        Arguments.of("]}b.", "104: the pickle's opcode BUILD sets the attributes of a list"),
        Arguments.of("ccollections\nOrderedDict\nN\u0085R.", "fills a dictionary with something"),
        Arguments.of("ccollections\nOrderedDict\n]Na\u0085R.", "fills a dictionary with None"),
        Arguments.of("a.", "102: the pickle's opcode APPEND finds fewer than 1 values"),
        Arguments.of("NNa.", "104: the pickle's opcode APPEND appends to None, must append to"),
        Arguments.of("](.", "104: the pickle's opcode STOP leaves 1 values, must leave one"),
        Arguments.of("t.", "102: the pickle's opcode TUPLE finds no mark"),
        Arguments.of("}(Nu.", "105: the pickle's opcode SETITEMS puts a key without a value"),
        Arguments.of("NNNs.", "105: the pickle's opcode SETITEM puts into None"),
        Arguments.of("N(\u0085t.", "104: the pickle's opcode TUPLE1 finds fewer than 1 values"),
        Arguments.of("Q.", "102: the pickle's opcode BINPERSID finds nothing on the stack"),
        Arguments.of("q\0.", "102: the pickle's opcode BINPUT finds nothing on the stack"),
        Arguments.of("h\1.", "102: the pickle's opcode BINGET recalls 1, which was not memoized"),
        Arguments.of("Nr\0\0\u00ff\0.", "LONG_BINPUT memoizes as 16711680, must be below 4000000"),
        Arguments.of(
            "X\u00ff\u00ff\u00ff\u00ffa.",
            "102: the pickle's opcode BINUNICODE asks for 4294967295 bytes, but only 2 follow"),
        Arguments.of(
            "\u008e\0\0\0\0\0\0\0\u0080.",
            "BINBYTES8 asks for 9223372036854775808 bytes, but only 1 follow"),
        Arguments.of("X\1\0\0\0\u00ff.", "BINUNICODE holds a string that is not UTF-8"),
        Arguments.of("\u0095\2\0\0\0\0\0\0\0N", "FRAME frames 2 bytes, but only 1 follow"),
        Arguments.of("NN.", "104: the pickle's opcode STOP leaves 2 values, must leave one"),
        Arguments.of("N.N", "103: the pickle's opcode STOP is followed by 1 bytes"),
        Arguments.of("J\0", "at byte 104: the pickle ends without its last opcode, STOP"),
        Arguments.of("", "at byte 102: the pickle ends without its last opcode, STOP"),
        Arguments.of("\u0080\6.", "102: the pickle's opcode PROTO says protocol 6, must be 2 to 5"),
        Arguments.of("NN\u0093.", "STACK_GLOBAL takes None and None, must take two strings"),
        Arguments.of("cos\nsys", "GLOBAL is followed by no line feed within 1000 bytes"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void refuses(String pickle, String problem) {
    assertThatThrownBy(() -> protocol2(pickle))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith("m.pt: at byte 1")
        .hasMessageContaining(problem);
  }

  @Test
  void refusesOlderProtocols() {
    assertThatThrownBy(() -> read("(lp0\n."))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage(
            "m.pt: at byte 100: the pickle's opcode MARK comes first, must be PROTO: the file is no"
                + " pickle of protocol 2 or newer");
  }

  @Test
  void refusesMoreValuesThanAModelHas() {
    byte[] many = new byte[PickleReader.MOST_VALUES + 4];
    Arrays.fill(many, (byte) ')');
    many[0] = (byte) 0x80;
    many[1] = 2;
    assertThatThrownBy(() -> PickleReader.read(FILE, many, 0, ALLOWED))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("makes more than 4000000 values, the most allowed");

    String fill =
        "ccollections\nOrderedDict\nq\1](" + "NN\u0086q\2" + "h\2".repeat(99_999) + "eq\3";
    assertThatThrownBy(() -> protocol2(fill + "h\1h\3\u0085R".repeat(100) + "."))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("REDUCE makes more than 4000000 values, the most allowed");
  }
}
