package org.widthwise.sweep.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.widthwise.lab.run.RunException;

/** A connection whose work is done in transactions, and which is made anew when it was lost. */
final class Transactions implements AutoCloseable {

  private static final String CONNECTION_LOST = "08";

  private final StorageUrl place;
  private Connection connection;

  Transactions(StorageUrl place) {
    this.place = place;
    try {
      this.connection = place.connect();
    } catch (SQLException failed) {
      throw unusable(place, failed);
    }
  }

  /** What is done in a transaction. It may be done twice. */
  @FunctionalInterface
  interface Action<T> {
    T on(Connection connection) throws SQLException;
  }

  /**
   * Does it all or leaves everything as it was.
   *
   * @throws RunException if the database refuses
   */
  synchronized <T> T run(Action<T> action) {
    try {
      try {
        return attempt(action);
      } catch (SQLException failed) {
        if (failed.getSQLState() == null || !failed.getSQLState().startsWith(CONNECTION_LOST)) {
          throw failed;
        }
        // Whether it was committed is not known, so every action may be repeated: a result that
        // was stored finds its claim gone.
        connection = place.connect();
        return attempt(action);
      }
    } catch (SQLException failed) {
      throw unusable(place, failed);
    }
  }

  private <T> T attempt(Action<T> action) throws SQLException {
    connection.setAutoCommit(false);
    boolean committed = false;
    try {
      T result = action.on(connection);
      // Commits. SQLite's driver begins the next transaction in commit() itself, which would lock
      // all others out until then.
      connection.setAutoCommit(true);
      committed = true;
      return result;
    } finally {
      if (!committed && !connection.isClosed()) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException failed) {
      throw unusable(place, failed);
    }
  }

  private static RunException unusable(StorageUrl place, SQLException failed) {
    String reason = String.valueOf(failed.getMessage()).lines().findFirst().orElse("");
    return new RunException("the storage %s: %s".formatted(place.words(), reason), failed);
  }
}
