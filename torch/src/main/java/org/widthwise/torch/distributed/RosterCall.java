package org.widthwise.torch.distributed;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.widthwise.torch.distributed.RosterMessage.Kind;

/**
 * How a group comes together: rank 0 listens at an address that all know, the others connect to it.
 *
 * @param address where rank 0 listens: an address of its host by which the others reach it
 * @param rank the number of this process, 0 to size − 1
 * @param size how many processes there are, at least 1
 * @param timeout how long to wait for the others, here and later; at least a second
 */
public record RosterCall(InetSocketAddress address, int rank, int size, Duration timeout) {

  private static final Duration INTRODUCTION = Duration.ofSeconds(5);
  private static final Duration VERDICT = Duration.ofSeconds(2);
  private static final long RETRY_MILLIS = 50;
  private static final int CONNECT_MILLIS = 2000;

  /**
   * Checks the numbers.
   *
   * @param address where rank 0 listens
   * @param rank the number of this process
   * @param size how many processes there are
   * @param timeout how long to wait for the others
   * @throws IllegalArgumentException if there is no such rank, or the time-out is below a second
   */
  public RosterCall {
    if (size < 1 || rank < 0 || rank >= size) {
      throw new IllegalArgumentException(
          "ranks of a world of size %d go from 0 to %d; there is no rank %d"
              .formatted(size, size - 1, rank));
    }
    if (timeout.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "processes need at least 1 s to answer one another, not " + timeout);
    }
  }

  /**
   * Waits until all processes are there.
   *
   * @return the roster
   * @throws PeerException if one does not come in time, or rank 0 cannot listen
   * @throws IllegalArgumentException if the processes disagree on their number, or two say that
   *     they are the same rank
   */
  public Roster gather() {
    return gather(Roster.Pace.USUAL);
  }

  /** Waits until all processes are there. */
  Roster gather(Roster.Pace pace) {
    SortedMap<Integer, RosterLink> links = new TreeMap<>();
    boolean gathered = false;
    try {
      if (rank == 0) {
        host(links);
      } else {
        links.put(0, join());
      }
      Roster roster = new Roster(rank, size, timeout, links, pace);
      roster.begin();
      gathered = true;
      return roster;
    } finally {
      if (!gathered) {
        links.values().forEach(RosterLink::close);
      }
    }
  }

  private String place() {
    return "%s:%d".formatted(address.getHostString(), address.getPort());
  }

  private PeerException unreachable(String problem, IOException cause) {
    return new PeerException("%s %s: %s".formatted(problem, place(), cause.getMessage()), cause);
  }

  private void host(SortedMap<Integer, RosterLink> links) {
    long deadline = System.nanoTime() + timeout.toNanos();
    try (ServerSocket server = new ServerSocket()) {
      server.setReuseAddress(true);
      server.bind(address);
      while (links.size() < size - 1) {
        server.setSoTimeout(millisTo(deadline));
        introduce(server.accept(), links);
      }
      for (RosterLink link : links.values()) {
        link.limitReads(Duration.ZERO);
        link.send(RosterMessage.of(Kind.WELCOME, 0));
      }
    } catch (SocketTimeoutException late) {
      String missing =
          "rank %s of %d did not come to %s within %d s"
              .formatted(ranksBut(links), size, place(), timeout.toSeconds());
      links.values().forEach(link -> link.sendIfThere(new RosterMessage(Kind.FAILED, 0, missing)));
      throw new PeerException(missing, late);
    } catch (IOException failed) {
      throw unreachable("cannot listen for the other processes at", failed);
    }
  }

  private String ranksBut(SortedMap<Integer, RosterLink> links) {
    List<String> missing = new ArrayList<>();
    for (int r = 1; r < size; r++) {
      if (!links.containsKey(r)) {
        missing.add(Integer.toString(r));
      }
    }
    return String.join(", ", missing);
  }

  private static int millisTo(long deadline) throws SocketTimeoutException {
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis < 1) {
      throw new SocketTimeoutException();
    }
    return (int) Math.min(Integer.MAX_VALUE, millis);
  }

  /** Takes up a process; whatever else may have connected is left alone. */
  private void introduce(Socket socket, SortedMap<Integer, RosterLink> links) throws IOException {
    RosterLink link = new RosterLink(socket);
    RosterMessage hello;
    try {
      link.limitReads(INTRODUCTION);
      hello = link.read();
    } catch (IOException stranger) {
      link.close();
      return;
    }
    String problem = "";
    if (!hello.text().equals(Integer.toString(size))) {
      problem =
          "rank %d has a world size of %s and rank 0 one of %d: give every process the same"
              .formatted(hello.rank(), hello.text(), size);
    } else if (hello.rank() < 1 || hello.rank() >= size || links.containsKey(hello.rank())) {
      problem =
          "two processes say that they are rank %d of %d: give each a rank of its own"
              .formatted(hello.rank(), size);
    }
    if (!problem.isEmpty()) {
      RosterMessage refusal = new RosterMessage(Kind.REFUSED, 0, problem);
      link.sendIfThere(refusal);
      link.close();
      links.values().forEach(other -> other.sendIfThere(refusal));
      throw new IllegalArgumentException(problem);
    }
    links.put(hello.rank(), link);
  }

  private RosterLink join() {
    if (address.isUnresolved()) {
      throw new PeerException(
          "there is no host '%s': give the name or address of the host of rank 0"
              .formatted(address.getHostString()));
    }
    long deadline = System.nanoTime() + timeout.toNanos();
    RosterLink link = connected(deadline);
    boolean welcome = false;
    try {
      link.send(new RosterMessage(Kind.HELLO, rank, Integer.toString(size)));
      // Rank 0 gives up at about the same moment, and then tells who is missing.
      link.limitReads(Duration.ofMillis(millisTo(deadline)).plus(VERDICT));
      RosterMessage answer = link.read();
      if (answer.kind() == Kind.FAILED) {
        throw new PeerException(answer.text());
      }
      if (answer.kind() == Kind.REFUSED) {
        throw new IllegalArgumentException(answer.text());
      }
      link.limitReads(Duration.ZERO);
      welcome = true;
      return link;
    } catch (SocketTimeoutException late) {
      throw new PeerException(
          "not all of %d processes came to %s within %d s"
              .formatted(size, place(), timeout.toSeconds()),
          late);
    } catch (IOException left) {
      throw new PeerException(
          "rank 0 at %s left before all of %d processes had come".formatted(place(), size), left);
    } finally {
      if (!welcome) {
        link.close();
      }
    }
  }

  private RosterLink connected(long deadline) {
    while (true) {
      Socket socket = new Socket();
      try {
        socket.connect(address, CONNECT_MILLIS);
        return new RosterLink(socket);
      } catch (IOException notYet) {
        closeQuietly(socket);
        if (System.nanoTime() > deadline) {
          throw new PeerException(
              "rank 0 cannot be reached at %s within %d s: %s"
                  .formatted(place(), timeout.toSeconds(), notYet.getMessage()),
              notYet);
        }
        pause();
      }
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException closedAlready) {
      // Nothing is left to be closed.
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new PeerException("interrupted while waiting for rank 0", interrupted);
    }
  }
}
