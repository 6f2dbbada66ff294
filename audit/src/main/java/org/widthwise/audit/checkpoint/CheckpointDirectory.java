package org.widthwise.audit.checkpoint;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.widthwise.audit.InputFiles;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;

/** Finds the checkpoint that a directory holds, if it is plain which. */
final class CheckpointDirectory {

  static final String INDEX_SUFFIX = ".safetensors.index.json";
  static final String SUFFIX = ".safetensors";
  static final String TORCH_INDEX_SUFFIX = ".bin.index.json";
  static final String TORCH_SUFFIX = ".bin";

  private static final String USUAL_INDEX = "model" + INDEX_SUFFIX;
  private static final List<String> USUAL_TORCH =
      List.of("pytorch_model" + TORCH_INDEX_SUFFIX, "pytorch_model" + TORCH_SUFFIX);
  private static final List<String> OTHER_SUFFIXES =
      List.of(".pt", ".pth", ".bin", ".ckpt", ".npz", ".npy", ".gguf", ".index.json");
  private static final int MOST_SHOWN = 8;

  private CheckpointDirectory() {}

  static Path checkpoint(Path directory) {
    List<Path> indexes = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    List<Path> others = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path file : all) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(INDEX_SUFFIX)) {
          indexes.add(file);
        } else if (name.endsWith(SUFFIX)) {
          files.add(file);
        } else if (OTHER_SUFFIXES.stream().anyMatch(name::endsWith)) {
          others.add(file);
        }
      }
    } catch (IOException e) {
      throw InputFiles.unreadable(directory, e);
    } catch (DirectoryIteratorException e) {
      IOException cause = e.getCause();
      throw InputFiles.unreadable(directory, cause == null ? new IOException(e) : cause);
    }
    Path usual = directory.resolve(USUAL_INDEX);
    if (indexes.contains(usual)) {
      return usual;
    }
    if (indexes.size() == 1) {
      return indexes.get(0);
    }
    if (indexes.isEmpty() && files.size() == 1) {
      return files.get(0);
    }
    if (indexes.isEmpty() && files.isEmpty()) {
      for (String torch : USUAL_TORCH) {
        if (others.contains(directory.resolve(torch))) {
          return directory.resolve(torch);
        }
      }
    }
    throw new MalformedFileException(
        directory,
        "is a directory with "
            + found(indexes, "no *" + INDEX_SUFFIX)
            + ", "
            + found(files, "no *" + SUFFIX)
            + (others.isEmpty() ? "" : " and " + found(others, ""))
            + "; must have one index or else one .safetensors file: name the file itself instead");
  }

  /** The checkpoints in a directory, each a file or a directory of its own, by name. */
  static List<Path> members(Path directory) {
    List<Path> members = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      for (Path one : all) {
        String name = String.valueOf(one.getFileName());
        boolean file =
            name.endsWith(SUFFIX)
                || OTHER_SUFFIXES.stream()
                    .anyMatch(suffix -> !suffix.endsWith(".json") && name.endsWith(suffix));
        if (!name.startsWith(".") && (file || Files.isDirectory(one))) {
          members.add(one);
        }
      }
    } catch (IOException e) {
      throw InputFiles.unreadable(directory, e);
    } catch (DirectoryIteratorException e) {
      IOException cause = e.getCause();
      throw InputFiles.unreadable(directory, cause == null ? new IOException(e) : cause);
    }
    if (members.isEmpty()) {
      throw new MalformedFileException(
          directory,
          "has no checkpoints; must have several, each a file or a directory of its own");
    }
    members.sort(null);
    return members;
  }

  private static String found(List<Path> files, String none) {
    if (files.isEmpty()) {
      return none;
    }
    return files.stream()
        .sorted()
        .limit(MOST_SHOWN)
        .map(file -> UntrustedText.quote(String.valueOf(file.getFileName())))
        .collect(
            Collectors.joining(
                ", ",
                "",
                files.size() > MOST_SHOWN ? " and " + (files.size() - MOST_SHOWN) + " more" : ""));
  }
}
