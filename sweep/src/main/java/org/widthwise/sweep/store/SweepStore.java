package org.widthwise.sweep.store;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  private final StorageUrl place;
  private final Transactions transactions;
  private final Claims claims;

  private SweepStore(StorageUrl place) {
    this.place = place;
    this.transactions = new Transactions(place);
    this.claims = new Claims(place.dialect());
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
    SweepStore store = new SweepStore(place);
    store.transactions.run(
        connection -> {
          Migrations.run(connection, place.dialect());
          return true;
        });
    return store;
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
    return transactions.run(place::identity);
  }

  /**
   * The names of the sweeps in the store.
   *
   * @return in alphabetical order
   */
  public List<String> sweeps() {
    return transactions.run(SweepRows::names);
  }

  /**
   * The definition of a sweep.
   *
   * @param sweep its name
   * @return the text it was stored with
   * @throws RunException if there is no such sweep
   */
  public String definition(String sweep) {
    return transactions
        .run(connection -> SweepRows.definition(connection, sweep))
        .orElseThrow(
            () ->
                new RunException(
                    "there is no sweep '%s' in %s: it has %s"
                        .formatted(sweep, place.words(), sweeps())));
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
    return transactions.run(connection -> SweepRows.add(connection, sweep, definition, trials));
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
    return transactions.run(connection -> claims.claim(connection, sweep, null, worker, patience));
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
    return transactions.run(
        connection -> claims.claim(connection, sweep, digest, worker, patience));
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
    return transactions.run(connection -> Claims.abandon(connection, sweep, prefix));
  }

  /**
   * Says that the worker of these claims is alive.
   *
   * @param held the claims
   * @return those that are still its own
   */
  public Set<Claim> heartbeat(Collection<Claim> held) {
    return transactions.run(connection -> claims.heartbeat(connection, held));
  }

  /**
   * Gives a trial back that was not run to its end, as when the process is to end.
   *
   * @param claim the claim
   * @return whether it was still the worker's
   */
  public boolean release(Claim claim) {
    return transactions.run(connection -> Claims.release(connection, claim));
  }

  /**
   * Records that a trial threw. After the first time it waits for a second one.
   *
   * @param claim the claim
   * @param message what it said
   * @return whether it was still the worker's
   */
  public boolean fail(Claim claim, String message) {
    return transactions.run(connection -> claims.fail(connection, claim, message));
  }

  /**
   * Stores what came of a trial, all of it or nothing.
   *
   * @param claim the claim
   * @param result what came of it
   * @return whether it was still the worker's; if not, nothing was stored
   */
  public boolean finish(Claim claim, TrialResult result) {
    return transactions.run(connection -> claims.finish(connection, claim, result));
  }

  /**
   * How far a sweep is.
   *
   * @param sweep its name
   * @return counts and work
   */
  public SweepState state(String sweep) {
    return transactions.run(connection -> SweepRows.state(connection, sweep));
  }

  /**
   * The trials of a sweep with their metrics.
   *
   * @param sweep its name
   * @return in the order of configuration and seed
   */
  public List<StoredTrial> trials(String sweep) {
    return transactions.run(connection -> TrialRows.all(connection, sweep));
  }

  /**
   * The trials of a sweep that are not over.
   *
   * @param sweep its name
   * @return in the order in which {@link #claim(String, String, Duration)} takes them
   */
  public List<OpenTrial> openTrials(String sweep) {
    return transactions.run(connection -> TrialRows.open(connection, sweep, claims.silent()));
  }

  @Override
  public void close() {
    transactions.close();
  }
}
