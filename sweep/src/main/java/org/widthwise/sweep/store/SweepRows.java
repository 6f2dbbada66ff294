package org.widthwise.sweep.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and makes sweeps in their tables, within a transaction of the caller. */
final class SweepRows {

  private SweepRows() {}

  /** In alphabetical order. */
  static List<String> names(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement query =
            connection.prepareStatement("SELECT name FROM sweep ORDER BY name");
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  /** The text that a sweep was stored with; empty if there is no such sweep. */
  static Optional<String> definition(Connection connection, String sweep) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT definition FROM sweep WHERE name = ?")) {
      query.setString(1, sweep);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
      }
    }
  }

  /**
   * Adds trials to a sweep, which is made if there is none of the name.
   *
   * @return the definition that the sweep has: if it is another one, nothing was added
   */
  static String add(
      Connection connection, String sweep, String definition, Collection<NewTrial> trials)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO sweep (name, definition) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")) {
      insert.setString(1, sweep);
      insert.setString(2, definition);
      insert.executeUpdate();
    }
    String there = definition(connection, sweep).orElseThrow();
    if (there.equals(definition)) {
      insert(connection, sweep, trials);
    }
    return there;
  }

  private static void insert(Connection connection, String sweep, Collection<NewTrial> trials)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO trial (sweep, digest, configuration, seed, work, state) VALUES"
                + " (?, ?, ?, ?, ?, 'waiting') ON CONFLICT (sweep, digest) DO NOTHING")) {
      for (NewTrial trial : trials) {
        insert.setString(1, sweep);
        insert.setString(2, trial.digest());
        insert.setString(3, trial.configuration());
        insert.setLong(4, trial.seed());
        insert.setDouble(5, trial.work());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** How far a sweep is. */
  static SweepState state(Connection connection, String sweep) throws SQLException {
    Map<TrialState, Integer> counts = new EnumMap<>(TrialState.class);
    double work = 0;
    double finished = 0;
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT state, COUNT(*), SUM(work) FROM trial WHERE sweep = ? GROUP BY state")) {
      query.setString(1, sweep);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          TrialState state = TrialState.named(rows.getString(1));
          counts.put(state, rows.getInt(2));
          work += rows.getDouble(3);
          finished += state.isFinal() ? rows.getDouble(3) : 0;
        }
      }
    }
    return new SweepState(counts, work, finished);
  }
}
