package org.widthwise.torch.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RosterTest {

  private static final Duration SHORT = Duration.ofSeconds(1);

  /** Still ten beats to a silence, so that a busy machine is no reason for one. */
  private static final Roster.Pace FAST =
      new Roster.Pace(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofMillis(300));

  @Test
  void eachHearsWhatEachSaysRoundByRound() throws Exception {
    InetSocketAddress address = Ranks.freeAddress();
    List<List<String>> heard =
        Ranks.results(
            Ranks.run(
                3,
                rank -> {
                  try (Roster roster = new RosterCall(address, rank, 3, Ranks.TIMEOUT).gather()) {
                    assertThat(roster.rank()).isEqualTo(rank);
                    assertThat(roster.size()).isEqualTo(3);
                    List<String> first = roster.exchange("é" + rank);
                    assertThat(first).containsExactly("é0", "é1", "é2");
                    return roster.exchange("second " + rank);
                  }
                }));
    assertThat(heard).containsOnly(List.of("second 0", "second 1", "second 2"));
  }

  @Test
  void aStrangerIsLeftAlone() throws Exception {
    InetSocketAddress address = Ranks.freeAddress();
    CountDownLatch strangerWasThere = new CountDownLatch(1);
    List<List<String>> heard =
        Ranks.results(
            Ranks.run(
                3,
                thread -> {
                  if (thread == 2) {
                    try (Socket socket = connected(address)) {
                      socket
                          .getOutputStream()
                          .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                      // Closed by the other side, without an answer.
                      assertThat(socket.getInputStream().read()).isEqualTo(-1);
                    } finally {
                      strangerWasThere.countDown();
                    }
                    return List.of("0", "1");
                  }
                  if (thread == 1) {
                    strangerWasThere.await();
                  }
                  try (Roster roster = new RosterCall(address, thread, 2, Ranks.TIMEOUT).gather()) {
                    return roster.exchange(Integer.toString(thread));
                  }
                }));
    assertThat(heard).containsOnly(List.of("0", "1"));
  }

  private static Socket connected(InetSocketAddress address) throws Exception {
    while (true) {
      try {
        return new Socket(address.getAddress(), address.getPort());
      } catch (ConnectException notYet) {
        Thread.sleep(10);
      }
    }
  }

  @Test
  void whoDoesNotComeIsNamedToAll() throws Exception {
    InetSocketAddress address = Ranks.freeAddress();
    List<Future<Roster>> three =
        Ranks.run(2, rank -> new RosterCall(address, rank * 2, 4, SHORT).gather());
    for (Future<Roster> rank : three) {
      assertThat(Ranks.thrown(rank))
          .isInstanceOf(PeerException.class)
          .hasMessageContaining(" did not come to ")
          .hasMessageStartingWith("rank 1, 3 of 4")
          .hasMessageEndingWith("within 1 s");
    }
    assertThatThrownBy(() -> new RosterCall(address, 1, 2, SHORT).gather())
        .isInstanceOf(PeerException.class)
        .hasMessageStartingWith("rank 0 cannot be reached at ")
        .hasMessageContaining(":" + address.getPort() + " within 1 s");
  }

  @Test
  void whoDisagreesOnTheirNumberIsTold() throws Exception {
    InetSocketAddress address = Ranks.freeAddress();
    for (Future<Roster> rank :
        Ranks.run(2, rank -> new RosterCall(address, rank, 2 + rank, Ranks.TIMEOUT).gather())) {
      assertThat(Ranks.thrown(rank))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "rank 1 has a world size of 3 and rank 0 one of 2: give every process the same");
    }
    InetSocketAddress other = Ranks.freeAddress();
    assertThat(
            Ranks.thrown(
                Ranks.run(
                        3,
                        thread ->
                            new RosterCall(other, Math.min(1, thread), 3, Ranks.TIMEOUT).gather())
                    .get(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two processes say that they are rank 1 of 3");
  }

  /** Rank 1 closes its connections as the system does for a process that ends. */
  @Test
  void whoEndsIsNamedByAll() throws Exception {
    InetSocketAddress address = Ranks.freeAddress();
    List<String> blamed =
        Ranks.results(
            Ranks.run(
                3,
                rank -> {
                  if (rank == 1) {
                    try (Socket socket = connected(address)) {
                      RosterLink link = new RosterLink(socket);
                      link.send(new RosterMessage(RosterMessage.Kind.HELLO, 1, "3"));
                      return link.read().kind().toString();
                    }
                  }
                  try (Roster roster = new RosterCall(address, rank, 3, Ranks.TIMEOUT).gather()) {
                    assertThatThrownBy(() -> roster.exchange("?"))
                        .isInstanceOf(PeerException.class)
                        .hasMessage("rank 1 of 3 ended or cannot be reached");
                    return roster.text(roster.blame().orElseThrow());
                  }
                }));
    assertThat(blamed.get(1)).isEqualTo("WELCOME");
    assertThat(List.of(blamed.get(0), blamed.get(2)))
        .containsOnly("rank 1 of 3 ended or cannot be reached");
  }

  @Test
  void whoSaysWhyItCannotGoOnIsQuoted() throws Exception {
    InetSocketAddress address = Ranks.freeAddress();
    List<Future<String>> futures =
        Ranks.run(
            3,
            rank -> {
              try (Roster roster = new RosterCall(address, rank, 3, Ranks.TIMEOUT).gather()) {
                if (rank == 2) {
                  roster.abandon("the disk is full");
                }
                return roster.text(roster.blame().orElseThrow());
              }
            });
    assertThat(Ranks.results(futures)).containsOnly("rank 2 of 3 failed: the disk is full");
  }

  /** A process that is stopped, as by SIGSTOP, keeps its connection and says nothing. */
  @Test
  void whoIsSilentIsNamedAndWhoIsBusyIsNot() throws Exception {
    InetSocketAddress address = Ranks.freeAddress();
    CountDownLatch done = new CountDownLatch(2);
    List<String> blamed =
        Ranks.results(
            Ranks.run(
                3,
                rank -> {
                  if (rank == 1) {
                    try (Socket socket = connected(address)) {
                      RosterLink link = new RosterLink(socket);
                      link.send(new RosterMessage(RosterMessage.Kind.HELLO, 1, "3"));
                      done.await();
                      return "silent";
                    }
                  }
                  try (Roster roster =
                      new RosterCall(address, rank, 3, Ranks.TIMEOUT).gather(FAST)) {
                    Thread.sleep(1500);
                    String text = roster.text(roster.blame().orElseThrow());
                    done.countDown();
                    return text;
                  }
                }));
    assertThat(List.of(blamed.get(0), blamed.get(2)))
        .allMatch(text -> text.matches("rank 1 of 3 has not answered for [1-9] s"));
  }

  @Test
  void whoLeavesInOrderIsNotBlamed() throws Exception {
    InetSocketAddress address = Ranks.freeAddress();
    List<Boolean> blamed =
        Ranks.results(
            Ranks.run(
                2,
                rank -> {
                  try (Roster roster =
                      new RosterCall(address, rank, 2, Ranks.TIMEOUT).gather(FAST)) {
                    return rank == 0 && roster.blame().isPresent();
                  }
                }));
    assertThat(blamed).containsOnly(false);
  }

  @Test
  void ranksAndTimeoutsAreChecked() throws Exception {
    InetSocketAddress address = Ranks.freeAddress();
    assertThatThrownBy(() -> new RosterCall(address, 2, 2, SHORT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ranks of a world of size 2 go from 0 to 1; there is no rank 2");
    assertThatThrownBy(() -> new RosterCall(address, 0, 2, Duration.ofMillis(999)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1 s");
    InetSocketAddress elsewhere = new InetSocketAddress("192.0.2.1", 1);
    assertThatThrownBy(() -> new RosterCall(elsewhere, 0, 2, SHORT).gather())
        .isInstanceOf(PeerException.class)
        .hasMessageStartingWith("cannot listen for the other processes at 192.0.2.1:1: ");
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved("no.such.host.invalid", 1);
    assertThatThrownBy(() -> new RosterCall(nowhere, 1, 2, SHORT).gather())
        .isInstanceOf(PeerException.class)
        .hasMessageStartingWith("there is no host 'no.such.host.invalid'");
  }
}
