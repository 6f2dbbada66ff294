package org.widthwise.audit.pickle;

import org.jspecify.annotations.Nullable;

/** The opcodes of pickles, by the names that Python's {@code pickletools} has for them. */
enum Opcode {
  MARK('(', true),
  STOP('.', true),
  POP('0', false),
  POP_MARK('1', false),
  DUP('2', false),
  FLOAT('F', false),
  INT('I', false),
  BININT('J', true),
  BININT1('K', true),
  LONG('L', false),
  BININT2('M', true),
  NONE('N', true),
  PERSID('P', false),
  BINPERSID('Q', true),
  REDUCE('R', true),
  STRING('S', false),
  BINSTRING('T', true),
  SHORT_BINSTRING('U', true),
  UNICODE('V', false),
  BINUNICODE('X', true),
  APPEND('a', true),
  BUILD('b', true),
  GLOBAL('c', true),
  DICT('d', false),
  EMPTY_DICT('}', true),
  APPENDS('e', true),
  GET('g', false),
  BINGET('h', true),
  INST('i', false),
  LONG_BINGET('j', true),
  LIST('l', false),
  EMPTY_LIST(']', true),
  OBJ('o', false),
  PUT('p', false),
  BINPUT('q', true),
  LONG_BINPUT('r', true),
  SETITEM('s', true),
  TUPLE('t', true),
  EMPTY_TUPLE(')', true),
  SETITEMS('u', true),
  BINFLOAT('G', true),
  BINBYTES('B', true),
  SHORT_BINBYTES('C', true),
  PROTO(0x80, true),
  NEWOBJ(0x81, false),
  EXT1(0x82, false),
  EXT2(0x83, false),
  EXT4(0x84, false),
  TUPLE1(0x85, true),
  TUPLE2(0x86, true),
  TUPLE3(0x87, true),
  NEWTRUE(0x88, true),
  NEWFALSE(0x89, true),
  LONG1(0x8a, true),
  LONG4(0x8b, false),
  SHORT_BINUNICODE(0x8c, true),
  BINUNICODE8(0x8d, true),
  BINBYTES8(0x8e, true),
  EMPTY_SET(0x8f, false),
  ADDITEMS(0x90, false),
  FROZENSET(0x91, false),
  NEWOBJ_EX(0x92, false),
  STACK_GLOBAL(0x93, true),
  MEMOIZE(0x94, true),
  FRAME(0x95, true),
  BYTEARRAY8(0x96, false),
  NEXT_BUFFER(0x97, false),
  READONLY_BUFFER(0x98, false);

  private static final Opcode[] BY_BYTE = byByte();

  private final int code;
  private final boolean read;

  Opcode(int code, boolean read) {
    this.code = code;
    this.read = read;
  }

  /** Whether the reader knows what to do: tensors and their containers need no others. */
  boolean isRead() {
    return read;
  }

  /** The opcode of a byte, or null when Python has none. */
  static @Nullable Opcode of(int code) {
    return BY_BYTE[code];
  }

  private static Opcode[] byByte() {
    Opcode[] table = new Opcode[256];
    for (Opcode opcode : values()) {
      table[opcode.code] = opcode;
    }
    return table;
  }
}
