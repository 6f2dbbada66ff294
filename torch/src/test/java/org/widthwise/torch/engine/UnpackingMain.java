package org.widthwise.torch.engine;

/** What each of two processes runs that share one empty cache. */
final class UnpackingMain {
  private UnpackingMain() {}

  public static void main(String[] arguments) {
    Libtorch.load(cache -> System.out.println("unpacking"));
    System.out.println("loaded " + Libtorch.version());
  }
}
