package org.widthwise.torch.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class LibtorchTest {
  @BeforeAll
  static void load() {
    Libtorch.load();
  }

  @Test
  void loadsFromManyThreadsAtOnceAndAgain() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> loads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        loads.add(
            threads.submit(
                () ->
                    Libtorch.load(
                        cache -> {
                          throw new AssertionError("already loaded, so nothing to unpack");
                        })));
      }
      for (Future<?> load : loads) {
        load.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(Libtorch.version()).isEqualTo("2.10.0");
    assertThat(Libtorch.cacheDirectory()).isDirectory();
    assertThat(Libtorch.cpuCapability()).isNotBlank();
  }

  @Test
  void setsTheThreadsOfLibtorchAndOfOpenBlas() {
    int before = Libtorch.threads();
    try {
      Libtorch.setThreads(3);
      assertThat(Libtorch.threads()).isEqualTo(3);
      assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(3);
    } finally {
      Libtorch.setThreads(before);
    }
    assertThatThrownBy(() -> Libtorch.setThreads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1 thread, but got 0");
  }

  @Test
  void oneThreadScopesNestAndPutBackWhatWasThere() {
    int before = Libtorch.threads();
    try {
      Libtorch.setThreads(2);
      try (OneBlasThread outer = OneBlasThread.open()) {
        assertThat(outer).isNotNull();
        assertThat(Libtorch.threads()).isEqualTo(1);
        try (OneBlasThread inner = OneBlasThread.open()) {
          assertThat(inner).isNotNull();
        }
        assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(1);
        assertThat(Libtorch.threads()).isEqualTo(1);
      }
      assertThat(Libtorch.threads()).isEqualTo(2);
      assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(2);
    } finally {
      Libtorch.setThreads(before);
    }
  }

  @Test
  void openBlasStaysAtOneThreadUntilTheLastScopeOfAnyThreadCloses() throws Exception {
    int before = Libtorch.threads();
    Libtorch.setThreads(2);
    CountDownLatch opened = new CountDownLatch(1);
    CountDownLatch mayClose = new CountDownLatch(1);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      OneBlasThread here = OneBlasThread.open();
      Future<Integer> threadsAfter =
          other.submit(
              () -> {
                try (OneBlasThread there = OneBlasThread.open()) {
                  assertThat(there).isNotNull();
                  opened.countDown();
                  mayClose.await();
                }
                return openblas_nolapack.blas_get_num_threads();
              });
      opened.await();
      here.close();
      here.close();
      assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(1);
      mayClose.countDown();
      assertThat(threadsAfter.get()).isEqualTo(2);
    } finally {
      mayClose.countDown();
      other.shutdownNow();
      Libtorch.setThreads(before);
    }
  }

  @Test
  void aScopeRefusesToBeClosedOnAnotherThread() throws Exception {
    try (OneBlasThread scope = OneBlasThread.open()) {
      ExecutorService other = Executors.newSingleThreadExecutor();
      try {
        assertThatThrownBy(() -> other.submit(scope::close).get())
            .hasRootCauseInstanceOf(IllegalStateException.class);
      } finally {
        other.shutdownNow();
      }
    }
  }

  @Test
  void warnsUnlessOmpWaitsPassively() {
    assertThat(Libtorch.warnings(Map.of("OMP_WAIT_POLICY", "PASSIVE"))).isEmpty();
    assertThat(Libtorch.warnings(Map.of("OMP_WAIT_POLICY", "passive"))).isEmpty();
    assertThat(Libtorch.warnings(Map.of()))
        .singleElement()
        .asString()
        .contains("not set", "OMP_WAIT_POLICY=PASSIVE");
    assertThat(Libtorch.warnings(Map.of("OMP_WAIT_POLICY", "active")))
        .singleElement()
        .asString()
        .contains("'active'");
  }

  @Test
  void theReasonIsTheFirstLineOfTheNativeMessage() {
    try (PointerScope scope = new PointerScope()) {
      assertThat(scope).isNotNull();
      Throwable thrown = catchThrowable(() -> torch.mm(torch.zeros(2, 3), torch.zeros(2, 3)));
      assertThat(thrown.getMessage()).contains("\n");
      assertThat(Libtorch.reason(thrown))
          .isEqualTo("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)");
    }
    assertThat(Libtorch.reason(new IllegalStateException())).isEqualTo("IllegalStateException");
    assertThat(Libtorch.reason(new IllegalStateException("\n \n"))).isNotBlank();
  }
}
