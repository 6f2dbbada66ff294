package org.widthwise.torch.engine;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Predicate;

/**
 * What libtorch with CUDA is linked to beside its own files. It is looked for before libtorch is
 * loaded, since a load that fails half-way can end in a SIGSEGV of the JVM.
 */
final class CudaLibraries {

  /**
   * What the dynamic sections of the files in {@code pytorch-2.10.0-1.5.13-linux-x86_64-gpu} name,
   * and the two that these libraries need in turn.
   */
  private static final List<String> NEEDED =
      List.of(
          "libcudart.so.13",
          "libcupti.so.13",
          "libcublas.so.13",
          "libcublasLt.so.13",
          "libcufft.so.12",
          "libcufile.so.0",
          "libcurand.so.10",
          "libcusolver.so.12",
          "libcusparse.so.12",
          "libnvJitLink.so.13",
          "libnvrtc.so.13",
          "libcudnn.so.9",
          "libnccl.so.2");

  /** Where the redistributables are on the class path, if they are there. */
  private static final String RESOURCES = "/org/bytedeco/cuda/linux-x86_64/";

  private CudaLibraries() {}

  /**
   * Refuses to go on without them.
   *
   * @throws UncheckedIOException if one is neither on the class path nor on the system
   */
  static void require() {
    require(
        SharedLibraries.ofSystem(),
        name -> CudaLibraries.class.getResource(RESOURCES + name) != null);
  }

  static void require(SharedLibraries system, Predicate<String> onClassPath) {
    List<String> missing =
        NEEDED.stream().filter(name -> !onClassPath.test(name) && !system.has(name)).toList();
    if (!missing.isEmpty()) {
      String message =
          "this build of libtorch has CUDA and needs CUDA 13 and cuDNN 9, of which %s cannot be"
                  .formatted(String.join(", ", missing))
              + " found: install them, name their directories in LD_LIBRARY_PATH, or build with"
              + " WIDTHWISE_PROFILE=cuda,cuda-redist, see "
              + CudaStatus.PAGE;
      throw new UncheckedIOException(message, new FileNotFoundException(missing.get(0)));
    }
  }
}
