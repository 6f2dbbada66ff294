package org.widthwise.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that trains as one of several and was started by the command for that. It knows so by a
 * system property, and it ends with the process that started it: its standard input is a pipe from
 * there, which the system closes however that process ends.
 */
final class Worker {

  private static final String MARK = "widthwise.worker";

  /** That of a process which was ended from outside. */
  private static final int ORPHANED = 1;

  private Worker() {}

  static boolean isOne() {
    return Boolean.getBoolean(MARK);
  }

  /** The command line of a worker: this JVM's flags and class path, and other words. */
  static List<String> commandLine(List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      // A debugger listens at one port, which two processes cannot share.
      if (!flag.startsWith("-agentlib:jdwp")) {
        command.add(flag);
      }
    }
    command.add("-D" + MARK + "=true");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(words);
    return command;
  }

  /** From now on this process ends at once when the one that started it does. */
  static void endWithParent() {
    Thread watch = new Thread(Worker::awaitEndOfInput, "ends with its parent");
    watch.setDaemon(true);
    watch.start();
  }

  private static void awaitEndOfInput() {
    InputStream pipe = System.in;
    try {
      while (pipe.read() >= 0) {
        // Nothing is ever said; all that counts is the end.
      }
    } catch (IOException broken) {
      // The end as well.
    }
    Runtime.getRuntime().halt(ORPHANED);
  }
}
