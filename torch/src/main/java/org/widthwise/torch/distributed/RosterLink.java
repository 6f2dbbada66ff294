package org.widthwise.torch.distributed;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

/**
 * A connection between two processes. The system closes it when one of them ends, however it ends,
 * so that the other one notices at once.
 */
final class RosterLink implements AutoCloseable {

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private volatile long lastHeard = System.nanoTime();
  private volatile boolean leftInOrder;

  RosterLink(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
  }

  synchronized void send(RosterMessage message) throws IOException {
    message.writeTo(out);
  }

  /** Sends what the other side may be gone for: that is noticed where it is read from. */
  void sendIfThere(RosterMessage message) {
    try {
      send(message);
    } catch (IOException gone) {
      // The reader of this link sees it as well, and tells.
    }
  }

  /** The next message; one reader at a time. */
  RosterMessage read() throws IOException {
    RosterMessage message = RosterMessage.readFrom(in);
    lastHeard = System.nanoTime();
    if (message.kind() == RosterMessage.Kind.BYE) {
      leftInOrder = true;
    }
    return message;
  }

  /** From now on a read fails that takes longer; zero for never. */
  void limitReads(Duration most) throws IOException {
    socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, most.toMillis()));
  }

  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - lastHeard);
  }

  /** Whether the end of the connection is no loss: one of both sides said so before. */
  boolean hasLeftInOrder() {
    return leftInOrder;
  }

  /** This side's end. */
  InetAddress localAddress() {
    return socket.getLocalAddress();
  }

  @Override
  public void close() {
    leftInOrder = true;
    try {
      socket.close();
    } catch (IOException closedAlready) {
      // Nothing is left to be closed.
    }
  }
}
