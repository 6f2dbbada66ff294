package org.widthwise.audit.checkpoint;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates entries, never to more than they say they hold. */
final class ZipInflation {

  /** What deflate can gain at most: 258 bytes by two bits. */
  private static final long HIGHEST_RATIO = 1032;

  private static final int PIECE = 1 << 16;

  private ZipInflation() {}

  /**
   * Inflates the front of an entry, or all of it.
   *
   * @param start where its packed bytes begin
   * @param count how many bytes, at most the entry's size
   */
  static byte[] inflate(ZipArchive archive, ZipEntry entry, long start, int count) {
    if (entry.size() / HIGHEST_RATIO > entry.packedSize()) {
      throw archive.malformed(
          entry,
          "says that "
              + entry.packedSize()
              + " bytes inflate to "
              + entry.size()
              + ", deflate gains at most a factor of "
              + HIGHEST_RATIO);
    }
    byte[] inflated = new byte[count];
    Inflater inflater = new Inflater(true);
    try {
      int done = 0;
      long read = 0;
      boolean whole = count == entry.size();
      byte[] beyond = new byte[1];
      while (!inflater.finished() && (done < count || whole)) {
        if (inflater.needsInput()) {
          int now = (int) Math.min(PIECE, entry.packedSize() - read);
          if (now == 0) {
            break;
          }
          ByteBuffer piece = ByteBuffer.allocate(now);
          archive.source().read(start + read, piece);
          inflater.setInput(piece.flip());
          read += now;
        }
        int got =
            done < count
                ? inflater.inflate(inflated, done, count - done)
                : inflater.inflate(beyond);
        if (done == count && got > 0) {
          throw archive.malformed(
              entry, "inflates to more than the " + count + " bytes that it says");
        }
        if (got == 0 && inflater.needsDictionary()) {
          throw archive.malformed(entry, "needs a dictionary, which zip archives do not have");
        }
        done += got;
      }
      if (done < count || (whole && !inflater.finished())) {
        throw archive.malformed(
            entry,
            "inflates to " + done + " bytes, must inflate to " + count + ": the file is damaged");
      }
      return inflated;
    } catch (DataFormatException e) {
      throw archive.malformed(entry, "cannot be inflated: the file is damaged");
    } finally {
      inflater.end();
    }
  }

  static void checkCrc(ZipArchive archive, ZipEntry entry, byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    if ((int) crc.getValue() != entry.crc()) {
      throw archive.malformed(
          entry,
          String.format(
              "has the checksum %08x, must have %08x: the file is damaged",
              crc.getValue(), entry.crc()));
    }
  }
}
