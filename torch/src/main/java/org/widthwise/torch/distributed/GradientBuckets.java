package org.widthwise.torch.distributed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.VoidTensorHook;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.widthwise.torch.engine.Tensors;

/**
 * Sums gradients over the processes of a group, in buckets: flat tensors that hold the gradients of
 * several parameters each, the last parameters first, since the backward pass reaches them first.
 * The sum of a bucket begins as soon as it is full, while the backward pass goes on; buckets begin
 * in the same order in every process.
 *
 * <p>The gradients that come out are views of the buckets, and good until the next backward pass.
 * All memory belongs to the scope that is open when this is made.
 */
public final class GradientBuckets implements AutoCloseable {

  /** The usual size of a bucket in bytes. */
  public static final long USUAL_BYTES = 25L << 20;

  private final ProcessGroup group;
  private final List<Slot> slots;
  private final List<Bucket> buckets;
  private int begun;
  private @Nullable PeerException lost;

  /** A parameter and its place in a bucket. */
  private static final class Slot {
    final String name;
    final Tensor parameter;
    final Tensor view;
    final Bucket bucket;
    final Arrival arrival;
    final int hook;
    boolean arrived;

    Slot(GradientBuckets owner, String name, Tensor parameter, Tensor view, Bucket bucket) {
      this.name = name;
      this.parameter = parameter;
      this.view = view;
      this.bucket = bucket;
      this.arrival = new Arrival(gradient -> owner.arrive(this, gradient));
      this.hook = parameter.register_hook(arrival);
    }
  }

  private static final class Bucket {
    final Tensor flat;
    int size;
    int missing;
    ProcessGroup.@Nullable Pending sum;

    Bucket(Tensor flat) {
      this.flat = flat;
    }
  }

  @FunctionalInterface
  private interface OnGradient {
    void accept(Tensor gradient);
  }

  /**
   * What libtorch calls with the gradient of a leaf, summed over its uses, before it is stored. A
   * hook that Java has forgotten makes the backward pass throw: the slot holds it.
   */
  private static final class Arrival extends VoidTensorHook {
    private final OnGradient onGradient;

    Arrival(OnGradient onGradient) {
      this.onGradient = onGradient;
    }

    @Override
    public void call(TensorBase gradient) {
      // Let go of at once: a gradient that nobody else holds is stored without a copy.
      try (PointerScope scope = new PointerScope()) {
        onGradient.accept(new Tensor(gradient));
      }
    }
  }

  private GradientBuckets(ProcessGroup group, Map<String, Tensor> parameters, long bytes) {
    this.group = group;
    this.slots = new ArrayList<>();
    this.buckets = new ArrayList<>();
    List<String> names = new ArrayList<>(parameters.keySet());
    Collections.reverse(names);
    int from = 0;
    while (from < names.size()) {
      int to = endOfBucket(parameters, names, from, bytes);
      fill(parameters, names.subList(from, to));
      from = to;
    }
  }

  /**
   * The buckets of some parameters, which from now on take the gradients of every backward pass.
   *
   * @param group the processes
   * @param parameters by name, in the module's order, all of which get a gradient in each step
   * @param bytes the most that a bucket holds, if it holds more than one parameter
   * @return the buckets
   * @throws IllegalArgumentException if a bucket would hold nothing
   */
  public static GradientBuckets of(ProcessGroup group, Map<String, Tensor> parameters, long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("a bucket has at least 1 byte, not " + bytes);
    }
    return new GradientBuckets(group, parameters, bytes);
  }

  private static int endOfBucket(
      Map<String, Tensor> parameters, List<String> names, int from, long bytes) {
    ScalarType type = Tensors.type(parameter(parameters, names.get(from)));
    long held = 0;
    int to = from;
    while (to < names.size()) {
      Tensor parameter = parameter(parameters, names.get(to));
      held += parameter.numel() * parameter.element_size();
      if (to > from && (held > bytes || Tensors.type(parameter) != type)) {
        break;
      }
      to++;
    }
    return to;
  }

  private static Tensor parameter(Map<String, Tensor> parameters, String name) {
    Tensor parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalStateException("the parameters changed while they were listed: " + name);
    }
    return parameter;
  }

  private void fill(Map<String, Tensor> parameters, List<String> names) {
    Tensor first = parameter(parameters, names.get(0));
    long count = names.stream().mapToLong(name -> parameter(parameters, name).numel()).sum();
    Bucket bucket = new Bucket(Tensors.zerosBeside(first, count));
    buckets.add(bucket);
    long at = 0;
    for (String name : names) {
      Tensor parameter = parameter(parameters, name);
      Tensor view = bucket.flat.narrow(0, at, parameter.numel()).view(Tensors.shape(parameter));
      slots.add(new Slot(this, name, parameter, view, bucket));
      bucket.size++;
      at += parameter.numel();
    }
    bucket.missing = bucket.size;
  }

  private void arrive(Slot slot, Tensor gradient) {
    try (NoGradGuard guard = new NoGradGuard()) {
      slot.view.copy_(gradient);
    }
    slot.arrived = true;
    slot.bucket.missing--;
    while (begun < buckets.size() && buckets.get(begun).missing == 0) {
      begin(buckets.get(begun));
      begun++;
    }
  }

  /** An exception would lose its type on its way through libtorch's backward pass. */
  private void begin(Bucket full) {
    try {
      full.sum = group.sum(full.flat);
    } catch (PeerException found) {
      lost = found;
    }
  }

  /**
   * Waits for the sums after a backward pass and gives them to the parameters as their gradients.
   *
   * @throws PeerException if a process is lost, or too slow for the time-out
   * @throws IllegalStateException if a parameter got no gradient
   */
  public void finish() {
    if (lost != null) {
      throw lost;
    }
    TreeSet<String> without = new TreeSet<>();
    slots.stream().filter(slot -> !slot.arrived).forEach(slot -> without.add(slot.name));
    if (!without.isEmpty()) {
      throw new IllegalStateException(
          ("the loss does not depend on %s: gradients are summed over processes for parameters that"
                  + " all have one")
              .formatted(without));
    }
    for (Bucket bucket : buckets) {
      if (bucket.sum != null) {
        bucket.sum.await();
      }
      bucket.sum = null;
      bucket.missing = bucket.size;
    }
    for (Slot slot : slots) {
      slot.parameter.mutable_grad().put(slot.view);
      slot.arrived = false;
    }
    begun = 0;
  }

  /** Backward passes are left alone from now on. */
  @Override
  public void close() {
    slots.forEach(slot -> slot.parameter.remove_hook(slot.hook));
  }
}
