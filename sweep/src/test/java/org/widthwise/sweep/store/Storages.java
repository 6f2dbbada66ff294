package org.widthwise.sweep.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The storages that tests run against. */
public enum Storages {
  /** A file in the test's directory. */
  SQLITE,
  /** A schema of its own in the database that {@value #VARIABLE} names. */
  POSTGRESQL;

  /** Names a database that tests may make schemas in, such as postgresql://user:pw@localhost/db. */
  private static final String VARIABLE = "WIDTHWISE_TEST_POSTGRESQL";

  /**
   * The place of an empty store; the test is skipped where there is no such server.
   *
   * @param directory of the test
   * @return as {@link SweepStore#open} takes it
   * @throws SQLException if the server does not let a schema be made
   */
  public String fresh(Path directory) throws SQLException {
    if (this == SQLITE) {
      return directory.resolve("sweep.db").toString();
    }
    @Nullable String server = System.getenv(VARIABLE);
    assumeTrue(server != null, "no PostgreSQL: " + VARIABLE + " names no server");
    String schema = "test_" + UUID.randomUUID().toString().replace("-", "");
    try (Connection connection = StorageUrl.of(String.valueOf(server)).connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA " + schema);
    }
    return server + "?currentSchema=" + schema;
  }
}
