package org.widthwise.torch.distributed;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.widthwise.torch.engine.Libtorch;

/**
 * A group on CPUs: the Gloo backend of libtorch's c10d.
 *
 * <p>What was seen of it in libtorch 2.10 and is taken care of here:
 *
 * <ul>
 *   <li>The same Java {@code Store} given to two native constructors aborts the JVM: it is cloned
 *       once, and the clone is given to one.
 *   <li>The constructor of the group that takes no options fails: it needs a device.
 *   <li>A process that ends makes the others' collectives fail at once, one that hangs after the
 *       time-out of the group, both by a {@code RuntimeException} that Java can catch; but it names
 *       the address of a connection and no rank. The {@link Roster} does.
 *   <li>The connection of the processes is told on the standard output of the process, by the
 *       native library itself, with no way to turn it off: a line that begins with {@code [Gloo]}.
 *       A program whose output is read by others lets a parent process filter it.
 *   <li>A client of the store that comes before its server writes a native stack trace to standard
 *       error, so the port is told by way of the roster once the server is there.
 * </ul>
 */
public final class GlooProcessGroup implements ProcessGroup {

  private final Roster roster;
  private final TCPStore server;
  private final Store store;
  private final ProcessGroupGloo group;

  private GlooProcessGroup(Roster roster, TCPStore server, Store store, ProcessGroupGloo group) {
    this.roster = roster;
    this.server = server;
    this.store = store;
    this.group = group;
  }

  /**
   * Connects the processes of a roster. Loads libtorch.
   *
   * @param roster who is there; belongs to the group from now on, which closes it
   * @param host the address of rank 0, by which the others reach it
   * @return the group
   * @throws PeerException if a process is lost meanwhile
   */
  public static GlooProcessGroup of(Roster roster, String host) {
    Libtorch.load();
    Milliseconds timeout = new Milliseconds(roster.timeout().toMillis());
    try (PointerScope scope = new PointerScope()) {
      boolean isServer = roster.rank() == 0;
      TCPStore server = isServer ? store(host, 0, true, timeout) : null;
      String port =
          roster
              .exchange(
                  server == null ? "" : Integer.toString(Short.toUnsignedInt(server.getPort())))
              .get(0);
      TCPStore own = server == null ? store(host, Integer.parseInt(port), false, timeout) : server;
      Store store = own.clone();
      ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(timeout);
      options
          .devices()
          .push_back(
              ProcessGroupGloo.createDeviceForHostname(roster.localAddress().getHostAddress()));
      ProcessGroupGloo group = new ProcessGroupGloo(store, roster.rank(), roster.size(), options);
      own.retainReference();
      store.retainReference();
      group.retainReference();
      return new GlooProcessGroup(roster, own, store, group);
    } catch (PeerException lost) {
      throw lost;
    } catch (RuntimeException failed) {
      throw lost(roster, failed);
    }
  }

  private static TCPStore store(String host, int port, boolean isServer, Milliseconds timeout) {
    return new TCPStore(
        host,
        new TCPStoreOptions()
            .port((short) port)
            .isServer(isServer)
            .waitWorkers(false)
            .timeout(timeout)
            .useLibUV(true));
  }

  private static PeerException lost(Roster roster, RuntimeException failed) {
    Optional<Roster.PeerFailure> blamed = roster.blame();
    return new PeerException(
        blamed
            .map(roster::text)
            .orElseGet(
                () ->
                    ("the %d processes could not work together, although all of them answer; one"
                            + " may be slower than the time-out of %d s (%s)")
                        .formatted(
                            roster.size(),
                            roster.timeout().toSeconds(),
                            Libtorch.reason(failed).replaceFirst("^\\[.*?] *", ""))),
        failed);
  }

  @Override
  public int rank() {
    return roster.rank();
  }

  @Override
  public int size() {
    return roster.size();
  }

  @Override
  public Pending sum(Tensor tensor) {
    return pending(() -> group.allreduce(new TensorVector(tensor)));
  }

  @Override
  public void broadcast(Tensor tensor) {
    pending(() -> group.broadcast(new TensorVector(tensor))).await();
  }

  /** The work outlives the scope in which it was begun, as that of a hook. */
  private Pending pending(Supplier<Work> collective) {
    try (PointerScope scope = new PointerScope()) {
      Work work = collective.get();
      work.retainReference();
      return () -> {
        try (work) {
          work._wait();
        } catch (RuntimeException failed) {
          throw lost(roster, failed);
        }
      };
    } catch (RuntimeException failed) {
      throw lost(roster, failed);
    }
  }

  @Override
  public List<String> exchange(String text) {
    return roster.exchange(text);
  }

  @Override
  public void abandon(String reason) {
    roster.abandon(reason);
  }

  @Override
  public void close() {
    roster.close();
    group.close();
    store.close();
    server.close();
  }
}
