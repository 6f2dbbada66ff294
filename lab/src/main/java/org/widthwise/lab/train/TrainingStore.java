package org.widthwise.lab.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.lab.run.AtomicFiles;
import org.widthwise.lab.run.DirectoryLock;
import org.widthwise.lab.run.Json;
import org.widthwise.lab.run.RunException;
import org.widthwise.torch.engine.ComputeDevice;
import org.widthwise.torch.nn.Network;
import org.widthwise.torch.plan.PlannedOptimizer;

/**
 * The checkpoints of one training in a directory, beside its configuration. A checkpoint is a
 * directory that appears whole or not at all. The model of each is kept, the optimizer's state of
 * the last one alone, for it is needed to go on and for nothing else.
 */
final class TrainingStore implements AutoCloseable {

  static final String MODEL = "model.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String STATE = "state.json";
  private static final String CONFIGURATION = "configuration.json";
  private static final String CHECKPOINTS = "checkpoints";
  private static final Pattern CHECKPOINT = Pattern.compile("step-([0-9]{9,18})");
  private static final String TEMPORARY_SUFFIX = ".tmp";

  private final Path directory;
  private final DirectoryLock lock;

  private TrainingStore(Path directory, DirectoryLock lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * What is known of a training at a checkpoint.
   *
   * @param step how many steps were taken
   * @param loss of the last step's batch, before its update
   * @param seconds how long the steps took
   */
  record State(long step, double loss, double seconds) {}

  /**
   * A checkpoint.
   *
   * @param directory where it is
   * @param state what is known of it
   */
  record Saved(Path directory, State state) {

    Path modelFile() {
      return directory.resolve(MODEL);
    }

    Path optimizerFile() {
      return directory.resolve(OPTIMIZER);
    }

    /**
     * Gives a network and its optimizer the values that are stored.
     *
     * @throws MalformedFileException if they are those of another network
     */
    void restore(Network network, PlannedOptimizer optimizer) {
      try (PointerScope scope = new PointerScope()) {
        ModuleTensors.restore(
            modelFile(), ModuleTensors.all(network.module()), TensorFiles.read(modelFile()));
      }
      Map<String, Tensor> remembered = TensorFiles.read(optimizerFile());
      try {
        optimizer.restore(remembered);
      } catch (IllegalArgumentException unfit) {
        throw new MalformedFileException(
            optimizerFile(), String.valueOf(unfit.getMessage()), unfit);
      }
    }
  }

  /**
   * Opens a directory for writing, or makes it.
   *
   * @throws RunException if it holds checkpoints of another configuration, is in use, or cannot be
   *     written
   */
  static TrainingStore open(Path directory, JsonNode configuration) {
    DirectoryLock lock = DirectoryLock.of(directory);
    boolean opened = false;
    try {
      TrainingStore store = new TrainingStore(directory, lock);
      Files.createDirectories(store.checkpoints());
      store.removeTemporaries();
      Path file = directory.resolve(CONFIGURATION);
      if (store.latest().isPresent()) {
        store.requireSame(file, configuration);
      } else {
        AtomicFiles.write(file, Json.write(configuration));
      }
      opened = true;
      return store;
    } catch (IOException unwritable) {
      throw RunException.unwritable(directory, unwritable);
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  private void requireSame(Path file, JsonNode here) {
    ObjectNode there =
        Json.readFile(
            file, ObjectNode.class, "delete %s or choose another --out".formatted(directory));
    if (!there.has(TrainingConfiguration.DEVICE)) {
      // Trainings were on the CPU before it was written down.
      there.put(TrainingConfiguration.DEVICE, ComputeDevice.CPU.id());
    }
    List<String> differences = Agreement.differences(there, here);
    if (!differences.isEmpty()) {
      throw new RunException(
          "%s holds another training (%s): choose another --out, or repeat the old one"
              .formatted(directory, String.join("; ", differences)));
    }
  }

  private Path checkpoints() {
    return directory.resolve(CHECKPOINTS);
  }

  private static Path named(Path checkpoints, long step) {
    return checkpoints.resolve("step-%09d".formatted(step));
  }

  /** The checkpoint of the most steps. */
  Optional<Saved> latest() {
    try {
      return greatest(checkpoints()).map(TrainingStore::saved);
    } catch (IOException unreadable) {
      throw new RunException("cannot list checkpoints: " + unreadable.getMessage(), unreadable);
    }
  }

  private static Saved saved(Path checkpoint) {
    String advice = "delete %s, and the training goes on from an earlier one".formatted(checkpoint);
    return new Saved(checkpoint, Json.readFile(checkpoint.resolve(STATE), State.class, advice));
  }

  /** Where the checkpoint of the most steps is, whoever writes to the directory. */
  private static Optional<Path> latestIn(Path directory) {
    try {
      return greatest(directory.resolve(CHECKPOINTS));
    } catch (IOException nothingThere) {
      return Optional.empty();
    }
  }

  /** See {@link TrainingRun#whatIsKept}. */
  static String whatIsKept(@Nullable Path directory) {
    if (directory == null) {
      return "without a directory for checkpoints nothing is kept";
    }
    return latestIn(directory)
        .map(
            last ->
                "the last checkpoint is %s, and the same command goes on from it".formatted(last))
        .orElse("no checkpoint was written before");
  }

  private static Optional<Path> greatest(Path checkpoints) throws IOException {
    long greatest = -1;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(checkpoints, "step-*")) {
      for (Path entry : entries) {
        Matcher matcher = CHECKPOINT.matcher(String.valueOf(entry.getFileName()));
        if (matcher.matches()) {
          greatest = Math.max(greatest, Long.parseLong(matcher.group(1)));
        }
      }
    }
    return greatest < 0 ? Optional.empty() : Optional.of(named(checkpoints, greatest));
  }

  /**
   * Stores a checkpoint, unless that of the step is there.
   *
   * @return where it is
   * @throws RunException if it cannot be written
   */
  Path save(State state, Map<String, Tensor> model, Map<String, Tensor> optimizer) {
    Path target = named(checkpoints(), state.step());
    if (Files.exists(target)) {
      return target;
    }
    try {
      Path temporary =
          checkpoints()
              .resolve("." + target.getFileName() + "." + UUID.randomUUID() + TEMPORARY_SUFFIX);
      Files.createDirectory(temporary);
      // "pt" is what readers of PyTorch's own look for.
      Map<String, String> metadata = Map.of("format", "pt", "step", Long.toString(state.step()));
      TensorFiles.write(temporary.resolve(MODEL), model, metadata);
      // In an order that does not depend on the process.
      TensorFiles.write(temporary.resolve(OPTIMIZER), new TreeMap<>(optimizer), metadata);
      AtomicFiles.write(temporary.resolve(STATE), Json.write(state));
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      removeOlderOptimizers(target);
      return target;
    } catch (IOException unwritable) {
      throw RunException.unwritable(target, unwritable);
    }
  }

  private void removeOlderOptimizers(Path newest) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(checkpoints(), "step-*")) {
      for (Path entry : entries) {
        if (!entry.equals(newest)) {
          Files.deleteIfExists(entry.resolve(OPTIMIZER));
        }
      }
    }
  }

  /** Removes checkpoints whose writer was killed at work. */
  private void removeTemporaries() throws IOException {
    AtomicFiles.removeTemporaries(directory);
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(checkpoints(), ".*" + TEMPORARY_SUFFIX)) {
      for (Path entry : left) {
        try (Stream<Path> files = Files.list(entry)) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
        }
        Files.delete(entry);
      }
    }
  }

  /** Writes a file beside the checkpoints. */
  void write(String name, Object json) {
    try {
      AtomicFiles.write(directory.resolve(name), Json.write(json));
    } catch (IOException unwritable) {
      throw RunException.unwritable(directory, unwritable);
    }
  }

  @Override
  public void close() {
    lock.close();
  }
}
