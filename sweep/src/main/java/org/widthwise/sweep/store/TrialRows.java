package org.widthwise.sweep.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads trials off their tables, within a transaction of the caller. */
final class TrialRows {

  private TrialRows() {}

  /** All of a sweep with their metrics, in the order of configuration and seed. */
  static List<StoredTrial> all(Connection connection, String sweep) throws SQLException {
    Map<String, Map<String, NavigableMap<Long, Double>>> metrics = metrics(connection, sweep);
    List<StoredTrial> trials = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT digest, configuration, seed, work, state, attempts, failures, takeovers,"
                + " worker, seconds, message, provenance FROM trial WHERE sweep = ? ORDER BY"
                + " configuration, seed")) {
      query.setString(1, sweep);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          trials.add(trial(rows, metrics.getOrDefault(rows.getString(1), Map.of())));
        }
      }
    }
    return trials;
  }

  /** Those that are not over, the ones with the most work first. */
  static List<OpenTrial> open(Connection connection, String sweep, String silent)
      throws SQLException {
    List<OpenTrial> trials = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT digest, work, CASE WHEN state = 'running' AND NOT "
                + silent
                + " THEN worker END FROM trial WHERE sweep = ? AND state IN ('waiting', 'running')"
                + " ORDER BY work DESC, digest")) {
      query.setString(1, sweep);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          trials.add(
              new OpenTrial(rows.getString(1), rows.getDouble(2), orEmpty(rows.getString(3))));
        }
      }
    }
    return trials;
  }

  private static StoredTrial trial(ResultSet row, Map<String, NavigableMap<Long, Double>> metrics)
      throws SQLException {
    double seconds = row.getDouble(10);
    boolean timed = !row.wasNull();
    return new StoredTrial(
        row.getString(1),
        row.getString(2),
        row.getLong(3),
        row.getDouble(4),
        TrialState.named(row.getString(5)),
        row.getInt(6),
        row.getInt(7),
        row.getInt(8),
        orEmpty(row.getString(9)),
        timed ? seconds : Double.NaN,
        orEmpty(row.getString(11)),
        orEmpty(row.getString(12)),
        metrics);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Map<String, Map<String, NavigableMap<Long, Double>>> metrics(
      Connection connection, String sweep) throws SQLException {
    Map<String, Map<String, NavigableMap<Long, Double>>> metrics = new HashMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT digest, name, step, value FROM metric WHERE sweep = ? ORDER BY digest, name,"
                + " step")) {
      query.setString(1, sweep);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          metrics
              .computeIfAbsent(rows.getString(1), any -> new LinkedHashMap<>())
              .computeIfAbsent(rows.getString(2), any -> new TreeMap<>())
              .put(rows.getLong(3), rows.getDouble(4));
        }
      }
    }
    return metrics;
  }
}
