package org.widthwise.audit.spectrum;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.model.AttentionHeads;
import org.widthwise.audit.model.CountOverride;
import org.widthwise.audit.model.ParameterInference;
import org.widthwise.audit.model.RoleOverride;

/**
 * Measures the tensors of a checkpoint and holds them against Condition 1: a weight matrix and its
 * update have spectral norms that go as √(fan-out / fan-in).
 *
 * <p>What each tensor is comes from its name and shape unless the user says it ({@link
 * ParameterInference}); what cannot be told is listed, not guessed. Matrices of up to 2²⁶ entries
 * are held in memory, larger ones read again at each product. Instances are immutable.
 */
public final class SpectralAudit {

  private final List<RoleOverride> roles;
  private final List<CountOverride> maps;
  private final Predicate<String> chosen;
  private final Optional<AttentionHeads> heads;
  private final double relativeTolerance;
  private final int threads;
  private final BooleanSupplier stop;
  private final int leading;

  private SpectralAudit(
      List<RoleOverride> roles,
      List<CountOverride> maps,
      Predicate<String> chosen,
      Optional<AttentionHeads> heads,
      double relativeTolerance,
      int threads,
      BooleanSupplier stop,
      int leading) {
    this.roles = List.copyOf(roles);
    this.maps = List.copyOf(maps);
    this.chosen = chosen;
    this.heads = heads;
    this.relativeTolerance = relativeTolerance;
    this.threads = threads;
    this.stop = stop;
    this.leading = leading;
  }

  /**
   * All tensors, roles by their names, spectral norms to a relative 1e-6, two tensors at a time.
   *
   * @return an audit
   */
  public static SpectralAudit withDefaults() {
    return new SpectralAudit(
        List.of(), List.of(), name -> true, Optional.empty(), 1e-6, 2, () -> false, 0);
  }

  /**
   * Says what tensors are.
   *
   * @param overrides declarations by glob; of several that match a name the last counts
   * @return the audit with these
   */
  public SpectralAudit withRoles(List<RoleOverride> overrides) {
    return new SpectralAudit(
        overrides, maps, chosen, heads, relativeTolerance, threads, stop, leading);
  }

  /**
   * Says how many maps of equal size are stacked along the first dimension of tensors, such as the
   * groups of a convolution. Each is held to the condition by itself, and the largest counts.
   *
   * @param overrides numbers by glob; of several that match a name the last counts
   * @return the audit with these
   */
  public SpectralAudit withMaps(List<CountOverride> overrides) {
    return new SpectralAudit(
        roles, overrides, chosen, heads, relativeTolerance, threads, stop, leading);
  }

  /**
   * Leaves tensors out.
   *
   * @param names whether to measure the tensor of a name
   * @return the audit with this choice
   */
  public SpectralAudit withNames(Predicate<String> names) {
    return new SpectralAudit(roles, maps, names, heads, relativeTolerance, threads, stop, leading);
  }

  /**
   * Says how many heads attentions have, so that fused projections whose outputs alternate by head
   * can be measured map by map.
   *
   * @param newHeads the heads
   * @return the audit with these
   */
  public SpectralAudit withHeads(AttentionHeads newHeads) {
    return new SpectralAudit(
        roles, maps, chosen, Optional.of(newHeads), relativeTolerance, threads, stop, leading);
  }

  /**
   * Sets the relative error of spectral norms at which to stop.
   *
   * @param tolerance from 1e-6, what single precision supports, to 0.1
   * @return the audit with this tolerance
   * @throws IllegalArgumentException if it is out of range
   */
  public SpectralAudit withRelativeTolerance(double tolerance) {
    if (!(tolerance >= 1e-6 && tolerance <= 0.1)) {
      throw new IllegalArgumentException(
          "the relative tolerance must lie between 1e-6 and 0.1, but is " + tolerance);
    }
    return new SpectralAudit(roles, maps, chosen, heads, tolerance, threads, stop, leading);
  }

  /**
   * Sets how many tensors are measured at a time, as far as memory allows: their matrices and
   * vectors take 768 MiB at most. Where there are fewer tensors left, several threads work on one;
   * what is found does not depend on it.
   *
   * @param number 1 or more
   * @return the audit with this number
   * @throws IllegalArgumentException if it is below 1
   */
  public SpectralAudit withThreads(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("at least 1 thread is needed, not " + number);
    }
    return new SpectralAudit(roles, maps, chosen, heads, relativeTolerance, number, stop, leading);
  }

  /**
   * Lets the audit end early: what is measured by then is the result, marked as partial.
   *
   * @param wished asked again and again, by any thread; once true it stays so
   * @return the audit with this wish
   */
  public SpectralAudit withStop(BooleanSupplier wished) {
    return new SpectralAudit(
        roles, maps, chosen, heads, relativeTolerance, threads, wished, leading);
  }

  /**
   * Finds the distributions of singular values, too.
   *
   * @param count how many of the largest to name, from 1 to 64
   * @return the audit with distributions
   * @throws IllegalArgumentException if the number is out of range
   */
  public SpectralAudit withSpectrum(int count) {
    if (count < 1 || count > SpectrumSearch.MOST_OUTLIERS) {
      throw new IllegalArgumentException(
          "from 1 to %d leading singular values can be named, not %d"
              .formatted(SpectrumSearch.MOST_OUTLIERS, count));
    }
    return new SpectralAudit(roles, maps, chosen, heads, relativeTolerance, threads, stop, count);
  }

  /**
   * Measures a checkpoint.
   *
   * @param checkpoint the checkpoint, open
   * @param earlier one of the same network, open, to measure what came to it; null for none
   * @param listener is told of progress
   * @return what was found
   * @throws InterruptedException if the thread was interrupted
   * @throws IllegalArgumentException if a role does not suit a tensor's shape, nor heads that the
   *     user declared a fused projection, a glob matches none, no tensor is chosen, or the
   *     checkpoints have none in common
   * @throws org.widthwise.audit.MalformedFileException if values cannot be read
   */
  public AuditResult run(
      Checkpoint checkpoint, @Nullable Checkpoint earlier, AuditListener listener)
      throws InterruptedException {
    if (AuditPlan.names(checkpoint).stream().noneMatch(chosen)) {
      throw new IllegalArgumentException("no tensor's name was chosen");
    }
    AuditPlan plan =
        AuditPlan.of(
            new ParameterInference(roles, maps, List.of()),
            chosen,
            heads,
            leading > 0,
            checkpoint,
            earlier);
    List<AuditPlan.Item> items = plan.items();
    if (earlier != null
        && !items.isEmpty()
        && items.stream().allMatch(item -> item.earlier() == null)) {
      throw new IllegalArgumentException(
          "no tensor is in both checkpoints with the same name and shape: they must be of the same"
              + " network");
    }
    List<TensorAudit> measured = measure(items, new Progress(items, listener));
    return new AuditResult(measured, plan.skipped(), measured.size() < items.size());
  }

  private List<TensorAudit> measure(List<AuditPlan.Item> items, Progress progress)
      throws InterruptedException {
    try (SpareThreads spare = new SpareThreads(threads)) {
      return measure(items, progress, spare);
    }
  }

  private List<TensorAudit> measure(
      List<AuditPlan.Item> items, Progress progress, SpareThreads spare)
      throws InterruptedException {
    ItemAudit search =
        new ItemAudit(
            new SizeSearch(relativeTolerance, stop, spare),
            new SpectrumSearch(leading, relativeTolerance, stop, spare));
    MemoryBudget budget = new MemoryBudget();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      // The largest first, or the last thread works on one while the others have nothing left.
      List<Integer> order =
          IntStream.range(0, items.size())
              .boxed()
              .sorted(Comparator.comparing(i -> -items.get(i).layout().elements()))
              .toList();
      Map<Integer, Future<Optional<TensorAudit>>> futures = new TreeMap<>();
      for (int index : order) {
        AuditPlan.Item item = items.get(index);
        futures.put(
            index,
            pool.submit(
                () -> {
                  try {
                    TensorAudit audit = budget.run(item, () -> spare.search(() -> search.of(item)));
                    progress.measured(item);
                    return Optional.of(audit);
                  } catch (CancellationException stopped) {
                    return Optional.empty();
                  }
                }));
      }
      List<TensorAudit> audits = new ArrayList<>();
      for (Future<Optional<TensorAudit>> future : futures.values()) {
        future.get().ifPresent(audits::add);
      }
      return audits;
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (failed.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(failed.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  /** Counts what is done. */
  private static final class Progress {
    private final AuditListener listener;
    private final int of;
    private final double entries;
    private int tensors;
    private double done;

    Progress(List<AuditPlan.Item> items, AuditListener listener) {
      this.listener = listener;
      this.of = items.size();
      this.entries = items.stream().mapToDouble(item -> item.layout().elements()).sum();
    }

    synchronized void measured(AuditPlan.Item item) {
      tensors++;
      done += item.layout().elements();
      listener.measured(tensors, of, done / entries);
    }
  }
}
