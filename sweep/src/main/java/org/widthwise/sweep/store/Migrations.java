package org.widthwise.sweep.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.widthwise.lab.run.RunException;

/**
 * Brings a database to the newest schema: the files {@code 1.sql}, {@code 2.sql}, … beside this
 * class, each once and in one transaction with the note that it was. A file that was released is
 * never changed. Flyway does the same and much more, but several processes opening one SQLite file
 * at once trip over its locks (flyway/flyway#1499), which is what workers do.
 */
final class Migrations {

  /** The newest schema. */
  static final int NEWEST = 1;

  private Migrations() {}

  /** Within a transaction of the caller. */
  static void run(Connection connection, Dialect dialect) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(dialect.lockForMigration());
      statement.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)");
      int version;
      try (ResultSet found =
          statement.executeQuery("SELECT COALESCE(MAX(version), 0) FROM schema_version")) {
        found.next();
        version = found.getInt(1);
      }
      if (version > NEWEST) {
        throw new RunException(
            "the storage has schema %d, but this version of widthwise knows up to %d: use a newer one"
                .formatted(version, NEWEST));
      }
      for (int next = version + 1; next <= NEWEST; next++) {
        for (String command : script(next).split(";", -1)) {
          if (!command.isBlank()) {
            statement.execute(command);
          }
        }
        statement.execute("INSERT INTO schema_version VALUES (" + next + ")");
      }
    }
  }

  private static String script(int version) {
    String name = version + ".sql";
    try (InputStream in = Migrations.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
