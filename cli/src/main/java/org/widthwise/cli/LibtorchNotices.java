package org.widthwise.cli;

import java.io.PrintWriter;
import java.util.List;
import org.widthwise.torch.engine.Libtorch;

/** What there is to say about libtorch before it is used. */
final class LibtorchNotices {

  private LibtorchNotices() {}

  /** Loads it; unpacking takes some seconds, and is told. */
  static void load(PrintWriter err) {
    Libtorch.load(cache -> err.println("unpacking libtorch into " + cache + ", this once"));
  }

  /** Lines about what is wrong with the environment. */
  static List<String> warnings() {
    return Libtorch.warnings(System.getenv()).stream()
        .map(warning -> "warning: " + warning)
        .toList();
  }
}
