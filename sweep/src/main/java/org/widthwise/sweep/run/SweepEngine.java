package org.widthwise.sweep.run;

import java.util.ServiceLoader;
import org.widthwise.lab.run.RunException;
import org.widthwise.sweep.store.SweepStore;

/**
 * Where trials are run, if not on threads of this process. Engines are found on the class path by
 * {@link ServiceLoader}.
 */
public interface SweepEngine {

  /**
   * The name that one asks for it by.
   *
   * @return in lower case
   */
  String id();

  /**
   * Work on a sweep, which has not begun.
   *
   * @param store where the trials are
   * @param sweep the sweep
   * @param settings what else there is to know
   * @return the work
   * @throws RunException if the settings make no sense
   */
  SweepJob job(SweepStore store, StoredSweep sweep, EngineSettings settings);

  /**
   * Finds an engine.
   *
   * @param id its name
   * @return the engine
   * @throws RunException if it is not on the class path
   */
  static SweepEngine named(String id) {
    return ServiceLoader.load(SweepEngine.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(engine -> engine.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new RunException(
                    "the engine '%1$s' is not on the class path: './widthwise sweep --engine %1$s'"
                            .formatted(id)
                        + " puts it there, and so does widthwise-%s.jar, which 'mvn -P%1$s package'"
                            .formatted(id)
                        + " makes"));
  }
}
