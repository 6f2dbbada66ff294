package org.widthwise.audit.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;

/**
 * A zip archive of which only the directory is read, and then what is asked for.
 *
 * <p>{@code java.util.zip} gives no offsets and so no way to read a stored entry of gigabytes in
 * pieces and by several threads.
 */
final class ZipArchive {

  private static final int LOCAL_HEADER = 0x04034b50;
  private static final int LOCAL_HEADER_BYTES = 30;

  private final FileSource source;
  private final long directoryStart;
  private final Map<String, ZipEntry> entries;

  private ZipArchive(FileSource source, long directoryStart, Map<String, ZipEntry> entries) {
    this.source = source;
    this.directoryStart = directoryStart;
    this.entries = entries;
  }

  static ZipArchive open(FileSource source) {
    ZipDirectory directory = ZipDirectory.read(source);
    return new ZipArchive(source, directory.start(), directory.entries());
  }

  FileSource source() {
    return source;
  }

  Collection<ZipEntry> entries() {
    return entries.values();
  }

  Optional<ZipEntry> find(String name) {
    @Nullable ZipEntry entry = entries.get(name);
    return Optional.ofNullable(entry);
  }

  /** Where an entry's packed bytes begin, its local header having been checked. */
  long dataStart(ZipEntry entry) {
    if (entry.encrypted()) {
      throw malformed(entry, "is encrypted, must not be");
    }
    if (entry.method() != ZipEntry.STORED && entry.method() != ZipEntry.DEFLATED) {
      throw malformed(
          entry, "is packed by method " + entry.method() + ", must be stored (0) or deflated (8)");
    }
    long offset = entry.headerOffset();
    byte[] bytes = source.bytes(offset, LOCAL_HEADER_BYTES);
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < LOCAL_HEADER_BYTES || header.getInt(0) != LOCAL_HEADER) {
      throw malformed(entry, "has no local header at byte " + offset + ": the file is damaged");
    }
    int nameLength = header.getShort(26) & 0xffff;
    int extraLength = header.getShort(28) & 0xffff;
    byte[] name = source.bytes(offset + LOCAL_HEADER_BYTES, nameLength);
    if (!ZipDirectory.text(name).equals(entry.name()) || header.getShort(8) != entry.method()) {
      throw malformed(
          entry, "is another one by its local header at byte " + offset + ", must be the same");
    }
    long start = offset + LOCAL_HEADER_BYTES + nameLength + extraLength;
    if (start + entry.packedSize() > directoryStart) {
      throw malformed(
          entry,
          "has "
              + entry.packedSize()
              + " bytes at byte "
              + start
              + ", must end before the directory at byte "
              + directoryStart);
    }
    return start;
  }

  /** All bytes of an entry, inflated if need be. */
  byte[] bytes(ZipEntry entry, int longest) {
    if (entry.size() > longest) {
      throw malformed(entry, "has " + entry.size() + " bytes, must have at most " + longest);
    }
    long start = dataStart(entry);
    if (!entry.isStored()) {
      byte[] inflated = ZipInflation.inflate(this, entry, start, (int) entry.size());
      ZipInflation.checkCrc(this, entry, inflated);
      return inflated;
    }
    byte[] read = source.bytes(start, (int) entry.size());
    if (read.length < entry.size()) {
      throw malformed(entry, "ends early: the file became shorter while it was read");
    }
    return read;
  }

  MalformedFileException malformed(ZipEntry entry, String problem) {
    return new MalformedFileException(
        source.file(), "the zip entry " + UntrustedText.quote(entry.name()) + " " + problem);
  }
}
