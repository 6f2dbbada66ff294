package org.widthwise.core.shape;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A parameter tensor read as a linear map between two spaces.
 *
 * @param role what the parameter is
 * @param layer which of its dimensions grow with width; for a bias or gain, that of the features
 *     which it acts on ({@link Layer#READOUT} for the bias of the network's output)
 * @param dimensions the tensor's dimensions in PyTorch's order, {@code [fan_out, fan_in, …]}; an
 *     embedding's are {@code [vocabulary, width]}
 * @param maps how many maps of equal size are stacked along the first dimension: 1 for an ordinary
 *     parameter, 3 for queries, keys and values in one tensor, 4 for the gates of an LSTM, the
 *     number of {@linkplain #groups() groups} for a grouped convolution. Each map is scaled by its
 *     own dimensions; maps of unequal sizes have unequal scales, and are parameters of their own
 */
public record ParameterShape(Role role, Layer layer, List<Long> dimensions, int maps) {

  private static final int MAX_KERNEL_DIMENSIONS = 3;

  /**
   * Checks that the dimensions suit the role.
   *
   * @param role what the parameter is
   * @param layer which of its dimensions grow with width
   * @param dimensions the tensor's dimensions
   * @param maps how many maps are stacked along the first dimension
   * @throws IllegalArgumentException if they do not; the message says what would
   */
  public ParameterShape {
    dimensions = List.copyOf(dimensions);
    for (long dimension : dimensions) {
      if (dimension < 1) {
        throw new IllegalArgumentException(
            "every dimension must be at least 1, but the shape is " + dimensions);
      }
    }
    int rank = dimensions.size();
    switch (role) {
      case MATRIX -> require(rank == 2, role, "[fan_out, fan_in]", dimensions);
      case EMBEDDING, TIED_EMBEDDING -> require(rank == 2, role, "[vocabulary, width]", dimensions);
      case CONVOLUTION ->
          require(
              rank > 2 && rank <= 2 + MAX_KERNEL_DIMENSIONS,
              role,
              "[channels_out, channels_in, kernel…] with 1 to 3 kernel dimensions",
              dimensions);
      case TRANSPOSED_CONVOLUTION ->
          require(
              rank > 2 && rank <= 2 + MAX_KERNEL_DIMENSIONS,
              role,
              "[channels_in, channels_out, kernel…] with 1 to 3 kernel dimensions",
              dimensions);
      case BIAS, GAIN -> require(rank >= 1, role, "at least one dimension", dimensions);
      case SCALAR ->
          require(product(dimensions.stream().mapToLong(d -> d)) == 1, role, "one", dimensions);
    }
    boolean stackable = role.isMatrixLike() || role == Role.BIAS || role == Role.GAIN;
    if (maps < 1 || (maps > 1 && (!stackable || dimensions.get(0) % maps != 0))) {
      throw new IllegalArgumentException(
          "a parameter with role %s and shape %s is not %d maps of equal size stacked along its first dimension"
              .formatted(role.id(), dimensions, maps));
    }
  }

  /**
   * A parameter of a single map.
   *
   * @param role what the parameter is
   * @param layer which of its dimensions grow with width
   * @param dimensions the tensor's dimensions
   * @throws IllegalArgumentException if they do not suit the role; the message says what would
   */
  public ParameterShape(Role role, Layer layer, List<Long> dimensions) {
    this(role, layer, dimensions, 1);
  }

  private static void require(boolean suits, Role role, String wanted, List<Long> dimensions) {
    if (!suits) {
      throw new IllegalArgumentException(
          "a parameter with role %s has shape %s, but this one has %s"
              .formatted(role.id(), role == Role.SCALAR ? "[] or [1]" : wanted, dimensions));
    }
  }

  /**
   * A dense matrix.
   *
   * @param layer which of its dimensions grow with width
   * @param fanOut the dimension of its outputs
   * @param fanIn the dimension of its inputs
   * @return the shape {@code [fanOut, fanIn]}
   */
  public static ParameterShape matrix(Layer layer, long fanOut, long fanIn) {
    return of(Role.MATRIX, layer, fanOut, fanIn);
  }

  /**
   * A bias vector.
   *
   * @param layer the layer whose outputs it is added to
   * @param fanOut its length
   * @return the shape {@code [fanOut]}
   */
  public static ParameterShape bias(Layer layer, long fanOut) {
    return of(Role.BIAS, layer, fanOut);
  }

  /**
   * An embedding table.
   *
   * @param vocabulary the number of rows
   * @param width the length of a row
   * @return the shape {@code [vocabulary, width]}
   */
  public static ParameterShape embedding(long vocabulary, long width) {
    return of(Role.EMBEDDING, Layer.INPUT, vocabulary, width);
  }

  /**
   * Any parameter.
   *
   * @param role what it is
   * @param layer where it stands
   * @param dimensions the tensor's dimensions
   * @return the shape
   */
  public static ParameterShape of(Role role, Layer layer, long... dimensions) {
    return new ParameterShape(role, layer, Arrays.stream(dimensions).boxed().toList());
  }

  /**
   * The same read as several maps of equal size stacked along the first dimension.
   *
   * @param newMaps how many
   * @return the shape
   * @throws IllegalArgumentException if the first dimension is not a multiple of it, or the role
   *     has no such stacks
   */
  public ParameterShape stacked(int newMaps) {
    return new ParameterShape(role, layer, dimensions, newMaps);
  }

  /**
   * The dimensions of one map: for a convolution those of one slice (section 8), for an embedding,
   * a bias and a gain with fan-in 1 (appendices D and E).
   *
   * @return fan-in and fan-out
   */
  public Fans fans() {
    return switch (role) {
      case MATRIX, CONVOLUTION -> new Fans(dimensions.get(1), dimensions.get(0) / maps);
      case TRANSPOSED_CONVOLUTION -> new Fans(dimensions.get(0) / maps, dimensions.get(1));
      case EMBEDDING, TIED_EMBEDDING -> new Fans(1, dimensions.get(1));
      case BIAS, GAIN -> new Fans(1, product(dimensions.stream().mapToLong(d -> d)) / maps);
      case SCALAR -> new Fans(1, 1);
    };
  }

  /**
   * The number of slices of a convolution, over which a sum runs in the forward pass. It does not
   * grow with width, so it enters the initial standard deviation (each output sums {@code fan_in ·
   * kernelArea} terms) and nothing else.
   *
   * @return the product of the kernel's dimensions; 1 for every other role
   */
  public long kernelArea() {
    return role.isConvolution() ? product(dimensions.stream().skip(2).mapToLong(d -> d)) : 1;
  }

  /**
   * How many of the maps share one vector of features, each reading and writing a part of it: the
   * groups of a convolution. Each part's gradient is smaller than the whole's by their number.
   * Other stacks, such as queries, keys and values, write a vector of features each.
   *
   * @return the number of maps of a convolution, 1 for every other role
   */
  public int groups() {
    return role.isConvolution() ? maps : 1;
  }

  /**
   * Whether the parameter maps features to features: a matrix or a convolution.
   *
   * @return false for embeddings, biases, gains and scalars
   */
  public boolean isMatrixLike() {
    return role.isMatrixLike();
  }

  /**
   * The dimensions that grow with width, the others put to 1: what an infinite-width theory that
   * takes input and output dimensions as Θ(1) sees of the parameter (Tensor Programs V, table 3).
   *
   * @return fan-in and fan-out with the fixed ones replaced by 1
   */
  public Fans widthFans() {
    Fans fans = fans();
    return new Fans(
        isMatrixLike() && layer != Layer.INPUT ? fans.fanIn() : 1,
        layer != Layer.READOUT ? fans.fanOut() : 1);
  }

  /**
   * The same, standing elsewhere.
   *
   * @param newLayer where
   * @return the shape
   */
  public ParameterShape at(Layer newLayer) {
    return new ParameterShape(role, newLayer, dimensions, maps);
  }

  /**
   * Whether another parameter may be this one at another width: it has the same role, as many
   * dimensions, and the same of them grow. For a bias, a gain or an embedding it makes no
   * difference whether its features are those of the input's layer or later ones, since their
   * number grows alike; whether it belongs to the network's output does.
   *
   * @param other the other parameter's shape
   * @return true if it may
   */
  public boolean growsLike(ParameterShape other) {
    boolean alike =
        isMatrixLike()
            ? layer == other.layer
            : role == Role.SCALAR || (layer == Layer.READOUT) == (other.layer == Layer.READOUT);
    return alike && role == other.role && dimensions.size() == other.dimensions.size();
  }

  /**
   * The group whose prefactors the parameter takes.
   *
   * @return the group
   */
  public ParameterGroup group() {
    return switch (role) {
      case MATRIX, CONVOLUTION, TRANSPOSED_CONVOLUTION ->
          switch (layer) {
            case INPUT -> ParameterGroup.INPUT;
            case HIDDEN -> ParameterGroup.HIDDEN;
            case READOUT -> ParameterGroup.READOUT;
          };
      case EMBEDDING, TIED_EMBEDDING -> ParameterGroup.EMBEDDING;
      case BIAS -> ParameterGroup.BIAS;
      case GAIN -> ParameterGroup.GAIN;
      case SCALAR -> ParameterGroup.SCALAR;
    };
  }

  private static long product(LongStream dimensions) {
    try {
      return dimensions.reduce(1, Math::multiplyExact);
    } catch (ArithmeticException overflow) {
      throw new IllegalArgumentException(
          "the dimensions' product exceeds 2^63 - 1, more than any memory holds", overflow);
    }
  }
}
