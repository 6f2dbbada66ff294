package org.widthwise.torch.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.torch.engine.Libtorch;

/** Of Gloo's group as well: ranks are threads here, connected as processes are. */
@Timeout(120)
final class GradientBucketsTest {

  private static final String HOST = "127.0.0.1";

  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  private static GlooProcessGroup group(InetSocketAddress address, int rank, int size) {
    return group(address, rank, size, Ranks.TIMEOUT);
  }

  private static GlooProcessGroup group(
      InetSocketAddress address, int rank, int size, Duration timeout) {
    return GlooProcessGroup.of(new RosterCall(address, rank, size, timeout).gather(), HOST);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void sumsAndBroadcastsAreThoseOfLoops(int size) throws Exception {
    InetSocketAddress address = Ranks.freeAddress();
    List<List<Double>> found =
        Ranks.results(
            Ranks.run(
                size,
                rank -> {
                  try (GlooProcessGroup group = group(address, rank, size);
                      PointerScope scope = new PointerScope()) {
                    assertThat(group.rank()).isEqualTo(rank);
                    assertThat(group.size()).isEqualTo(size);
                    Tensor values =
                        torch.zeros(new long[] {3}, new TensorOptions(ScalarType.Double));
                    values.data_ptr_double().put(1.0 + rank, 10.0 * rank, Math.PI);
                    Tensor integers = torch.tensor(7L + rank, 8L * rank);
                    group.broadcast(integers);
                    group.sum(values).await();
                    assertThat(group.exchange("r" + rank)).hasSize(size).contains("r0", "r1");
                    List<Double> all = new ArrayList<>();
                    for (int i = 0; i < 3; i++) {
                      all.add(values.select(0, i).item_double());
                    }
                    all.add((double) integers.select(0, 0).item_long());
                    all.add((double) integers.select(0, 1).item_long());
                    return all;
                  }
                }));
    double first = 0;
    double second = 0;
    double third = 0;
    for (int rank = 0; rank < size; rank++) {
      first += 1.0 + rank;
      second += 10.0 * rank;
      third += Math.PI;
    }
    assertThat(found).containsOnly(List.of(first, second, third, 7.0, 0.0));
  }

  /** Loss Σ (a·w)·c + (b·w)², with a and b of each rank: gradients written out. */
  @ParameterizedTest
  @ValueSource(longs = {1, 40, 1 << 20})
  void gradientsAreSumsOverTheRanks(long bytes) throws Exception {
    InetSocketAddress address = Ranks.freeAddress();
    List<List<Double>> found =
        Ranks.results(
            Ranks.run(
                2,
                rank -> {
                  try (GlooProcessGroup group = group(address, rank, 2);
                      PointerScope scope = new PointerScope()) {
                    TensorOptions options = new TensorOptions(ScalarType.Double);
                    Map<String, Tensor> parameters = new LinkedHashMap<>();
                    parameters.put("w", torch.ones(new long[] {2, 2}, options));
                    parameters.put("c", torch.ones(new long[] {3}, options));
                    parameters.put("d", torch.ones(new long[] {}, options));
                    parameters.values().forEach(p -> p.requires_grad_(true));
                    List<Double> gradients = new ArrayList<>();
                    try (GradientBuckets buckets = GradientBuckets.of(group, parameters, bytes)) {
                      // A second pass begins afresh.
                      for (int pass = 0; pass < 2; pass++) {
                        try (PointerScope step = new PointerScope()) {
                          parameters.values().forEach(p -> p.mutable_grad().put(new Tensor()));
                          loss(parameters, rank + 1).backward();
                          buckets.finish();
                          gradients.clear();
                          parameters
                              .values()
                              .forEach(p -> gradients.add(p.grad().sum().item_double()));
                        }
                      }
                    }
                    // Left alone again: the gradient is this rank's own.
                    parameters.values().forEach(p -> p.mutable_grad().put(new Tensor()));
                    loss(parameters, rank + 1).backward();
                    gradients.add(of(parameters, "c").grad().sum().item_double());
                    return gradients;
                  }
                }));
    // Sum over w of 2·4k·k (each of 4 entries) plus 3k from c; c: 4k each of 3; d: 5k.
    double k1 = 1;
    double k2 = 2;
    double w = 4 * (3 * k1 + 2 * 4 * k1 * k1) + 4 * (3 * k2 + 2 * 4 * k2 * k2);
    double c = 3 * (4 * k1) + 3 * (4 * k2);
    double d = 5 * k1 + 5 * k2;
    assertThat(found.get(0)).containsExactly(w, c, d, 12 * k1);
    assertThat(found.get(1)).containsExactly(w, c, d, 12 * k2);
  }

  /** With S = Σ w, k·S·Σ c + (k·S)² + 5·k·d. */
  private static Tensor loss(Map<String, Tensor> parameters, double k) {
    Tensor scaled = of(parameters, "w").sum().mul(new Scalar(k));
    return scaled
        .mul(of(parameters, "c").sum())
        .add(scaled.mul(scaled))
        .add(of(parameters, "d").mul(new Scalar(5 * k)));
  }

  private static Tensor of(Map<String, Tensor> parameters, String name) {
    return Objects.requireNonNull(parameters.get(name));
  }

  @Test
  void aParameterWithoutGradientIsNamed() throws Exception {
    InetSocketAddress address = Ranks.freeAddress();
    List<Future<String>> futures =
        Ranks.run(
            2,
            rank -> {
              try (GlooProcessGroup group = group(address, rank, 2);
                  PointerScope scope = new PointerScope()) {
                Map<String, Tensor> parameters = new LinkedHashMap<>();
                parameters.put("used", torch.ones(2).requires_grad_(true));
                parameters.put("unused", torch.ones(2).requires_grad_(true));
                try (GradientBuckets buckets = GradientBuckets.of(group, parameters, 1)) {
                  of(parameters, "used").sum().backward();
                  assertThatThrownBy(buckets::finish)
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessageContaining("does not depend on [unused]");
                }
                return "done";
              }
            });
    assertThat(Ranks.results(futures)).containsOnly("done");
    assertThatThrownBy(() -> GradientBuckets.of(new NoGroup(), new LinkedHashMap<>(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1 byte");
  }

  /** Asked for nothing. */
  private static final class NoGroup implements ProcessGroup {
    @Override
    public int rank() {
      return 0;
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public Pending sum(Tensor tensor) {
      throw new AssertionError();
    }

    @Override
    public void broadcast(Tensor tensor) {
      throw new AssertionError();
    }

    @Override
    public List<String> exchange(String text) {
      throw new AssertionError();
    }

    @Override
    public void abandon(String reason) {}

    @Override
    public void close() {}
  }

  @Test
  void whoIsTooSlowMakesTheOthersFailWithinTheTimeout() throws Exception {
    InetSocketAddress address = Ranks.freeAddress();
    CountDownLatch failed = new CountDownLatch(1);
    List<String> messages =
        Ranks.results(
            Ranks.run(
                2,
                rank -> {
                  try (GlooProcessGroup group = group(address, rank, 2, Duration.ofSeconds(2));
                      PointerScope scope = new PointerScope()) {
                    if (rank == 1) {
                      failed.await();
                      return "";
                    }
                    Tensor tensor = torch.ones(4);
                    ProcessGroup.Pending pending = group.sum(tensor);
                    try {
                      pending.await();
                      return "no failure";
                    } catch (PeerException late) {
                      return String.valueOf(late.getMessage());
                    } finally {
                      failed.countDown();
                    }
                  }
                }));
    assertThat(messages.get(0))
        .contains("although all of them answer", "time-out of 2 s", "Timed out waiting 2000ms");
  }
}
