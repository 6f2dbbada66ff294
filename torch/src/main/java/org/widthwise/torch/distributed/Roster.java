package org.widthwise.torch.distributed;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.widthwise.torch.distributed.RosterMessage.Kind;

/**
 * Who is there: the processes of a group, which can tell one another words, and each of which can
 * say what became of the others. It is here because libtorch's collectives cannot: they fail with
 * the address of a connection, or after their time-out, whoever is to blame.
 *
 * <p>Each process is connected to rank 0 and says every second that it is alive, from a thread of
 * its own, however long its work takes. One that ends is noticed at once by its connection, one
 * that hangs by its silence. No native library is needed.
 */
public final class Roster implements AutoCloseable {

  private final int rank;
  private final int size;
  private final Duration timeout;
  private final SortedMap<Integer, RosterLink> links;
  private final Map<Integer, BlockingQueue<String>> values = new ConcurrentHashMap<>();
  private final CompletableFuture<PeerFailure> failure = new CompletableFuture<>();
  private final ScheduledExecutorService beats;
  private final Pace pace;

  /**
   * How fast things are noticed.
   *
   * @param beat from one sign of life to the next
   * @param silence how long without one a process must be to be taken for lost; more than a few
   *     beats, which a process on a busy machine may well miss
   * @param notice how long after its failure in a collective a lost process may take to be noticed
   */
  record Pace(Duration beat, Duration silence, Duration notice) {

    static final Pace USUAL =
        new Pace(Duration.ofSeconds(1), Duration.ofSeconds(4), Duration.ofSeconds(2));
  }

  /**
   * What became of a process.
   *
   * @param rank which
   * @param fate what became of it, as in "ended or cannot be reached"
   */
  public record PeerFailure(int rank, String fate) {}

  Roster(int rank, int size, Duration timeout, SortedMap<Integer, RosterLink> links, Pace pace) {
    this.rank = rank;
    this.size = size;
    this.timeout = timeout;
    this.pace = pace;
    this.links = new TreeMap<>(links);
    for (int r = 0; r < size; r++) {
      values.put(r, new LinkedBlockingQueue<>());
    }
    this.beats = Executors.newSingleThreadScheduledExecutor(work -> daemon("beats", work));
  }

  /** Begins to listen to the others, and to tell them that this process is alive. */
  void begin() {
    links.forEach(
        (other, link) -> daemon("reader of rank " + other, () -> read(other, link)).start());
    var unused =
        beats.scheduleAtFixedRate(
            () -> toAll(RosterMessage.of(Kind.BEAT, rank)),
            pace.beat().toMillis(),
            pace.beat().toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static Thread daemon(String name, Runnable work) {
    Thread thread = new Thread(work, "roster: " + name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * The number of this process.
   *
   * @return 0 to size − 1
   */
  public int rank() {
    return rank;
  }

  /**
   * How many processes there are.
   *
   * @return at least 1
   */
  public int size() {
    return size;
  }

  /**
   * How long a process may keep the others waiting.
   *
   * @return the time-out
   */
  public Duration timeout() {
    return timeout;
  }

  /** The address of this host by which the others see it. */
  InetAddress localAddress() {
    return links.values().stream()
        .findFirst()
        .map(RosterLink::localAddress)
        .orElseGet(InetAddress::getLoopbackAddress);
  }

  private void toAll(RosterMessage message) {
    links.values().forEach(link -> link.sendIfThere(message));
  }

  private void read(int other, RosterLink link) {
    try {
      while (true) {
        RosterMessage message = link.read();
        switch (message.kind()) {
          case VALUE -> queue(message.rank()).add(message.text());
          case FAILED -> fail(new PeerFailure(message.rank(), message.text()));
          case SUSPECT -> failTheSilent();
          default -> {}
        }
      }
    } catch (IOException | IllegalArgumentException ended) {
      if (!link.hasLeftInOrder()) {
        fail(new PeerFailure(other, "ended or cannot be reached"));
      }
    }
  }

  private BlockingQueue<String> queue(int of) {
    BlockingQueue<String> queue = values.get(of);
    if (queue == null) {
      throw new IllegalArgumentException(
          "there is no rank %d in a group of %d".formatted(of, size));
    }
    return queue;
  }

  /** The first failure is the one that counts, and rank 0 tells it on. */
  private void fail(PeerFailure found) {
    if (failure.complete(found) && rank == 0) {
      toAll(new RosterMessage(Kind.FAILED, found.rank(), found.fate()));
    }
  }

  private void failTheSilent() {
    links.forEach(
        (other, link) -> {
          if (!link.hasLeftInOrder() && link.silence().compareTo(pace.silence()) > 0) {
            fail(
                new PeerFailure(
                    other, "has not answered for %d s".formatted(link.silence().toSeconds())));
          }
        });
  }

  /**
   * Tells every process something, and hears what each has to say. All processes must call it, as
   * often and in the same order.
   *
   * @param text what to tell
   * @return what each rank said, in their order
   * @throws PeerException if one of them is lost or does not call it in time
   */
  public List<String> exchange(String text) {
    RosterMessage own = new RosterMessage(Kind.VALUE, rank, text);
    long deadline = System.nanoTime() + timeout.toNanos();
    List<String> all = new ArrayList<>();
    if (rank == 0) {
      queue(0).add(text);
    } else {
      toAll(own);
    }
    for (int r = 0; r < size; r++) {
      all.add(take(r, deadline));
    }
    if (rank == 0) {
      for (int r = 0; r < size; r++) {
        toAll(new RosterMessage(Kind.VALUE, r, all.get(r)));
      }
    }
    return List.copyOf(all);
  }

  private String take(int of, long deadline) {
    BlockingQueue<String> queue = queue(of);
    try {
      while (true) {
        @Nullable String value = queue.poll(10, TimeUnit.MILLISECONDS);
        if (value != null) {
          return value;
        }
        if (failure.isDone()) {
          throw new PeerException(text(failure.get()));
        }
        if (System.nanoTime() > deadline) {
          throw new PeerException(
              "rank %d of %d did not come to an agreement within %d s"
                  .formatted(of, size, timeout.toSeconds()));
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new PeerException("interrupted while waiting for rank " + of, interrupted);
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Says who is to blame for what went wrong with all of them, waiting a moment for whoever knows.
   *
   * @return the process that is lost, the first one to be noticed; empty if all seem to be alive
   */
  public Optional<PeerFailure> blame() {
    toAll(RosterMessage.of(Kind.SUSPECT, rank));
    failTheSilent();
    try {
      return Optional.of(failure.get(pace.notice().toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException nobody) {
      return Optional.empty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * A failure in words.
   *
   * @param found what became of whom
   * @return a sentence without its stop
   */
  String text(PeerFailure found) {
    return "rank %d of %d %s".formatted(found.rank(), size, found.fate());
  }

  /**
   * Tells the others that this process cannot go on, so that they need not guess.
   *
   * @param reason why, in one line
   */
  public void abandon(String reason) {
    PeerFailure own = new PeerFailure(rank, "failed: " + reason);
    if (failure.complete(own)) {
      toAll(new RosterMessage(Kind.FAILED, rank, own.fate()));
    }
  }

  /** Leaves in good order; none of the others takes it for a failure. */
  @Override
  public void close() {
    beats.shutdownNow();
    toAll(RosterMessage.of(Kind.BYE, rank));
    links.values().forEach(RosterLink::close);
  }
}
