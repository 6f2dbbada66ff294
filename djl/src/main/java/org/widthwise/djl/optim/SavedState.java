package org.widthwise.djl.optim;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A parameter's state outside of any engine: its arrays in DJL's own encoding.
 *
 * @param rule the id of the update rule that it is of
 * @param updates the number of updates made
 * @param arrays encoded arrays by name
 */
record SavedState(String rule, long updates, Map<String, byte[]> arrays) {

  private static final String FORMAT = "widthwise-djl-optimizer";
  private static final int VERSION = 1;

  static void write(Map<String, SavedState> states, DataOutputStream out) throws IOException {
    out.writeUTF(FORMAT);
    out.writeInt(VERSION);
    out.writeInt(states.size());
    for (Map.Entry<String, SavedState> entry : states.entrySet()) {
      SavedState state = entry.getValue();
      out.writeUTF(entry.getKey());
      out.writeUTF(state.rule());
      out.writeLong(state.updates());
      out.writeInt(state.arrays().size());
      for (Map.Entry<String, byte[]> array : state.arrays().entrySet()) {
        out.writeUTF(array.getKey());
        out.writeInt(array.getValue().length);
        out.write(array.getValue());
      }
    }
    out.flush();
  }

  static Map<String, SavedState> read(DataInputStream in) throws IOException {
    String format = in.readUTF();
    int version = in.readInt();
    if (!format.equals(FORMAT) || version != VERSION) {
      throw new IOException(
          "an optimizer's state begins with %s, version %d, but this with '%s', version %d"
              .formatted(FORMAT, VERSION, format, version));
    }
    Map<String, SavedState> states = new LinkedHashMap<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      String rule = in.readUTF();
      long updates = in.readLong();
      int size = in.readInt();
      Map<String, byte[]> arrays = new LinkedHashMap<>();
      for (int j = 0; j < size; j++) {
        String array = in.readUTF();
        int length = in.readInt();
        byte[] bytes = length < 0 ? new byte[0] : in.readNBytes(length);
        if (bytes.length != length) {
          throw new IOException(
              "the array '%s' of '%s' should have %d bytes, but the stream ends after %d"
                  .formatted(array, name, length, bytes.length));
        }
        arrays.put(array, bytes);
      }
      states.put(name, new SavedState(rule, updates, arrays));
    }
    return states;
  }
}
