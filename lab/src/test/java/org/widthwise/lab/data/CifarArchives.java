package org.widthwise.lab.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Makes archives like CIFAR-10's, honest and hostile. */
final class CifarArchives {
  static final String PREFIX = "cifar-10-batches-bin/";

  private CifarArchives() {}

  /** Writes entries of an archive. */
  interface TarPart {
    void writeTo(TarArchiveOutputStream tar) throws IOException;
  }

  static byte[] archive(TarPart extra) throws IOException {
    return pack(
        tar -> {
          tar.putArchiveEntry(new TarArchiveEntry(PREFIX));
          tar.closeArchiveEntry();
          for (int k = 0; k <= 5; k++) {
            String name = k == 0 ? "test_batch.bin" : "data_batch_" + k + ".bin";
            file(tar, PREFIX + name, CifarFiles.batch(k));
          }
          extra.writeTo(tar);
        });
  }

  static byte[] pack(TarPart part) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    GZIPOutputStream gzip = new GZIPOutputStream(bytes);
    TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    part.writeTo(tar);
    try {
      tar.close();
    } catch (IOException e) {
      // An entry that promises more than it holds cannot be closed; what is written stays.
      gzip.close();
    }
    return bytes.toByteArray();
  }

  static void file(TarArchiveOutputStream tar, String name, int size) throws IOException {
    file(tar, name, new byte[size]);
  }

  static void file(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  static void link(TarArchiveOutputStream tar, String name, byte kind, String target)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }
}
