package org.widthwise.sweep.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.widthwise.lab.run.RunException;

/**
 * The trials of sweeps, and who works on which. Many workers on many machines may share one store:
 * each trial is claimed by one of them at a time, whose heartbeat keeps the claim; a trial whose
 * worker fell silent may be claimed by another, and results are taken from the newest claim alone.
 * Times are those of the database's clock.
 *
 * <p>One object is one connection; threads may share it.
 */
public final class SweepStore implements AutoCloseable {

  /** A trial that was lost by so many workers is taken for what killed them. */
  static final int MOST_TAKEOVERS = 20;

  /** A trial that throws is begun once more, and no more than that. */
  private static final int MOST_FAILURES = 2;

  private static final String CONNECTION_LOST = "08";

  private final StorageUrl place;
  private Connection connection;

  private SweepStore(StorageUrl place, Connection connection) {
    this.place = place;
    this.connection = connection;
  }

  /**
   * Opens a store, or makes it.
   *
   * @param storage a file for SQLite, or {@code postgresql://user:password@host:port/database}, or
   *     either as a JDBC URL
   * @return the store
   * @throws RunException if it cannot be opened, or is of a newer version
   */
  public static SweepStore open(String storage) {
    StorageUrl place = StorageUrl.of(storage);
    place.makeDirectory();
    try {
      SweepStore store = new SweepStore(place, place.connect());
      store.transaction(
          connection -> {
            Migrations.run(connection, place.dialect());
            return true;
          });
      return store;
    } catch (SQLException failed) {
      throw unusable(place, failed);
    }
  }

  /**
   * Opens a store that is there.
   *
   * @param storage as of {@link #open}
   * @return the store
   * @throws RunException if there is none, it cannot be opened, or is of a newer version
   */
  public static SweepStore openExisting(String storage) {
    StorageUrl place = StorageUrl.of(storage);
    if (place.dialect() == Dialect.SQLITE && !place.isFile()) {
      throw new RunException(
          "there is no sweep in %s: 'widthwise sweep' makes one, --storage says where"
              .formatted(place.words()));
    }
    return open(storage);
  }

  private static RunException unusable(StorageUrl place, SQLException failed) {
    String reason = String.valueOf(failed.getMessage()).lines().findFirst().orElse("");
    return new RunException("the storage %s: %s".formatted(place.words(), reason), failed);
  }

  /**
   * What another process opens the store by, wherever it runs.
   *
   * @return an absolute path or a URL, passwords included
   */
  public String address() {
    return place.address();
  }

  /**
   * What tells this store from every other one, also from one that has the same address on another
   * machine.
   *
   * @return a word that two processes get alike if they see the same store; empty if a server does
   *     not tell
   * @throws RunException if it is no file and no server
   */
  public String identity() {
    return transaction(connection -> place.identity(connection));
  }

  /**
   * The names of the sweeps in the store.
   *
   * @return in alphabetical order
   */
  public List<String> sweeps() {
    return transaction(
        connection -> {
          List<String> names = new ArrayList<>();
          try (PreparedStatement query =
                  connection.prepareStatement("SELECT name FROM sweep ORDER BY name");
              ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
              names.add(rows.getString(1));
            }
          }
          return names;
        });
  }

  /**
   * The definition of a sweep.
   *
   * @param sweep its name
   * @return the text it was stored with
   * @throws RunException if there is no such sweep
   */
  public String definition(String sweep) {
    return findDefinition(sweep)
        .orElseThrow(
            () ->
                new RunException(
                    "there is no sweep '%s' in %s: it has %s"
                        .formatted(sweep, place.words(), sweeps())));
  }

  private Optional<String> findDefinition(String sweep) {
    return transaction(connection -> findDefinition(connection, sweep));
  }

  private static Optional<String> findDefinition(Connection connection, String sweep)
      throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT definition FROM sweep WHERE name = ?")) {
      query.setString(1, sweep);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
      }
    }
  }

  /**
   * Adds trials to a sweep, which is made if there is none of the name. Trials that it has already
   * stay as they are.
   *
   * @param sweep its name
   * @param definition what all its trials share
   * @param trials the trials
   * @return the definition that the sweep has: another one if it was there before, and then nothing
   *     was added
   */
  public String add(String sweep, String definition, Collection<NewTrial> trials) {
    return transaction(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO sweep (name, definition) VALUES (?, ?) ON CONFLICT (name) DO"
                      + " NOTHING")) {
            insert.setString(1, sweep);
            insert.setString(2, definition);
            insert.executeUpdate();
          }
          String there = findDefinition(connection, sweep).orElseThrow();
          if (!there.equals(definition)) {
            return there;
          }
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
          return there;
        });
  }

  /**
   * Claims the trial with the most work of those that wait or whose worker fell silent.
   *
   * @param sweep the name of the sweep
   * @param worker who claims it, for people
   * @param patience how long others are to wait after a heartbeat before they take it over
   * @return the claim; empty if nothing can be claimed now
   */
  public Optional<Claim> claim(String sweep, String worker, Duration patience) {
    return claim(sweep, null, worker, patience);
  }

  /**
   * Claims a certain trial, if it waits or its worker fell silent.
   *
   * @param sweep the name of the sweep
   * @param digest the trial's {@link NewTrial#digest()}
   * @param worker who claims it, for people
   * @param patience how long others are to wait after a heartbeat before they take it over
   * @return the claim; empty if it cannot be claimed now
   */
  public Optional<Claim> claimTrial(String sweep, String digest, String worker, Duration patience) {
    return claim(sweep, digest, worker, patience);
  }

  /** Of a worker that said nothing for longer than it asked others to wait. */
  private String silent() {
    return "(state = 'running' AND heartbeat_ms + patience_ms < " + place.dialect().now() + ")";
  }

  private Optional<Claim> claim(
      String sweep, @Nullable String digest, String worker, Duration patience) {
    String now = place.dialect().now();
    String silent = silent();
    return transaction(
        connection -> {
          giveUpDeadly(connection, sweep, silent);
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
                      + silent
                      + ")"
                      + (digest == null ? "" : " AND digest = ?")
                      + " ORDER BY work DESC, digest LIMIT 1"
                      + place.dialect().skipLocked()
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
        });
  }

  private static void giveUpDeadly(Connection connection, String sweep, String silent)
      throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE trial SET state = 'failed', claim = NULL, message = 'its worker fell silent '"
                + " || (takeovers + 1) || ' times' WHERE sweep = ? AND takeovers >= "
                + MOST_TAKEOVERS
                + " AND "
                + silent)) {
      update.setString(1, sweep);
      update.executeUpdate();
    }
  }

  /**
   * Takes their trials from workers that are known to be dead, so that nobody waits until they have
   * been silent for long. Should one of them be alive after all, its results are not taken.
   *
   * @param sweep the name of the sweep
   * @param prefix how the names of these workers begin, as they were given to {@link #claim(String,
   *     String, Duration)}
   * @return how many trials they had
   */
  public int abandon(String sweep, String prefix) {
    String last = "takeovers >= " + MOST_TAKEOVERS;
    return transaction(
        connection -> {
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
        });
  }

  /**
   * Says that the worker of these claims is alive.
   *
   * @param claims the claims
   * @return those that are still its own
   */
  public Set<Claim> heartbeat(Collection<Claim> claims) {
    return transaction(
        connection -> {
          Set<Claim> kept = new HashSet<>();
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE trial SET heartbeat_ms = "
                      + place.dialect().now()
                      + " WHERE sweep = ? AND digest = ? AND claim = ?")) {
            for (Claim claim : claims) {
              identify(update, 1, claim);
              if (update.executeUpdate() == 1) {
                kept.add(claim);
              }
            }
          }
          return kept;
        });
  }

  private static void identify(PreparedStatement statement, int first, Claim claim)
      throws SQLException {
    statement.setString(first, claim.sweep());
    statement.setString(first + 1, claim.digest());
    statement.setString(first + 2, claim.token());
  }

  /**
   * Gives a trial back that was not run to its end, as when the process is to end.
   *
   * @param claim the claim
   * @return whether it was still the worker's
   */
  public boolean release(Claim claim) {
    return update(
        claim,
        "UPDATE trial SET state = 'waiting', claim = NULL, heartbeat_ms = NULL",
        statement -> 1);
  }

  /**
   * Records that a trial threw. After the first time it waits for a second one.
   *
   * @param claim the claim
   * @param message what it said
   * @return whether it was still the worker's
   */
  public boolean fail(Claim claim, String message) {
    return update(
        claim,
        "UPDATE trial SET claim = NULL, failures = failures + 1, message = ?, finished_ms = "
            + place.dialect().now()
            + ", state = CASE WHEN failures + 1 >= "
            + MOST_FAILURES
            + " THEN 'failed' ELSE 'waiting' END",
        statement -> {
          statement.setString(1, message);
          return 2;
        });
  }

  /**
   * Stores what came of a trial, all of it or nothing.
   *
   * @param claim the claim
   * @param result what came of it
   * @return whether it was still the worker's; if not, nothing was stored
   */
  public boolean finish(Claim claim, TrialResult result) {
    return transaction(
        connection -> {
          boolean owned =
              update(
                  connection,
                  claim,
                  "UPDATE trial SET claim = NULL, state = ?, message = ?, seconds = ?,"
                      + " provenance = ?, finished_ms = "
                      + place.dialect().now(),
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
        });
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

  private boolean update(Claim claim, String change, Binding binding) {
    return transaction(connection -> update(connection, claim, change, binding));
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

  /**
   * How far a sweep is.
   *
   * @param sweep its name
   * @return counts and work
   */
  public SweepState state(String sweep) {
    return transaction(
        connection -> {
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
        });
  }

  /**
   * The trials of a sweep with their metrics.
   *
   * @param sweep its name
   * @return in the order of configuration and seed
   */
  public List<StoredTrial> trials(String sweep) {
    return transaction(connection -> TrialRows.all(connection, sweep));
  }

  /**
   * The trials of a sweep that are not over.
   *
   * @param sweep its name
   * @return in the order in which {@link #claim(String, String, Duration)} takes them
   */
  public List<OpenTrial> openTrials(String sweep) {
    return transaction(connection -> TrialRows.open(connection, sweep, silent()));
  }

  @FunctionalInterface
  private interface Action<T> {
    T on(Connection connection) throws SQLException;
  }

  private synchronized <T> T transaction(Action<T> action) {
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
}
