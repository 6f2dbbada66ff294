package org.widthwise.torch.monitor;

/** A listener that holds something open; the {@link Monitor} it was given to closes it. */
public interface MonitorSink extends MonitorListener, AutoCloseable {

  @Override
  void close();
}
