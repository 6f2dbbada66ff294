package org.widthwise.audit.pickle;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.pickle.PickleValue.Bool;
import org.widthwise.audit.pickle.PickleValue.Bytes;
import org.widthwise.audit.pickle.PickleValue.Call;
import org.widthwise.audit.pickle.PickleValue.Global;
import org.widthwise.audit.pickle.PickleValue.Huge;
import org.widthwise.audit.pickle.PickleValue.None;
import org.widthwise.audit.pickle.PickleValue.Persistent;
import org.widthwise.audit.pickle.PickleValue.Real;
import org.widthwise.audit.pickle.PickleValue.Text;
import org.widthwise.audit.pickle.PickleValue.Tuple;
import org.widthwise.audit.pickle.PickleValue.Whole;

/**
 * Reads a pickle of protocol 2 to 5 into {@link PickleValue}s.
 *
 * <p>A pickle is a program for a small stack machine, and Python's own machine imports and calls
 * whatever it is told to. This one knows the opcodes that numbers, strings, containers and names
 * need. A name is looked up in a list of allowed ones and nowhere else; a call becomes a value that
 * says so. Whatever is left over is refused with its name and place.
 */
public final class PickleReader {

  /** The longest pickle that is read, in bytes. */
  public static final int LONGEST = 1 << 26;

  /** The most values that a pickle may make. */
  public static final int MOST_VALUES = 4_000_000;

  private static final String ORDERED_DICT = "collections.OrderedDict";
  private static final int LEAST_PROTOCOL = 2;
  private static final int HIGHEST_PROTOCOL = 5;

  private final PickleBytes in;
  private final AllowedGlobals allowed;
  private final List<PickleValue> stack = new ArrayList<>();
  private final Deque<Integer> marks = new ArrayDeque<>();
  private final List<@Nullable PickleValue> memo = new ArrayList<>();
  private int memoized;
  private int pushed;

  private PickleReader(PickleBytes in, AllowedGlobals allowed) {
    this.in = in;
    this.allowed = allowed;
  }

  /**
   * Reads a pickle.
   *
   * @param file the file that it came from, for messages
   * @param pickle its bytes, at most {@link #LONGEST}
   * @param fileOffset where it begins in the file, for messages
   * @param allowed the names that it may speak of
   * @return the value that it leaves
   * @throws MalformedFileException when it is damaged, uses an opcode or a name that is not
   *     allowed, or is too large
   */
  public static PickleValue read(
      Path file, byte[] pickle, long fileOffset, AllowedGlobals allowed) {
    if (pickle.length > LONGEST) {
      throw new MalformedFileException(
          file, "has a pickle of " + pickle.length + " bytes, must have at most " + LONGEST);
    }
    return new PickleReader(new PickleBytes(file, pickle, fileOffset), allowed).read();
  }

  private PickleValue read() {
    if (opcode() != Opcode.PROTO) {
      throw in.malformed(
          "comes first, must be PROTO: the file is no pickle of protocol 2 or newer");
    }
    protocol();
    for (Opcode opcode = opcode(); opcode != Opcode.STOP; opcode = opcode()) {
      step(opcode);
    }
    if (stack.size() != 1 || !marks.isEmpty()) {
      throw in.malformed("leaves " + stack.size() + " values, must leave one");
    }
    if (in.remaining() > 0) {
      throw in.malformed("is followed by " + in.remaining() + " bytes, must be the last");
    }
    return stack.get(0);
  }

  private Opcode opcode() {
    if (in.remaining() == 0) {
      throw in.ended();
    }
    Opcode opcode = Opcode.of(in.opcode());
    if (opcode == null) {
      throw in.malformed("is unknown: the pickle is damaged or newer than protocol 5");
    }
    if (!opcode.isRead()) {
      throw in.malformed("is refused, tensors and their containers do not need it; " + advice());
    }
    return opcode;
  }

  private void protocol() {
    int protocol = in.u1();
    if (protocol < LEAST_PROTOCOL || protocol > HIGHEST_PROTOCOL) {
      throw in.malformed("says protocol " + protocol + ", must be 2 to 5");
    }
  }

  private void step(Opcode opcode) {
    switch (opcode) {
      case PROTO -> protocol();
      case FRAME -> frame();
      case NONE -> push(new None());
      case NEWTRUE -> push(new Bool(true));
      case NEWFALSE -> push(new Bool(false));
      case BININT -> push(new Whole(in.i4()));
      case BININT1 -> push(new Whole(in.u1()));
      case BININT2 -> push(new Whole(in.u2()));
      case LONG1 -> push(integer(in.bytes(in.u1())));
      case BINFLOAT -> push(new Real(in.bigEndianDouble()));
      case BINUNICODE -> push(new Text(in.text(in.u4())));
      case SHORT_BINUNICODE -> push(new Text(in.text(in.u1())));
      case BINUNICODE8 -> push(new Text(in.text(in.i8())));
      // Python 2's strings: text for names, bytes for all we know.
      case BINSTRING -> push(string(in.bytes(in.u4())));
      case SHORT_BINSTRING -> push(string(in.bytes(in.u1())));
      case BINBYTES -> push(skipped(in.u4()));
      case SHORT_BINBYTES -> push(skipped(in.u1()));
      case BINBYTES8 -> push(skipped(in.i8()));
      case MARK -> marks.push(stack.size());
      case EMPTY_TUPLE -> push(new Tuple(List.of()));
      case TUPLE1 -> push(new Tuple(top(1)));
      case TUPLE2 -> push(new Tuple(top(2)));
      case TUPLE3 -> push(new Tuple(top(3)));
      case TUPLE -> push(new Tuple(sinceMark()));
      case EMPTY_LIST -> push(new PickleList());
      case EMPTY_DICT -> push(new PickleDict());
      case APPEND, APPENDS -> append(opcode == Opcode.APPEND ? top(1) : sinceMark());
      case SETITEM, SETITEMS -> put(opcode == Opcode.SETITEM ? top(2) : sinceMark());
      case MEMOIZE -> memoize(memoized);
      case BINPUT -> memoize(in.u1());
      case LONG_BINPUT -> memoize(in.u4());
      case BINGET -> push(recall(in.u1()));
      case LONG_BINGET -> push(recall(in.u4()));
      case GLOBAL -> push(global(in.line(), in.line()));
      case STACK_GLOBAL -> stackGlobal();
      case BINPERSID -> push(new Persistent(pop()));
      case REDUCE -> reduce();
      case BUILD -> build();
      default -> throw in.malformed("has no meaning here");
    }
  }

  private void frame() {
    // A hint for readers of streams; the length alone can be wrong.
    long length = in.i8();
    if (length < 0 || length > in.remaining()) {
      throw in.malformed(
          "frames "
              + Long.toUnsignedString(length)
              + " bytes, but only "
              + in.remaining()
              + " follow: the pickle is truncated or damaged");
    }
  }

  private void push(PickleValue value) {
    count(1);
    stack.add(value);
  }

  private void count(int values) {
    // No more than twice the limit, which is far from overflowing.
    pushed += values;
    if (pushed > MOST_VALUES) {
      throw in.malformed("makes more than " + MOST_VALUES + " values, the most allowed");
    }
  }

  /** The lowest index that opcodes may take from: they must not reach past a mark. */
  private int floor() {
    Integer mark = marks.peek();
    return mark == null ? 0 : mark;
  }

  private PickleValue pop() {
    if (stack.size() <= floor()) {
      throw in.malformed("finds nothing on the stack: the pickle is damaged");
    }
    return stack.remove(stack.size() - 1);
  }

  private PickleValue peek() {
    if (stack.size() <= floor()) {
      throw in.malformed("finds nothing on the stack: the pickle is damaged");
    }
    return stack.get(stack.size() - 1);
  }

  private List<PickleValue> top(int count) {
    if (stack.size() - floor() < count) {
      throw in.malformed("finds fewer than " + count + " values on the stack: it is damaged");
    }
    return take(stack.size() - count);
  }

  private List<PickleValue> sinceMark() {
    if (marks.isEmpty()) {
      throw in.malformed("finds no mark on the stack: the pickle is damaged");
    }
    return take(marks.pop());
  }

  private List<PickleValue> take(int from) {
    List<PickleValue> end = stack.subList(from, stack.size());
    List<PickleValue> taken = List.copyOf(end);
    end.clear();
    return taken;
  }

  private void append(List<PickleValue> items) {
    if (!(peek() instanceof PickleList list)) {
      throw in.malformed("appends to " + peek().kind() + ", must append to a list");
    }
    items.forEach(list::add);
  }

  private void put(List<PickleValue> items) {
    if (!(peek() instanceof PickleDict dict)) {
      throw in.malformed("puts into " + peek().kind() + ", must put into a dictionary");
    }
    if (items.size() % 2 != 0) {
      throw in.malformed("puts a key without a value: the pickle is damaged");
    }
    for (int i = 0; i < items.size(); i += 2) {
      dict.put(items.get(i), items.get(i + 1));
    }
  }

  private void memoize(long index) {
    if (index >= MOST_VALUES) {
      throw in.malformed("memoizes as " + index + ", must be below " + MOST_VALUES);
    }
    while (memo.size() <= index) {
      memo.add(null);
    }
    if (memo.set((int) index, peek()) == null) {
      memoized++;
    }
  }

  private PickleValue recall(long index) {
    PickleValue value = index < memo.size() ? memo.get((int) index) : null;
    if (value == null) {
      throw in.malformed("recalls " + index + ", which was not memoized: the pickle is damaged");
    }
    return value;
  }

  private Global global(String module, String name) {
    String global = module + "." + name;
    if (!allowed.names().contains(global)) {
      throw in.malformed(
          "names "
              + UntrustedText.quote(global)
              + ", which is refused: nothing but tensors and their containers is read; "
              + advice());
    }
    return new Global(global);
  }

  private String advice() {
    return allowed.advice();
  }

  private void stackGlobal() {
    List<PickleValue> names = top(2);
    if (names.get(0) instanceof Text module && names.get(1) instanceof Text name) {
      push(global(module.value(), name.value()));
    } else {
      throw in.malformed(
          "takes "
              + names.get(0).kind()
              + " and "
              + names.get(1).kind()
              + ", must take two strings");
    }
  }

  private void reduce() {
    List<PickleValue> call = top(2);
    if (!(call.get(0) instanceof Global function)
        || !allowed.functions().contains(function.name())) {
      throw in.malformed(
          "calls " + call.get(0).kind() + ", must call one of " + allowed.functions());
    }
    if (!(call.get(1) instanceof Tuple arguments)) {
      throw in.malformed("passes " + call.get(1).kind() + ", must pass a tuple of arguments");
    }
    push(
        function.name().equals(ORDERED_DICT)
            ? orderedDict(arguments)
            : new Call(function.name(), arguments));
  }

  /** An empty one to be filled, or Python 2's way: a list of lists of a key and a value. */
  private PickleDict orderedDict(Tuple arguments) {
    PickleDict dict = new PickleDict();
    if (arguments.items().isEmpty()) {
      return dict;
    }
    if (arguments.items().size() == 1 && arguments.items().get(0) instanceof PickleList pairs) {
      // One list can fill dictionaries without end.
      count(pairs.items().size());
      for (PickleValue pair : pairs.items()) {
        List<PickleValue> items =
            pair instanceof PickleList list
                ? list.items()
                : pair instanceof Tuple tuple ? tuple.items() : List.of();
        if (items.size() != 2) {
          throw in.malformed("fills a dictionary with " + pair.kind() + ", must be pairs");
        }
        dict.put(items.get(0), items.get(1));
      }
      return dict;
    }
    throw in.malformed("fills a dictionary with something else than a list of pairs");
  }

  private void build() {
    PickleValue state = pop();
    if (peek() instanceof Call call && allowed.opaque().contains(call.function())) {
      return;
    }
    // What hangs on a dictionary's attributes, PyTorch's "_metadata", says nothing about values.
    if (!(peek() instanceof PickleDict) || !(state instanceof PickleDict)) {
      throw in.malformed(
          "sets the attributes of "
              + peek().kind()
              + " from "
              + state.kind()
              + ", must set an ordered dictionary's from a dictionary; "
              + advice());
    }
  }

  private static PickleValue integer(byte[] littleEndian) {
    if (littleEndian.length > Long.BYTES) {
      return new Huge(littleEndian.length);
    }
    long value = 0;
    for (int i = littleEndian.length - 1; i >= 0; i--) {
      // The highest byte has the sign.
      value =
          i == littleEndian.length - 1 ? littleEndian[i] : value << 8 | (littleEndian[i] & 0xff);
    }
    return new Whole(value);
  }

  private static PickleValue string(byte[] text) {
    Optional<String> decoded = PickleBytes.utf8(text);
    return decoded.isPresent() ? new Text(decoded.get()) : new Bytes(text.length);
  }

  private PickleValue skipped(long length) {
    in.skip(length);
    return new Bytes((int) length);
  }
}
