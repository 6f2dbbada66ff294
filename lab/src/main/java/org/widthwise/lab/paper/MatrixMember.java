package org.widthwise.lab.paper;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.core.norm.MatrixNorms;
import org.widthwise.core.parametrization.Parametrization;
import org.widthwise.core.plan.Plan;
import org.widthwise.core.plan.Recipe;
import org.widthwise.core.shape.Fans;
import org.widthwise.core.shape.Parameter;
import org.widthwise.core.shape.ParameterShape;
import org.widthwise.core.update.UpdateRules;
import org.widthwise.lab.experiment.Settings;
import org.widthwise.lab.run.Member;
import org.widthwise.lab.run.MemberKey;
import org.widthwise.lab.run.MemberResult;
import org.widthwise.torch.engine.Libtorch;
import org.widthwise.torch.engine.OneBlasThread;
import org.widthwise.torch.measure.FeatureNorms;
import org.widthwise.torch.measure.TensorNorms;
import org.widthwise.torch.plan.InitScheme;

/** One random matrix, drawn and measured. */
final class MatrixMember implements Member {

  /** A factorisation and its orthogonal factor, for each entry and each of the shorter side. */
  private static final double FACTORED_ENTRY = 12;

  /** Matrices at a time: the result, the draw, its factors and what the factorisation needs. */
  private static final double COPIES = 5;

  private final MemberKey key;
  private final InitScheme scheme;
  private final Settings settings;
  private final ParameterShape shape;
  private final Plan plan;

  MatrixMember(
      Parametrization parametrization,
      InitScheme scheme,
      MatrixShape shape,
      long width,
      int trial,
      Settings settings) {
    this.key = new MemberKey(MatrixStudy.series(parametrization, scheme, shape), width, trial);
    this.scheme = scheme;
    this.settings = settings;
    this.shape = shape.at(width);
    this.plan =
        Recipe.of(parametrization, UpdateRules.SGD).plan(List.of(new Parameter("w", this.shape)));
  }

  @Override
  public MemberKey key() {
    return key;
  }

  @Override
  public double work() {
    Fans fans = shape.fans();
    double factors = scheme == InitScheme.GAUSSIAN ? 0 : FACTORED_ENTRY * fans.minimum();
    return Work.MEMBER + fans.entries() * (Work.RANDOM_ENTRY + factors);
  }

  @Override
  public double memoryBytes() {
    return COPIES * Float.BYTES * shape.fans().entries();
  }

  @Override
  public MemberResult run(ShareListener progress) {
    long start = System.nanoTime();
    Libtorch.load();
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard();
        OneBlasThread oneThread = OneBlasThread.open()) {
      Tensor matrix =
          Draws.weights(
                  plan,
                  scheme,
                  torch.ScalarType.Float,
                  Draws.generator(settings, key),
                  settings.device())
              .weights()
              .get(0);
      SortedMap<String, Double> values = measure(matrix, plan.get("w").scale().initStd());
      double seconds = (System.nanoTime() - start) / 1e9;
      return new MemberResult(key, values, Double.NaN, 0, false, seconds);
    }
  }

  private SortedMap<String, Double> measure(Tensor matrix, double deviation) {
    MatrixNorms norms = TensorNorms.of(matrix);
    long fanIn = norms.fans().fanIn();
    double rootFanIn = Math.sqrt((double) fanIn);
    double rootFanOut = Math.sqrt((double) norms.fans().fanOut());
    SortedMap<String, Double> values = new TreeMap<>();
    values.put("ratio", norms.frobenius() / norms.spectral());
    values.put("alignment", alignment(matrix, norms.spectral()));
    values.put("edge", norms.spectral() / (deviation * (rootFanIn + rootFanOut)));
    return values;
  }

  /** The mean of ‖Wh‖₂/(‖W‖₂‖h‖₂) over vectors h of signs, which no matrix has a part in. */
  private double alignment(Tensor matrix, double spectral) {
    Generator generator =
        Draws.generator(settings, new MemberKey(key.series(), -key.x(), key.trial()));
    long[] dimensions = {MatrixStudy.VECTORS, matrix.size(1)};
    Tensor drawn =
        torch
            .zeros(dimensions, new TensorOptions(torch.ScalarType.Float))
            .random_(0, new LongOptional(2), new GeneratorOptional(generator))
            .mul_(new Scalar(2.0))
            .sub_(new Scalar(1.0));
    Tensor vectors = settings.device().here(drawn);
    return FeatureNorms.norms(vectors.mm(matrix.t()))
            .div(FeatureNorms.norms(vectors))
            .mean()
            .item_double()
        / spectral;
  }
}
