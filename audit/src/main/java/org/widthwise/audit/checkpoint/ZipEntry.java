package org.widthwise.audit.checkpoint;

/**
 * What a zip archive's central directory says of an entry.
 *
 * @param name its name, from outside
 * @param method how it is packed: {@link #STORED}, {@link #DEFLATED} or what is not read
 * @param encrypted whether it is
 * @param crc the checksum of its bytes
 * @param packedSize the bytes that it takes in the archive
 * @param size its bytes
 * @param headerOffset where its local header begins
 */
record ZipEntry(
    String name,
    int method,
    boolean encrypted,
    int crc,
    long packedSize,
    long size,
    long headerOffset) {

  static final int STORED = 0;
  static final int DEFLATED = 8;

  boolean isStored() {
    return method == STORED;
  }
}
