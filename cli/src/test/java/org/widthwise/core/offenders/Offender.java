package org.widthwise.core.offenders;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import org.bytedeco.javacpp.Pointer;
import org.widthwise.cli.Main;
import org.widthwise.core.offenders.cycle.Cycle;
import org.widthwise.sweep.store.SweepStore;

/** Breaks every rule of the house, so that a test can see that each of them is able to fail. */
public class Offender {

  static final int[] ARRAY = {1};
  static final ArrayList<String> LIST = new ArrayList<>();
  static int counter;

  private static final Logger LOGGER = Logger.getLogger("offender");

  /** Made by nobody. */
  protected Offender() {}

  static List<Class<?>> arrowsThatPointUp() {
    return List.of(Main.class, Pointer.class, Cycle.class, SweepStore.class, Connection.class);
  }

  static void print() {
    counter++;
    LOGGER.info("logged");
    System.out.println("printed");
    System.exit(1);
  }
}
