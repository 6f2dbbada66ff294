package org.widthwise.lab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.widthwise.lab.data.ImageDataset;
import org.widthwise.lab.run.AtomicFiles;
import org.widthwise.lab.run.Estimator;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberBatch;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberPool;
import org.widthwise.lab.run.Provenance;
import org.widthwise.lab.run.RunException;
import org.widthwise.lab.run.RunListener;
import org.widthwise.lab.run.RunStore;
import org.widthwise.lab.run.SystemMemory;
import org.widthwise.torch.engine.ComputeDevice;

/**
 * Reproduces items of the paper in a directory, or goes on with it.
 *
 * <p>The directory gets {@code runs/<study>/} with a file for each finished run, and from these
 * alone, by {@link Drawing}, the results of each item as soon as its study is finished, with an
 * {@link Overview} of all that the directory holds. Items that share a study share its runs.
 */
public final class Reproduction {

  /** Some minutes of a processor, beside which the seconds that probing takes do not matter. */
  private static final double WORK_WORTH_AN_ESTIMATE = 5e13;

  private final List<PaperItem> items;
  private final UnaryOperator<Settings> change;
  private final Preset preset;
  private final ImageDataset data;
  private final Path out;
  private final int threads;
  private final boolean resume;

  private Reproduction(
      List<PaperItem> items,
      Preset preset,
      UnaryOperator<Settings> change,
      ImageDataset data,
      Path out,
      int threads,
      boolean resume) {
    this.items = items;
    this.preset = preset;
    this.change = change;
    this.data = data;
    this.out = out;
    this.threads = threads;
    this.resume = resume;
  }

  /**
   * A reproduction with one thread for each processor.
   *
   * @param items what to reproduce
   * @param preset how much to run
   * @param data where examples are drawn from
   * @param out the directory for runs and results
   * @return the reproduction, not yet started
   */
  public static Reproduction of(List<PaperItem> items, Preset preset, ImageDataset data, Path out) {
    return new Reproduction(
        List.copyOf(items),
        preset,
        settings -> settings,
        data,
        out,
        Runtime.getRuntime().availableProcessors(),
        true);
  }

  /**
   * Changes the preset's settings.
   *
   * @param newChange makes the settings of a study from those of the preset
   * @return the reproduction
   */
  public Reproduction withSettings(UnaryOperator<Settings> newChange) {
    return new Reproduction(items, preset, newChange, data, out, threads, resume);
  }

  /**
   * Sets how many members are run at a time. The values do not depend on it.
   *
   * @param newThreads at least 1
   * @return the reproduction
   */
  public Reproduction withThreads(int newThreads) {
    return new Reproduction(items, preset, change, data, out, newThreads, resume);
  }

  /**
   * Sets whether to go on with finished runs of the same configuration, as is the default, or to
   * refuse a directory that holds any.
   *
   * @param newResume whether to go on
   * @return the reproduction
   */
  public Reproduction withResume(boolean newResume) {
    return new Reproduction(items, preset, change, data, out, threads, newResume);
  }

  /**
   * Runs what is not stored yet, study by study in the order of the items, and draws the items of
   * each study when it is finished.
   *
   * @param listener told of the progress
   * @return a report for each item
   * @throws InterruptedException if the thread was interrupted; finished members are stored
   * @throws RunException if the directory is not writable, in use, or holds another configuration,
   *     or if memory does not suffice
   * @throws IllegalArgumentException if a study cannot be made with its settings
   */
  public List<ItemReport> run(RunListener listener) throws InterruptedException {
    Map<String, Study> studies = new LinkedHashMap<>();
    items.forEach(item -> studies.putIfAbsent(item.study().id(), item.study()));
    Map<String, Settings> settings = new LinkedHashMap<>();
    Map<String, List<Member>> members = new LinkedHashMap<>();
    List<Member> left = new ArrayList<>();
    studies.forEach(
        (id, study) -> {
          Settings chosen = change.apply(study.settings(preset));
          List<Member> all = study.members(chosen, data);
          settings.put(id, chosen);
          members.put(id, all);
          Set<MemberKey> done = RunStore.finishedIn(Drawing.runs(out, id));
          requireFresh(Drawing.runs(out, id), done);
          all.stream().filter(member -> !done.contains(member.key())).forEach(left::add);
        });
    MemberPool pool = new MemberPool(threads);
    if (settings.values().stream().allMatch(each -> each.device().isCpu())) {
      pool.requireMemory(left, SystemMemory.availableBytes());
    }
    List<RunStore> stores = new ArrayList<>();
    try {
      List<MemberBatch> batches = new ArrayList<>();
      for (Study study : studies.values()) {
        List<Member> all = of(members, study);
        RunStore store =
            RunStore.open(
                Drawing.runs(out, study.id()),
                configuration(study, of(settings, study), all.size()));
        stores.add(store);
        batches.add(new MemberBatch(study.id(), all, store, () -> draw(study)));
      }
      for (Study study : studies.values()) {
        keepProvenance(Drawing.provenance(out, study.id()), of(settings, study).device());
      }
      if (left.stream().mapToDouble(Member::work).sum() > WORK_WORTH_AN_ESTIMATE) {
        listener.estimating();
        listener.estimated(new Estimator(threads).estimate(left));
      }
      pool.run(batches, listener);
    } finally {
      stores.forEach(RunStore::close);
    }
    List<ItemReport> reports = items.stream().map(item -> Drawing.read(item, out)).toList();
    Overviews.write(out, reports);
    return reports;
  }

  private static <T> T of(Map<String, T> map, Study study) {
    T value = map.get(study.id());
    if (value == null) {
      throw new IllegalStateException("nothing for the study " + study.id());
    }
    return value;
  }

  private void requireFresh(Path directory, Set<MemberKey> done) {
    if (!resume && !done.isEmpty()) {
      throw new RunException(
          "%s holds %d finished runs already: choose another --out, or go on with them by --resume"
              .formatted(directory, done.size()));
    }
  }

  private void keepProvenance(Path file, ComputeDevice device) {
    if (!Files.exists(file)) {
      try {
        AtomicFiles.write(file, Json.write(Provenance.now(data.description(), device)));
      } catch (IOException unwritable) {
        throw RunException.unwritable(file, unwritable);
      }
    }
  }

  /** Two studies may be finished at once: the later overview shall know of the earlier study. */
  private synchronized void draw(Study study) {
    Overviews.write(
        out,
        items.stream()
            .filter(item -> item.study().id().equals(study.id()))
            .map(item -> Drawing.draw(item, out))
            .toList());
  }

  private JsonNode configuration(Study study, Settings settings, int members) {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("study", study.id());
    configuration.put("widths", settings.widths());
    if (settings.hasBatches()) {
      configuration.put("batches", settings.batches());
    }
    configuration.put("trials", settings.trials());
    if (settings.trains()) {
      configuration.put("steps", settings.steps());
    }
    configuration.put("seed", settings.seed());
    if (!settings.device().isCpu()) {
      configuration.put("device", settings.device().kind().id());
    }
    configuration.put("runs", members);
    configuration.putAll(study.constants());
    // Sorted, since the order of Map.of changes from one start to the next.
    configuration.put("data", new TreeMap<>(Map.of("name", data.name(), "digest", data.digest())));
    return Json.tree(configuration);
  }
}
