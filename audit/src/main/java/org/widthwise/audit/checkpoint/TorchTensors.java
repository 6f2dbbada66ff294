package org.widthwise.audit.checkpoint;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.widthwise.audit.checkpoint.StoredTensor.StoredValues;
import org.widthwise.audit.checkpoint.TorchStorages.Storage;
import org.widthwise.audit.model.SkippedTensor;
import org.widthwise.audit.pickle.PickleDict;
import org.widthwise.audit.pickle.PickleValue;
import org.widthwise.audit.pickle.PickleValue.Bool;
import org.widthwise.audit.pickle.PickleValue.Call;
import org.widthwise.audit.pickle.PickleValue.Global;
import org.widthwise.audit.pickle.PickleValue.Text;
import org.widthwise.audit.pickle.PickleValue.Tuple;
import org.widthwise.audit.pickle.PickleValue.Whole;
import org.widthwise.audit.safetensors.SafetensorsHeader;

/** Makes tensors of the calls by which PyTorch would rebuild them. */
final class TorchTensors {

  private static final int TENSOR_ARGUMENTS = 4;
  private static final int V2_ARGUMENTS = 6;
  private static final int V3_TYPE = 6;

  private final TorchStorages storages;

  TorchTensors(TorchStorages storages) {
    this.storages = storages;
  }

  /** A tensor that can be read, or one that is left out. */
  sealed interface Found permits Usable, Skipped {}

  /** A tensor that can be read. */
  record Usable(CheckpointTensor tensor) implements Found {}

  /** A tensor that is left out. */
  record Skipped(SkippedTensor tensor) implements Found {}

  Found read(String name, Call call) {
    List<PickleValue> arguments = call.arguments().items();
    switch (call.function()) {
      case TorchGlobals.PARAMETER, TorchGlobals.PARAMETER_WITH_STATE -> {
        if (!arguments.isEmpty()
            && arguments.get(0) instanceof Call data
            && !data.function().startsWith(TorchGlobals.PARAMETER)) {
          return read(name, data);
        }
        throw storages.malformed(
            name,
            "is a parameter of "
                + (arguments.isEmpty() ? "nothing" : arguments.get(0).kind())
                + ", must be one of a tensor");
      }
      case TorchGlobals.TENSOR -> {
        arguments(name, call, TENSOR_ARGUMENTS, TENSOR_ARGUMENTS);
        return tensor(name, arguments, Optional.empty());
      }
      case TorchGlobals.TENSOR_V2 -> {
        arguments(name, call, V2_ARGUMENTS, V2_ARGUMENTS + 1);
        Optional<Found> flagged = flagged(name, arguments, V2_ARGUMENTS);
        return flagged.isPresent() ? flagged.get() : tensor(name, arguments, Optional.empty());
      }
      case TorchGlobals.TENSOR_V3 -> {
        arguments(name, call, V3_TYPE + 1, V3_TYPE + 2);
        if (!(arguments.get(V3_TYPE) instanceof Global global)
            || TorchType.ofGlobal(global.name()).isEmpty()) {
          throw storages.malformed(
              name, "has for a type " + arguments.get(V3_TYPE).kind() + ", must have a torch type");
        }
        Optional<Found> flagged = flagged(name, arguments, V3_TYPE + 1);
        return flagged.isPresent()
            ? flagged.get()
            : tensor(name, arguments, TorchType.ofGlobal(global.name()));
      }
      default ->
          throw storages.malformed(name, "is " + call.kind() + ", must be the call of a tensor");
    }
  }

  private void arguments(String name, Call call, int least, int most) {
    int count = call.arguments().items().size();
    if (count < least || count > most) {
      throw storages.malformed(
          name, "is rebuilt from " + count + " arguments, must be from " + least + " to " + most);
    }
  }

  /** Negation and conjugation that were put off: the stored values are not the tensor's. */
  private static Optional<Found> flagged(String name, List<PickleValue> arguments, int index) {
    if (arguments.size() > index && arguments.get(index) instanceof PickleDict flags) {
      for (PickleDict.Entry flag : flags.entries()) {
        if (flag.value() instanceof Bool set && set.value() && flag.key() instanceof Text) {
          return Optional.of(
              new Skipped(
                  new SkippedTensor(
                      name, "a view of negated or conjugated values; save it resolved")));
        }
      }
    }
    return Optional.empty();
  }

  private Found tensor(String name, List<PickleValue> arguments, Optional<TorchType> declared) {
    Storage storage = storages.find(arguments.get(0), name);
    TorchType type =
        declared
            .or(storage::type)
            .orElseThrow(
                () -> storages.malformed(name, "is of an untyped storage, must have a type"));
    long offset =
        arguments.get(1) instanceof Whole whole && whole.value() >= 0
            ? whole.value()
            : refuse(name, "an offset in its storage", arguments.get(1));
    List<Long> shape = integers(name, "a shape", arguments.get(2));
    List<Long> strides = integers(name, "strides", arguments.get(3));
    if (shape.size() != strides.size()) {
      throw storages.malformed(
          name,
          "has "
              + shape.size()
              + " dimensions and "
              + strides.size()
              + " strides, must be as many");
    }
    if (shape.contains(0L)) {
      return new Skipped(SkipReasons.empty(name, shape));
    }
    long inStorage = storage.bytes() / type.bytes();
    long elements = checkBounds(name, shape, strides, offset, inStorage);
    Optional<ElementType> floats = type.elements();
    if (floats.isEmpty()) {
      return new Skipped(
          type == TorchType.FLOAT4_E2M1FN_X2
              ? SkipReasons.scaled(name, type.label())
              : SkipReasons.noFloats(name, type.label()));
    }
    if (elements > inStorage) {
      return new Skipped(
          new SkippedTensor(
              name,
              "a view that repeats "
                  + inStorage
                  + " elements to make "
                  + elements
                  + "; save it contiguous"));
    }
    StoredValues values =
        new StoredValues(
            storages.source(),
            storage.start() + offset * type.bytes(),
            floats.get(),
            ByteOrder.LITTLE_ENDIAN,
            StridedLayout.of(shape, strides));
    return new Usable(new StoredTensor(name, shape, type.label(), values, storages.pool()));
  }

  private long checkBounds(
      String name, List<Long> shape, List<Long> strides, long offset, long inStorage) {
    long elements = 1;
    long last = offset;
    try {
      for (int i = 0; i < shape.size(); i++) {
        elements = Math.multiplyExact(elements, shape.get(i));
        last =
            Math.addExact(last, Math.multiplyExact(shape.get(i) - 1, strides.get(i).longValue()));
      }
    } catch (ArithmeticException e) {
      last = Long.MAX_VALUE;
    }
    if (last >= inStorage) {
      throw storages.malformed(
          name,
          "of shape "
              + shape
              + ", strides "
              + strides
              + " and offset "
              + offset
              + " reaches beyond its storage's "
              + inStorage
              + " elements");
    }
    return elements;
  }

  private List<Long> integers(String name, String what, PickleValue value) {
    PickleValue tuple =
        value instanceof Call size
                && size.function().equals("torch.Size")
                && size.arguments().items().size() == 1
            ? size.arguments().items().get(0)
            : value;
    if (!(tuple instanceof Tuple integers)
        || integers.items().size() > SafetensorsHeader.MOST_DIMENSIONS) {
      throw storages.malformed(
          name,
          "has for "
              + what
              + " "
              + value.kind()
              + ", must have a tuple of at most "
              + SafetensorsHeader.MOST_DIMENSIONS
              + " integers");
    }
    List<Long> read = new ArrayList<>();
    for (PickleValue item : integers.items()) {
      read.add(
          item instanceof Whole whole && whole.value() >= 0
              ? whole.value()
              : refuse(name, what, item));
    }
    return read;
  }

  private long refuse(String name, String what, PickleValue value) {
    throw storages.malformed(
        name,
        "has for "
            + what
            + " "
            + (value instanceof Whole whole ? whole.value() : value.kind())
            + ", must have integers from 0");
  }
}
