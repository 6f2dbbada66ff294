package org.widthwise.spark;

import java.io.Serializable;
import java.time.Duration;

/**
 * What an executor must know to work on a sweep.
 *
 * @param storage the store's address
 * @param identity what tells the store from others; empty if it does not tell
 * @param sweep the name of the sweep
 * @param data the directory of the data; empty to look for them
 * @param heartbeat the time from one sign of life to the next
 * @param application Spark's name for the application
 */
record SiteSettings(
    String storage,
    String identity,
    String sweep,
    String data,
    Duration heartbeat,
    String application)
    implements Serializable {

  /** How the names of all workers on an executor begin. */
  static String prefix(String application, String executor) {
    return "%s/%s ".formatted(application, executor);
  }
}
