package org.widthwise.torch.plan;

import java.util.List;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.widthwise.torch.nn.FeatureTap;
import org.widthwise.torch.nn.Network;

/** Attention in which four heads of queries share one of keys and values, fused or not. */
final class GroupedQueries extends Module implements Network {

  static final int INPUTS = 6;
  static final int OUTPUTS = 2;
  static final int HEADS = 4;

  private final boolean fused;
  private final int width;
  private final LinearImpl read;
  private final Module attention;
  private final List<LinearImpl> projections;
  private final LinearImpl joined;
  private final LinearImpl write;

  GroupedQueries(int width, boolean fused) {
    super("GroupedQueries");
    this.fused = fused;
    this.width = width;
    int head = width / HEADS;
    read = register_module("read", linear(INPUTS, width));
    attention = register_module("attention", new Module("attention"));
    projections =
        fused
            ? List.of(attention.register_module("wqkv", linear(width, width + 2 * head)))
            : List.of(
                attention.register_module("query", linear(width, width)),
                attention.register_module("key", linear(width, head)),
                attention.register_module("value", linear(width, head)));
    joined = attention.register_module("wo", linear(width, width));
    write = register_module("write", linear(width, OUTPUTS));
  }

  private static LinearImpl linear(long fanIn, long fanOut) {
    return new LinearImpl(new LinearOptions(fanIn, fanOut));
  }

  @Override
  public Module module() {
    return this;
  }

  @Override
  public Tensor forward(Tensor inputs, FeatureTap tap) {
    Tensor features = seen("read.weight", read, inputs, tap).tanh();
    int head = width / HEADS;
    Tensor queries;
    Tensor keys;
    Tensor values;
    if (fused) {
      Tensor all = seen("attention.wqkv.weight", projections.get(0), features, tap);
      queries = all.narrow(-1, 0, width);
      keys = all.narrow(-1, width, head);
      values = all.narrow(-1, width + head, head);
    } else {
      queries = seen("attention.query.weight", projections.get(0), features, tap);
      keys = seen("attention.key.weight", projections.get(1), features, tap);
      values = seen("attention.value.weight", projections.get(2), features, tap);
    }
    Tensor logits =
        byHead(queries, head).matmul(byHead(keys, head).transpose(-2, -1)).mul(new Scalar(0.5));
    Tensor mixed = torch.softmax(logits, -1).matmul(byHead(values, head));
    Tensor heads = mixed.transpose(1, 2).reshape(inputs.size(0), inputs.size(1), width);
    return seen("write.weight", write, seen("attention.wo.weight", joined, heads, tap), tap);
  }

  private static Tensor byHead(Tensor features, long head) {
    return features.reshape(features.size(0), features.size(1), -1, head).transpose(1, 2);
  }

  private static Tensor seen(String name, LinearImpl layer, Tensor input, FeatureTap tap) {
    Tensor output = layer.forward(input);
    tap.observe(name, input, output);
    return output;
  }
}
