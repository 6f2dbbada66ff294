package org.widthwise.sweep.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who works on which trial, within a transaction of the caller. Whatever the holder of a claim does
 * to its trial, it does only while the claim is its own.
 */
final class Claims {

  /** A trial that was lost by so many workers is taken for what killed them. */
  static final int MOST_TAKEOVERS = 20;

  /** A trial that throws is begun once more, and no more than that. */
  private static final int MOST_FAILURES = 2;

  private final String now;
  private final String skipLocked;

  Claims(Dialect dialect) {
    this.now = dialect.now();
    this.skipLocked = dialect.skipLocked();
  }

  /** True of a trial whose worker said nothing for longer than it asked others to wait. */
  String silent() {
    return "(state = 'running' AND heartbeat_ms + patience_ms < " + now + ")";
  }

  /**
   * Claims a trial that waits or whose worker fell silent.
   *
   * @param digest which; null for the one with the most work
   */
  Optional<Claim> claim(
      Connection connection,
      String sweep,
      @Nullable String digest,
      String worker,
      Duration patience)
      throws SQLException {
    giveUpDeadly(connection, sweep);
    String token = UUID.randomUUID().toString();
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE trial SET attempts = attempts + 1, takeovers = takeovers + CASE WHEN"
                + " state = 'running' THEN 1 ELSE 0 END, state = 'running', claim = ?,"
                + " worker = ?, patience_ms = ?, started_ms = "
                + now
                + ", heartbeat_ms = "
                + now
                + " WHERE sweep = ? AND digest = (SELECT digest FROM trial WHERE sweep = ?"
                + " AND (state = 'waiting' OR "
                + silent()
                + ")"
                + (digest == null ? "" : " AND digest = ?")
                + " ORDER BY work DESC, digest LIMIT 1"
                + skipLocked
                + ") RETURNING digest, configuration, seed, work, attempts")) {
      update.setString(1, token);
      update.setString(2, worker);
      update.setLong(3, patience.toMillis());
      update.setString(4, sweep);
      update.setString(5, sweep);
      if (digest != null) {
        update.setString(6, digest);
      }
      try (ResultSet rows = update.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new Claim(
                    sweep,
                    rows.getString(1),
                    token,
                    rows.getString(2),
                    rows.getLong(3),
                    rows.getDouble(4),
                    rows.getInt(5)))
            : Optional.empty();
      }
    }
  }

  private void giveUpDeadly(Connection connection, String sweep) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE trial SET state = 'failed', claim = NULL, message = 'its worker fell silent '"
                + " || (takeovers + 1) || ' times' WHERE sweep = ? AND takeovers >= "
                + MOST_TAKEOVERS
                + " AND "
                + silent())) {
      update.setString(1, sweep);
      update.executeUpdate();
    }
  }

  /** Takes their trials from workers whose names begin so; returns how many they had. */
  static int abandon(Connection connection, String sweep, String prefix) throws SQLException {
    String last = "takeovers >= " + MOST_TAKEOVERS;
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE trial SET claim = NULL, heartbeat_ms = NULL, takeovers = takeovers + 1,"
                + " state = CASE WHEN "
                + last
                + " THEN 'failed' ELSE 'waiting' END, message = CASE WHEN "
                + last
                + " THEN 'its worker died ' || (takeovers + 1) || ' times' ELSE message END"
                + " WHERE sweep = ? AND state = 'running' AND substr(worker, 1, ?) = ?")) {
      update.setString(1, sweep);
      update.setInt(2, prefix.length());
      update.setString(3, prefix);
      return update.executeUpdate();
    }
  }

  /** Says that the worker of these is alive; returns those that are still its own. */
  Set<Claim> heartbeat(Connection connection, Collection<Claim> claims) throws SQLException {
    Set<Claim> kept = new HashSet<>();
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE trial SET heartbeat_ms = "
                + now
                + " WHERE sweep = ? AND digest = ? AND claim = ?")) {
      for (Claim claim : claims) {
        identify(update, 1, claim);
        if (update.executeUpdate() == 1) {
          kept.add(claim);
        }
      }
    }
    return kept;
  }

  /** Lets the trial wait again; returns whether it was the holder's. */
  static boolean release(Connection connection, Claim claim) throws SQLException {
    return update(
        connection,
        claim,
        "UPDATE trial SET state = 'waiting', claim = NULL, heartbeat_ms = NULL",
        statement -> 1);
  }

  /** Records that the trial threw; returns whether it was the holder's. */
  boolean fail(Connection connection, Claim claim, String message) throws SQLException {
    return update(
        connection,
        claim,
        "UPDATE trial SET claim = NULL, failures = failures + 1, message = ?, finished_ms = "
            + now
            + ", state = CASE WHEN failures + 1 >= "
            + MOST_FAILURES
            + " THEN 'failed' ELSE 'waiting' END",
        statement -> {
          statement.setString(1, message);
          return 2;
        });
  }

  /** Stores what came of the trial; returns whether it was the holder's. */
  boolean finish(Connection connection, Claim claim, TrialResult result) throws SQLException {
    boolean owned =
        update(
            connection,
            claim,
            "UPDATE trial SET claim = NULL, state = ?, message = ?, seconds = ?,"
                + " provenance = ?, finished_ms = "
                + now,
            statement -> {
              statement.setString(
                  1, (result.diverged() ? TrialState.DIVERGED : TrialState.DONE).id());
              statement.setString(2, result.message().isEmpty() ? null : result.message());
              statement.setDouble(3, result.seconds());
              statement.setString(4, result.provenance());
              return 5;
            });
    if (owned) {
      insert(connection, claim, result.metrics());
    }
    return owned;
  }

  private static void insert(Connection connection, Claim claim, List<Metric> metrics)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO metric (sweep, digest, name, step, value) VALUES (?, ?, ?, ?, ?)")) {
      for (Metric metric : metrics) {
        insert.setString(1, claim.sweep());
        insert.setString(2, claim.digest());
        insert.setString(3, metric.name());
        insert.setLong(4, metric.step());
        insert.setDouble(5, metric.value());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  @FunctionalInterface
  private interface Binding {
    /** Sets the first parameters; returns the number of the next one. */
    int bind(PreparedStatement statement) throws SQLException;
  }

  private static boolean update(Connection connection, Claim claim, String change, Binding binding)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            change + " WHERE sweep = ? AND digest = ? AND claim = ? AND state = 'running'")) {
      identify(statement, binding.bind(statement), claim);
      return statement.executeUpdate() == 1;
    }
  }

  private static void identify(PreparedStatement statement, int first, Claim claim)
      throws SQLException {
    statement.setString(first, claim.sweep());
    statement.setString(first + 1, claim.digest());
    statement.setString(first + 2, claim.token());
  }
}
