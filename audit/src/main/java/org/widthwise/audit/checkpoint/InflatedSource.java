package org.widthwise.audit.checkpoint;

import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;

/**
 * A deflated entry, inflated into memory when it is first read, since deflate has no way to begin
 * in the middle. The memory is given up again when it gets short.
 */
final class InflatedSource implements ByteSource {

  private static final int LONGEST = 1 << 30;

  private final ZipArchive archive;
  private final ZipEntry entry;
  private final long start;
  private SoftReference<byte[]> inflated = new SoftReference<>(null);

  private InflatedSource(ZipArchive archive, ZipEntry entry, long start) {
    this.archive = archive;
    this.entry = entry;
    this.start = start;
  }

  static InflatedSource of(ZipArchive archive, ZipEntry entry, long start) {
    // A quarter of the memory leaves room for the values themselves.
    long longest = Math.min(LONGEST, Runtime.getRuntime().maxMemory() / 4);
    if (entry.size() > longest) {
      throw archive.malformed(
          entry,
          "is compressed and inflates to "
              + entry.size()
              + " bytes, must be at most "
              + longest
              + " with this much memory; save with numpy.savez, not savez_compressed");
    }
    return new InflatedSource(archive, entry, start);
  }

  @Override
  public void read(long position, ByteBuffer into) {
    byte[] bytes = inflated();
    if (position < 0 || position > bytes.length - into.remaining()) {
      throw archive.malformed(
          entry, "ends before byte " + (position + into.remaining()) + ": it is damaged");
    }
    into.put(bytes, (int) position, into.remaining());
  }

  private synchronized byte[] inflated() {
    byte[] bytes = inflated.get();
    if (bytes == null) {
      bytes = ZipInflation.inflate(archive, entry, start, (int) entry.size());
      ZipInflation.checkCrc(archive, entry, bytes);
      inflated = new SoftReference<>(bytes);
    }
    return bytes;
  }
}
