package org.widthwise.lab.data;

import java.util.List;

/**
 * What sets a class of the {@link StandIn} apart: moments of the CIFAR-10 class of that name,
 * measured over 20,000 training images and rounded. All are in the orthonormal 32×32 cosine basis
 * of pixels minus 127.5, {@code (v, u)} being the frequency down and across.
 *
 * @param name the class it resembles
 * @param luminance mean of (r+g+b)/√3 at (0,0), (1,0), (0,2), (2,0), (1,2), (2,2)
 * @param redBlue mean of (r−b)/√2 at (0,0), (1,0), (0,2), (2,0)
 * @param green mean of (r−2g+b)/√6 at (0,0), (0,2), (2,0)
 * @param acrossOverDown energy of variation across an image over that down it: vehicles have
 *     horizons
 * @param contrast variance of the texture relative to the average class
 * @param brightness standard deviation of the mean brightness relative to the average class
 */
record StandInClass(
    String name,
    List<Integer> luminance,
    List<Integer> redBlue,
    List<Integer> green,
    double acrossOverDown,
    double contrast,
    double brightness) {

  static final List<List<int[]>> FREQUENCIES =
      List.of(
          List.of(at(0, 0), at(1, 0), at(0, 2), at(2, 0), at(1, 2), at(2, 2)),
          List.of(at(0, 0), at(1, 0), at(0, 2), at(2, 0)),
          List.of(at(0, 0), at(0, 2), at(2, 0)));

  static final List<StandInClass> ALL =
      List.of(
          new StandInClass(
              "airplane",
              List.of(840, 630, 190, 310, -70, -180),
              List.of(-370, -200, -40, -80),
              List.of(-30, 0, -10),
              0.5,
              0.9,
              1.19),
          new StandInClass(
              "automobile",
              List.of(-620, 630, 120, 90, -200, 140),
              List.of(150, -60, 20, -30),
              List.of(40, -30, -70),
              0.45,
              1.12,
              0.99),
          new StandInClass(
              "bird",
              List.of(-430, 160, 130, 130, -60, -150),
              List.of(380, -60, -20, -20),
              List.of(-240, -50, -20),
              0.8,
              0.9,
              1.15),
          new StandInClass(
              "cat",
              List.of(-600, -110, -70, 120, 80, 0),
              List.of(470, 0, -50, -40),
              List.of(0, -10, -10),
              1.0,
              1.0,
              1.08),
          new StandInClass(
              "deer",
              List.of(-850, -190, 20, 90, -80, -80),
              List.of(540, -130, -50, -60),
              List.of(-260, -50, -50),
              0.55,
              0.83,
              0.93),
          new StandInClass(
              "dog",
              List.of(-590, -240, -340, -60, -10, 30),
              List.of(480, -10, -50, -40),
              List.of(-40, -30, -20),
              1.05,
              1.05,
              0.95),
          new StandInClass(
              "frog",
              List.of(-1150, -90, -30, 60, -40, 110),
              List.of(720, -10, -90, -90),
              List.of(-200, -10, -10),
              0.75,
              0.92,
              1.01),
          new StandInClass(
              "horse",
              List.of(-460, 140, 150, 370, -50, -130),
              List.of(500, -220, -30, -80),
              List.of(-130, -50, -50),
              0.6,
              1.08,
              0.87),
          new StandInClass(
              "ship",
              List.of(380, 1200, 0, -40, -80, 50),
              List.of(-360, -150, -90, -120),
              List.of(-20, -10, -20),
              0.3,
              0.93,
              0.94),
          new StandInClass(
              "truck",
              List.of(-130, 1260, 240, 600, -110, 80),
              List.of(120, -170, -30, -110),
              List.of(20, -30, -40),
              0.45,
              1.15,
              0.84));

  List<Integer> means(int component) {
    return switch (component) {
      case 0 -> luminance;
      case 1 -> redBlue;
      default -> green;
    };
  }

  private static int[] at(int v, int u) {
    return new int[] {v, u};
  }
}
