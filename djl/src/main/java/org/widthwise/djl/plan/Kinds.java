package org.widthwise.djl.plan;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Convolution;
import ai.djl.nn.convolutional.Deconvolution;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.core.LinearCollection;
import ai.djl.nn.core.Multiplication;
import ai.djl.nn.core.Prelu;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.recurrent.GRU;
import ai.djl.nn.recurrent.LSTM;
import ai.djl.nn.recurrent.RNN;
import ai.djl.nn.recurrent.RecurrentBlock;
import ai.djl.nn.transformer.BertBlock;
import ai.djl.nn.transformer.BertMaskedLanguageModelBlock;
import ai.djl.nn.transformer.IdEmbedding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Role;

/**
 * What DJL's block types say of their parameters. A parameter's key is that by which the type
 * itself names it, so it counts only together with the type.
 */
final class Kinds {

  private static final String WEIGHT = "weight";
  private static final String BIAS = "bias";
  private static final String EMBEDDING = "embedding";

  private Kinds() {}

  /** Empty if the type is unknown, or known but without a parameter of that key. */
  static Optional<Kind> of(Block block, String key, Shape shape) {
    if (block instanceof Linear) {
      return weightOrBias(key, shape, () -> matrices(shape, 1));
    }
    if (block instanceof LinearCollection) {
      return collection(key, shape);
    }
    if (block instanceof Convolution convolution) {
      return weightOrBias(key, shape, () -> convolution(shape, convolution.getGroups()));
    }
    if (block instanceof Deconvolution) {
      return weightOrBias(key, shape, () -> deconvolution(shape, channelsIn(block)));
    }
    if (block instanceof Embedding || block instanceof IdEmbedding) {
      return only(EMBEDDING, key, embedding(shape));
    }
    if (block instanceof LayerNorm || block instanceof BatchNorm) {
      return switch (key) {
        case "gamma" -> Optional.of(vector(Role.GAIN, shape, 1));
        case "beta" -> Optional.of(vector(Role.BIAS, shape, 1));
        default -> Optional.empty();
      };
    }
    if (block instanceof Multiplication) {
      return only(WEIGHT, key, vector(Role.GAIN, shape, Math.toIntExact(shape.get(0))));
    }
    if (block instanceof Prelu) {
      return only("alpha", key, scalar(shape));
    }
    if (block instanceof RecurrentBlock) {
      return recurrent(block, key, shape);
    }
    if (block instanceof BertBlock) {
      return only("positionEmbedding", key, embedding(shape));
    }
    if (block instanceof BertMaskedLanguageModelBlock) {
      return only("dictionaryBias", key, vector(Role.BIAS, shape, 1).at(Layer.READOUT));
    }
    return Optional.empty();
  }

  /**
   * A parameter of which the role is said.
   *
   * @throws IllegalArgumentException if the shape does not suit the role
   */
  static Kind declared(Role role, Shape shape, int maps) {
    return switch (role) {
      case MATRIX -> {
        requireRank(role, shape, 2, 2);
        yield matrices(shape, maps);
      }
      case CONVOLUTION -> {
        requireRank(role, shape, 3, 5);
        yield convolution(shape, maps);
      }
      case TRANSPOSED_CONVOLUTION -> {
        requireRank(role, shape, 3, 5);
        yield transposedConvolution(shape, maps);
      }
      case EMBEDDING, TIED_EMBEDDING -> {
        requireRank(role, shape, 2, 2);
        yield embedding(shape).as(role);
      }
      case BIAS, GAIN -> vector(role, shape, maps);
      case SCALAR -> scalar(shape);
    };
  }

  private static void requireRank(Role role, Shape shape, int fewest, int most) {
    if (shape.dimension() < fewest || shape.dimension() > most) {
      throw new IllegalArgumentException(
          "a parameter with role %s has %s dimensions, but the shape is %s"
              .formatted(role.id(), fewest == most ? fewest : fewest + " to " + most, shape));
    }
  }

  private static Optional<Kind> only(String own, String key, Kind kind) {
    return key.equals(own) ? Optional.of(kind) : Optional.empty();
  }

  private static Optional<Kind> weightOrBias(String key, Shape shape, Supplier<Kind> weight) {
    return switch (key) {
      case WEIGHT -> Optional.of(weight.get());
      case BIAS -> Optional.of(vector(Role.BIAS, shape, 1));
      default -> Optional.empty();
    };
  }

  /** {@code [maps · rows, columns]}. */
  private static Kind matrices(Shape shape, int maps) {
    long rows = rowsOfEach(shape, maps);
    return new Kind(
        Role.MATRIX,
        dimensions(shape),
        maps,
        MatrixView.matrices(maps, rows, shape.get(1)),
        Optional.empty());
  }

  /** {@code [split…, inputs, units]}: the input, split as before, times one matrix for each. */
  private static Optional<Kind> collection(String key, Shape shape) {
    int rank = shape.dimension();
    if (key.equals(BIAS)) {
      return Optional.of(
          vector(Role.BIAS, shape, Math.toIntExact(shape.slice(0, rank - 1).size())));
    }
    if (!key.equals(WEIGHT)) {
      return Optional.empty();
    }
    int maps = Math.toIntExact(shape.slice(0, rank - 2).size());
    long fanIn = shape.get(rank - 2);
    long fanOut = shape.get(rank - 1);
    return Optional.of(
        new Kind(
            Role.MATRIX,
            List.of(maps * fanOut, fanIn),
            maps,
            MatrixView.inputFirst(maps, fanOut, fanIn, 1),
            Optional.empty()));
  }

  /** {@code [filters, channelsIn / groups, kernel…]}. */
  private static Kind convolution(Shape shape, int groups) {
    long rows = rowsOfEach(shape, groups);
    return new Kind(
        Role.CONVOLUTION,
        dimensions(shape),
        groups,
        MatrixView.matrices(groups, rows, shape.slice(1).size()),
        Optional.empty());
  }

  /** {@code [channelsIn, channelsOut / groups, kernel…]}, as engines store it. */
  private static Kind transposedConvolution(Shape shape, int groups) {
    long channelsIn = rowsOfEach(shape, groups);
    return new Kind(
        Role.TRANSPOSED_CONVOLUTION,
        dimensions(shape),
        groups,
        MatrixView.inputFirst(groups, shape.get(1), channelsIn, shape.slice(2).size()),
        Optional.empty());
  }

  /**
   * DJL gives a transposed convolution's array the shape {@code [filters, channelsIn / groups,
   * kernel…]}, while the operation underneath takes {@code [channelsIn, filters / groups,
   * kernel…]}: it can only run where the two agree.
   */
  private static Kind deconvolution(Shape shape, long channelsIn) {
    long filters = shape.get(0);
    int groups = Math.toIntExact(channelsIn / shape.get(1));
    List<Long> stored = new ArrayList<>(dimensions(shape));
    stored.set(0, channelsIn);
    stored.set(1, filters / groups);
    return transposedConvolution(new Shape(stored), groups);
  }

  private static long channelsIn(Block block) {
    return block.getInputShapes()[0].get(1);
  }

  private static Kind embedding(Shape shape) {
    return new Kind(
        Role.EMBEDDING,
        dimensions(shape),
        1,
        MatrixView.matrices(shape.get(0), shape.get(1), 1),
        Optional.of(Layer.INPUT));
  }

  private static Kind vector(Role role, Shape shape, int maps) {
    rowsOfEach(shape, maps);
    return new Kind(
        role, dimensions(shape), maps, MatrixView.vector(shape.size()), Optional.empty());
  }

  private static Kind scalar(Shape shape) {
    return new Kind(
        Role.SCALAR, dimensions(shape), 1, MatrixView.vector(1), Optional.of(Layer.HIDDEN));
  }

  /**
   * Keys read {@code l_0_i2h_WEIGHT}: direction, layer, input to hidden or hidden to hidden. Gates
   * are stacked along the first dimension.
   */
  private static Optional<Kind> recurrent(Block block, String key, Shape shape) {
    int gates = gates(block);
    String[] parts = key.split("_", -1);
    if (gates == 0 || parts.length != 4) {
      return Optional.empty();
    }
    boolean readsInput = parts[1].equals("0") && parts[2].equals("i2h");
    return switch (parts[3]) {
      case "WEIGHT" -> {
        Kind kind = matrices(shape, gates);
        yield Optional.of(readsInput ? kind : kind.at(Layer.HIDDEN));
      }
      case "BIAS" -> Optional.of(vector(Role.BIAS, shape, gates).at(Layer.HIDDEN));
      default -> Optional.empty();
    };
  }

  private static int gates(Block block) {
    if (block instanceof RNN) {
      return 1;
    }
    if (block instanceof GRU) {
      return 3;
    }
    return block instanceof LSTM ? 4 : 0;
  }

  private static long rowsOfEach(Shape shape, long maps) {
    if (maps < 1 || (shape.dimension() > 0 && shape.get(0) % maps != 0)) {
      throw new IllegalArgumentException(
          "%d equal maps cannot be stacked along the first dimension of %s".formatted(maps, shape));
    }
    return shape.dimension() == 0 ? 1 : shape.get(0) / maps;
  }

  private static List<Long> dimensions(Shape shape) {
    return Arrays.stream(shape.getShape()).boxed().toList();
  }
}
