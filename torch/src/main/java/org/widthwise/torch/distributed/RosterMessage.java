package org.widthwise.torch.distributed;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What is sent over a {@link RosterLink}.
 *
 * @param kind what it is about
 * @param rank whom it is about
 * @param text what is said; empty where there is nothing to say
 */
record RosterMessage(Kind kind, int rank, String text) {

  /** Tells a process of this project from whatever else connects to a port. */
  private static final int MAGIC = 0x57574450;

  /** More than any configuration takes; a length beyond it is no length. */
  private static final int LONGEST_TEXT = 1 << 24;

  /** What a message is about. */
  enum Kind {
    /** A process introduces itself; the text is the size of the group as it knows it. */
    HELLO,
    /** All have come. */
    WELCOME,
    /** The text says why the group does not come about. */
    REFUSED,
    /** What a rank has to say to all. */
    VALUE,
    /** A rank is lost; the text says how. */
    FAILED,
    /** The sender is alive. */
    BEAT,
    /** The sender waits in vain and asks whether somebody is silent. */
    SUSPECT,
    /** The sender leaves in good order. */
    BYE
  }

  static RosterMessage of(Kind kind, int rank) {
    return new RosterMessage(kind, rank, "");
  }

  void writeTo(DataOutputStream out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(MAGIC);
    out.writeUTF(kind.name());
    out.writeInt(rank);
    out.writeInt(bytes.length);
    out.write(bytes);
    out.flush();
  }

  static RosterMessage readFrom(DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC) {
      throw new IOException("what connected is no process of this project");
    }
    Kind kind = kind(in.readUTF());
    int rank = in.readInt();
    int length = in.readInt();
    if (length < 0 || length > LONGEST_TEXT) {
      throw new IOException("a text of %d bytes".formatted(length));
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return new RosterMessage(kind, rank, new String(bytes, StandardCharsets.UTF_8));
  }

  private static Kind kind(String name) throws IOException {
    try {
      return Kind.valueOf(name);
    } catch (IllegalArgumentException unknown) {
      throw new IOException("what connected is another version of this project", unknown);
    }
  }
}
