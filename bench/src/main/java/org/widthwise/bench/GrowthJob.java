package org.widthwise.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.widthwise.core.parametrization.Parametrizations;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.torch.init.Initializer;
import org.widthwise.torch.nn.Transformer;
import org.widthwise.torch.nn.TransformerShape;
import org.widthwise.torch.plan.InitScheme;
import org.widthwise.torch.plan.PlannedModule;
import org.widthwise.torch.plan.PlannedOptimizer;
import org.widthwise.torch.plan.TransformerParameters;

/** What grows, with what, and how theory says it does. */
enum GrowthJob {
  /** A step of the paper's network by autograd, all threads in each product. */
  AUTOGRAD("step by autograd", "width n") {
    @Override
    List<Integer> points() {
      return WIDTHS;
    }

    @Override
    Pace.Repeatable at(int width) {
      PaperJob job = new PaperJob(width);
      return count -> JvmWorker.trained(job, count);
    }

    @Override
    double operations(double n) {
      // Forward and the gradient of the weight, and beyond the first layer that of the features.
      return PAPER_EXAMPLES * (2 * PAPER_INPUTS * n + 3 * n * n + 3 * n);
    }

    @Override
    double numbers(double n) {
      // First values, parameters and gradients; of two layers features and what goes back to them.
      return 3 * (PAPER_INPUTS * n + n * n + n) + 6 * PAPER_EXAMPLES * n;
    }
  },

  /** A step of the paper's network in the span of the data, one thread. */
  COMPRESSED("step in the span of the data", "width n") {
    @Override
    List<Integer> points() {
      return WIDTHS;
    }

    @Override
    Pace.Repeatable at(int width) {
      PaperJob job = new PaperJob(width);
      return count -> compressed(job, count);
    }

    @Override
    double operations(double n) {
      return PaperJob.compressedGigaflop((int) n);
    }

    @Override
    double numbers(double n) {
      // First values, the module that is not trained and what comes out, whole; the gradient, and
      // in the span of the data the first layer with its gradient and four arrays of features.
      return 3 * (PAPER_INPUTS * n + n * n + n) + n * n + 6 * PAPER_EXAMPLES * n;
    }
  },

  /** Networks of width 256, one thread each, as many at a time as there are processors. */
  MEMBERS("500 steps of each member, width 256", "members") {
    @Override
    List<Integer> points() {
      return List.of(2, 4, 8, 16, 32);
    }

    @Override
    Pace.Repeatable at(int members) {
      return members(members, Runtime.getRuntime().availableProcessors());
    }

    @Override
    double operations(double members) {
      return members;
    }

    @Override
    double numbers(double members) {
      // Who has not begun or has ended holds nothing.
      return 1;
    }
  },

  /** Sixteen such networks, as many at a time as there are threads. */
  THREADS("500 steps of each of 16 members, width 256", "threads") {
    @Override
    List<Integer> points() {
      int processors = Runtime.getRuntime().availableProcessors();
      return Stream.of(1, 2, 4, 8, 16).filter(threads -> threads <= processors).toList();
    }

    @Override
    Pace.Repeatable at(int threads) {
      return members(ALL_MEMBERS, threads);
    }

    @Override
    double operations(double threads) {
      return 1 / threads;
    }

    @Override
    double numbers(double threads) {
      return threads;
    }
  },

  /** Plan, first values and optimizer of a transformer of width 16, eight tensors a block. */
  TENSORS("plan, first values and optimizer, width 16", "tensors") {
    @Override
    List<Integer> points() {
      return List.of(132, 516, 2052, 8196);
    }

    @Override
    Pace.Repeatable at(int tensors) {
      int blocks = (tensors - OTHER_TENSORS) / TENSORS_OF_BLOCK;
      TransformerShape shape = TransformerShape.of(64, 16, 16, blocks, 1);
      Recipe recipe = Recipe.of(Parametrizations.SPECTRAL, UpdateRules.ADAM);
      Transformer network = new Transformer(shape);
      return count -> {
        for (long i = 0; i < count; i++) {
          try (PointerScope scope = new PointerScope()) {
            Plan plan = recipe.plan(TransformerParameters.of(shape));
            PlannedModule.initialize(network, plan, InitScheme.GAUSSIAN, Initializer.seeded(0));
            PlannedOptimizer.of(network, plan);
          }
        }
      };
    }

    @Override
    double operations(double tensors) {
      return tensors;
    }

    @Override
    double numbers(double tensors) {
      return tensors;
    }
  };

  private static final List<Integer> WIDTHS = List.of(16, 64, 256, 1024, 4096, 8192);
  private static final double PAPER_INPUTS = 3072;
  private static final double PAPER_EXAMPLES = 200;
  private static final int MEMBER_WIDTH = 256;
  private static final int MEMBER_STEPS = 500;
  private static final int ALL_MEMBERS = 16;
  private static final int TENSORS_OF_BLOCK = 8;
  private static final int OTHER_TENSORS = 4;

  private final String title;
  private final String axis;

  GrowthJob(String title, String axis) {
    this.title = title;
    this.axis = axis;
  }

  String title() {
    return title;
  }

  String axis() {
    return axis;
  }

  /** Where it is measured. */
  abstract List<Integer> points();

  /** The job at a point. */
  abstract Pace.Repeatable at(int point);

  /** Up to a factor, the time that theory gives. */
  abstract double operations(double point);

  /** Up to a factor, the numbers that are held at once. */
  abstract double numbers(double point);

  private static void compressed(PaperJob job, long steps) {
    try {
      job.trainCompressed(steps);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the measurement was interrupted", e);
    }
  }

  private static Pace.Repeatable members(int members, int threads) {
    return count -> {
      for (long i = 0; i < count; i++) {
        team(members, threads);
      }
    };
  }

  private static void team(int members, int threads) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < members; i++) {
        running.add(
            pool.submit(
                () -> {
                  try (PointerScope scope = new PointerScope()) {
                    compressed(new PaperJob(MEMBER_WIDTH), MEMBER_STEPS);
                  }
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the measurement was interrupted", e);
    } catch (ExecutionException failed) {
      throw new IllegalStateException("a member failed", failed.getCause());
    } finally {
      pool.shutdownNow();
    }
  }
}
