package org.widthwise.audit.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.model.ModelDescription;

/** Opens checkpoints, whatever their format. */
public final class Checkpoints {

  private Checkpoints() {}

  /**
   * The checkpoints that a directory holds side by side, as those of several widths may lie.
   *
   * @param directory a directory whose files, or directories, are checkpoints
   * @return their paths, by name; each can be {@linkplain #open opened}
   * @throws MalformedFileException when it cannot be read or has none
   */
  public static List<Path> in(Path directory) {
    return CheckpointDirectory.members(directory);
  }

  /**
   * Opens a checkpoint; its values are not read yet, however many.
   *
   * <p>Read are: safetensors, as one file or as an index and its files; what {@code torch.save} of
   * version 1.6 or newer writes, likewise, whose pickle is read as data and never run; GGUF, its
   * tensors of plain floats; NumPy's {@code .npz} and {@code .npy}. In a directory the index is
   * taken, or else the only safetensors file, or else {@code pytorch_model.bin} or its index.
   *
   * @param path a file or a directory
   * @return the checkpoint, which the caller closes
   * @throws MalformedFileException when it is missing, unreadable, of no known format, or breaks a
   *     rule of its format
   */
  public static Checkpoint open(Path path) {
    Path file = Files.isDirectory(path) ? CheckpointDirectory.checkpoint(path) : path;
    String name = lowerCaseName(file);
    if (name.endsWith(CheckpointDirectory.INDEX_SUFFIX)) {
      BufferPool pool = new BufferPool();
      return ShardIndex.open(
          file, CheckpointDirectory.SUFFIX, source -> SafetensorsFile.read(source, pool));
    }
    if (name.endsWith(CheckpointDirectory.TORCH_INDEX_SUFFIX)) {
      return ShardIndex.open(file, CheckpointDirectory.TORCH_SUFFIX, CheckpointFormat::read);
    }
    return Opening.of(
        file,
        name.endsWith(CheckpointDirectory.SUFFIX)
            ? source -> SafetensorsFile.read(source, new BufferPool())
            : CheckpointFormat::read);
  }

  /**
   * Tells what parameters a model has: by a checkpoint of any kind that {@link #open} reads, of
   * which no values are read, or by a JSON description or plan.
   *
   * @param path a file or a directory
   * @return the description
   * @throws MalformedFileException as {@link #open}, and when there are no parameters
   */
  public static ModelDescription describe(Path path) {
    if (!Files.isDirectory(path) && !isIndex(path) && ModelDescription.isDescribedBy(path)) {
      return ModelDescription.read(path);
    }
    try (Checkpoint checkpoint = open(path)) {
      if (checkpoint.tensors().isEmpty()) {
        throw new MalformedFileException(
            path, "has no parameters: at least one tensor must be of floating-point numbers");
      }
      return checkpoint.description();
    }
  }

  private static boolean isIndex(Path file) {
    String name = lowerCaseName(file);
    return name.endsWith(CheckpointDirectory.INDEX_SUFFIX)
        || name.endsWith(CheckpointDirectory.TORCH_INDEX_SUFFIX);
  }

  private static String lowerCaseName(Path file) {
    return String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
  }
}
