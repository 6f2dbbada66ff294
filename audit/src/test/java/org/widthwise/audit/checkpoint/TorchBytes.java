package org.widthwise.audit.checkpoint;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Packs and repacks archives as PyTorch does, every entry stored. */
final class TorchBytes {

  private static final String PICKLE = "archive/data.pkl";

  private TorchBytes() {}

  /** An archive with a pickle and nothing else. */
  static byte[] archive(byte[] pickle) {
    return pack(Map.of(PICKLE, pickle));
  }

  /** An archive with the pickle changed. */
  static byte[] changePickle(byte[] archive, UnaryOperator<byte[]> change) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        byte[] bytes = in.readAllBytes();
        boolean pickle = entry.getName().endsWith("/data.pkl");
        entries.put(entry.getName(), pickle ? change.apply(bytes) : bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pack(entries);
  }

  private static byte[] pack(Map<String, byte[]> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        var zipEntry = new java.util.zip.ZipEntry(entry.getKey());
        CRC32 crc = new CRC32();
        crc.update(entry.getValue());
        zipEntry.setSize(entry.getValue().length);
        zipEntry.setCrc(crc.getValue());
        out.putNextEntry(zipEntry);
        out.write(entry.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
