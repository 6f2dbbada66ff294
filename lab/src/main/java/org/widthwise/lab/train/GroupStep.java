package org.widthwise.lab.train;

import java.util.Arrays;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.widthwise.torch.distributed.GradientBuckets;
import org.widthwise.torch.distributed.ProcessGroup;

/**
 * Steps that the processes of a group take together: each has a slice of the batch, of equal size
 * but for one example. A loss counts by its share of the examples, so that the sum over the
 * processes is the mean over the whole batch, and so are the gradients.
 */
final class GroupStep implements StepShare {

  private final ProcessGroup group;
  private final GradientBuckets buckets;
  private final int from;
  private final int to;
  private final double weight;
  private boolean stopped;

  /**
   * The steps of a training.
   *
   * @param parameters by name, in the module's order
   * @param batch the examples of a whole step, at least one for each process
   */
  GroupStep(ProcessGroup group, Map<String, Tensor> parameters, int batch) {
    this.group = group;
    this.buckets = GradientBuckets.of(group, parameters, GradientBuckets.USUAL_BYTES);
    this.from = bound(batch, group.rank(), group.size());
    this.to = bound(batch, group.rank() + 1, group.size());
    this.weight = (double) (to - from) / batch;
  }

  private static int bound(int batch, int rank, int size) {
    return (int) ((long) batch * rank / size);
  }

  @Override
  public int[] of(int[] batch) {
    return Arrays.copyOfRange(batch, from, to);
  }

  @Override
  public double backward(Tensor loss, BooleanSupplier stop) {
    boolean wish = Thread.currentThread().isInterrupted() || stop.getAsBoolean();
    Tensor totals = torch.zeros(new long[] {2}, new TensorOptions(ScalarType.Double));
    DoublePointer numbers = totals.data_ptr_double();
    numbers.put(weight * loss.item_double(), wish ? 1 : 0);
    ProcessGroup.Pending sum = group.sum(totals);
    loss.mul(new Scalar(weight)).backward();
    sum.await();
    buckets.finish();
    stopped = numbers.get(1) > 0;
    return numbers.get(0);
  }

  /**
   * What all agreed on in the step: a process that stopped alone would leave the others waiting.
   */
  @Override
  public boolean stops(BooleanSupplier stop) {
    return stopped;
  }

  @Override
  public void close() {
    buckets.close();
  }
}
