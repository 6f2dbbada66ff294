package org.widthwise.bench;

import java.util.List;

/** What {@code side-by-side} can be asked. */
enum Question {
  /** A step of the paper's network by autograd on both sides. */
  STEP(JobKind.PERCEPTRON),

  /** A step of a transformer. */
  TRANSFORMER(JobKind.TRANSFORMER),

  /** A step of a residual network. */
  RESNET(JobKind.RESNET),

  /** The paper's job per step and member, each side as it gets most out of the machine. */
  MEMBERS(JobKind.PERCEPTRON);

  private final JobKind kind;

  Question(JobKind kind) {
    this.kind = kind;
  }

  JobKind kind() {
    return kind;
  }

  /** The widths it is asked at unless others are named. */
  List<Integer> widths() {
    return switch (this) {
      case STEP -> List.of(16, 64, 256, 1024);
      case TRANSFORMER -> List.of(64, 128, 256);
      case RESNET -> List.of(16, 32, 64);
      case MEMBERS -> List.of(16, 64, 256, 1024, 4096);
    };
  }
}
