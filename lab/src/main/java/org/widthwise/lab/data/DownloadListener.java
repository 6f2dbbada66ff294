package org.widthwise.lab.data;

import java.nio.file.Path;

/** Hears how a download goes. Called on the thread that downloads; must return quickly. */
public interface DownloadListener {

  /** The total of a download whose size the server does not say. */
  long UNKNOWN = -1;

  /**
   * Hears that bytes have arrived.
   *
   * @param bytes bytes of the file that are here, those of earlier attempts included
   * @param total bytes of the whole file, or {@link #UNKNOWN}
   */
  void progressed(long bytes, long total);

  /**
   * Hears that the connection broke and that the download goes on from where it stands.
   *
   * @param bytes bytes of the file that are here
   * @param reason what broke
   */
  default void resuming(long bytes, String reason) {}

  /**
   * Hears that another download of the same files is under way and is being waited for.
   *
   * @param lock the lock file that it holds
   */
  default void waiting(Path lock) {}

  /**
   * Returns a listener that does nothing.
   *
   * @return the listener
   */
  static DownloadListener silent() {
    return (bytes, total) -> {};
  }
}
