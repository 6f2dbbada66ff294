package org.widthwise.audit.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.model.SkippedTensor;
import org.widthwise.audit.pickle.PickleDict;
import org.widthwise.audit.pickle.PickleList;
import org.widthwise.audit.pickle.PickleValue;
import org.widthwise.audit.pickle.PickleValue.Bool;
import org.widthwise.audit.pickle.PickleValue.Call;
import org.widthwise.audit.pickle.PickleValue.None;
import org.widthwise.audit.pickle.PickleValue.Real;
import org.widthwise.audit.pickle.PickleValue.Text;
import org.widthwise.audit.pickle.PickleValue.Tuple;
import org.widthwise.audit.pickle.PickleValue.Whole;

/** Collects the tensors of a pickle by their paths: keys and positions joined by dots. */
final class TorchContent {

  private static final int DEEPEST = 64;
  private static final int LONGEST_NAME = 10_000;
  // Lists that hold a list many times over make few values look like endlessly many.
  private static final int MOST_VISITS = 4_000_000;
  private static final long MOST_NAME_CHARACTERS = 1L << 26;
  private static final Set<String> TENSORS =
      Set.of(
          TorchGlobals.TENSOR,
          TorchGlobals.TENSOR_V2,
          TorchGlobals.TENSOR_V3,
          TorchGlobals.PARAMETER,
          TorchGlobals.PARAMETER_WITH_STATE);

  private final TorchStorages storages;
  private final TorchTensors reader;
  private final List<CheckpointTensor> tensors = new ArrayList<>();
  private final List<SkippedTensor> skipped = new ArrayList<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final StringBuilder path = new StringBuilder();
  private int visits;
  private long nameCharacters;

  TorchContent(TorchStorages storages) {
    this.storages = storages;
    this.reader = new TorchTensors(storages);
  }

  List<CheckpointTensor> tensors() {
    return tensors;
  }

  List<SkippedTensor> skipped() {
    return skipped;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  void walk(PickleValue root) {
    if (root instanceof PickleDict dict) {
      for (PickleDict.Entry entry : dict.entries()) {
        if (entry.key() instanceof Text key) {
          scalar(entry.value()).ifPresent(text -> metadata.put(key.value(), text));
        }
      }
    }
    visit(root, 0);
  }

  /** What a checkpoint says of itself on its top level, an epoch for one. */
  private static Optional<String> scalar(PickleValue value) {
    if (value instanceof Text text) {
      return Optional.of(text.value());
    } else if (value instanceof Whole whole) {
      return Optional.of(Long.toString(whole.value()));
    } else if (value instanceof Real real) {
      return Optional.of(Double.toString(real.value()));
    } else if (value instanceof Bool bool) {
      return Optional.of(Boolean.toString(bool.value()));
    }
    return Optional.empty();
  }

  private void visit(PickleValue value, int depth) {
    if (++visits > MOST_VISITS) {
      throw storages.malformed(
          path.toString(), "is not all: more than " + MOST_VISITS + " values, the most allowed");
    }
    if (depth > DEEPEST) {
      throw storages.malformed(
          path.toString(),
          "would lie deeper than "
              + DEEPEST
              + " containers, the most allowed, or one holds itself");
    }
    if (value instanceof PickleDict dict) {
      List<PickleDict.Entry> entries = dict.entries();
      for (int i = 0; i < entries.size(); i++) {
        child(key(entries.get(i).key(), i), entries.get(i).value(), depth);
      }
    } else if (value instanceof PickleList list) {
      items(list.items(), depth);
    } else if (value instanceof Tuple tuple) {
      items(tuple.items(), depth);
    } else if (value instanceof Call call && TENSORS.contains(call.function())) {
      tensor(call);
    } else if (value instanceof Call call && TorchGlobals.ARRAYS.contains(call.function())) {
      skipped.add(new SkippedTensor(named(), "an array of NumPy's, no tensor"));
    }
  }

  private void items(List<PickleValue> items, int depth) {
    for (int i = 0; i < items.size(); i++) {
      child(Integer.toString(i), items.get(i), depth);
    }
  }

  private void child(String key, PickleValue value, int depth) {
    int length = path.length();
    if (length + key.length() > LONGEST_NAME) {
      throw storages.malformed(
          path + "." + key, "has a name of more than " + LONGEST_NAME + " characters");
    }
    path.append(depth == 0 ? "" : ".").append(key);
    visit(value, depth + 1);
    path.setLength(length);
  }

  private static String key(PickleValue key, int position) {
    if (key instanceof None) {
      return "None";
    }
    // Whatever else keys may be, tuples for one, the position is as good a name.
    return scalar(key).orElse("#" + position);
  }

  private void tensor(Call call) {
    String name = named();
    TorchTensors.Found found = reader.read(name, call);
    if (found instanceof TorchTensors.Skipped left) {
      skipped.add(left.tensor());
    } else if (found instanceof TorchTensors.Usable usable) {
      tensors.add(usable.tensor());
    }
  }

  private String named() {
    String name = path.isEmpty() ? "tensor" : path.toString();
    nameCharacters += name.length();
    if (nameCharacters > MOST_NAME_CHARACTERS) {
      throw tooManyNames(name);
    }
    return name;
  }

  private MalformedFileException tooManyNames(String name) {
    return storages.malformed(
        name,
        "is not all: the names take more than " + MOST_NAME_CHARACTERS + " characters together");
  }
}
