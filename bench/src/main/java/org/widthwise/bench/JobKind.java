package org.widthwise.bench;

import java.util.Locale;
import org.widthwise.torch.nn.ResNetShape;
import org.widthwise.torch.nn.TransformerShape;

/** The networks whose training steps are timed on both sides, each with the same job in Python. */
enum JobKind {
  /** The paper's network on its full batch, by gradient descent: {@link PaperJob}. */
  PERCEPTRON,

  /** Four pre-norm blocks with heads of 16, a context and a vocabulary of 64, Adam. */
  TRANSFORMER,

  /** One block in each of three stages, batch normalisation, images of 32 × 32, Adam. */
  RESNET;

  private static final int VOCABULARY = 64;
  private static final int CONTEXT = 64;
  private static final int BLOCKS = 4;
  private static final int HEAD_WIDTH = 16;

  TrainingJob make(int width) {
    return switch (this) {
      case PERCEPTRON -> new PaperJob(width);
      case TRANSFORMER -> {
        int heads = Math.max(1, width / HEAD_WIDTH);
        yield NetworkJob.of(TransformerShape.of(VOCABULARY, CONTEXT, width, BLOCKS, heads));
      }
      case RESNET -> NetworkJob.of(ResNetShape.cifar10(width, 1));
    };
  }

  /** What the Python side calls it. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
