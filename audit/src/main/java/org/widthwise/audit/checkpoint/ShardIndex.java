package org.widthwise.audit.checkpoint;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.json.StrictJsonReader;
import org.widthwise.audit.model.SkippedTensor;
import org.widthwise.audit.safetensors.SafetensorsHeader;

/**
 * A checkpoint in several files, with an index that says which tensor is in which: a JSON object
 * whose {@code weight_map} has the tensors' names and their files'. The files are safetensors, or
 * what {@code torch.save} writes where the index's name says so.
 */
final class ShardIndex {

  private static final int MOST_SHARDS = 10_000;
  private static final String WEIGHT_MAP = "weight_map";

  private ShardIndex() {}

  /**
   * Opens all files.
   *
   * @param index the index
   * @param suffix what the names of its files must end in
   * @param reader reads one of them
   */
  static Checkpoint open(Path index, String suffix, Function<FileSource, Checkpoint> reader) {
    Map<String, Set<String>> shards = Opening.read(index, source -> shards(source, suffix));
    List<FileSource> sources = new ArrayList<>();
    boolean done = false;
    try {
      Checkpoint checkpoint = open(index, shards, sources, reader);
      done = true;
      return checkpoint;
    } finally {
      if (!done) {
        sources.forEach(FileSource::close);
      }
    }
  }

  private static Checkpoint open(
      Path index,
      Map<String, Set<String>> shards,
      List<FileSource> sources,
      Function<FileSource, Checkpoint> reader) {
    List<CheckpointTensor> tensors = new ArrayList<>();
    List<SkippedTensor> skipped = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, Set<String>> shard : shards.entrySet()) {
      FileSource source = FileSource.open(index.resolveSibling(shard.getKey()));
      sources.add(source);
      // Closing it would close its source, which is in the list.
      Checkpoint content = reader.apply(source);
      checkNames(source.file(), index, content, shard.getValue());
      tensors.addAll(content.tensors());
      skipped.addAll(content.skipped());
      content.metadata().forEach(metadata::putIfAbsent);
    }
    return new OpenCheckpoint(tensors, skipped, metadata, sources);
  }

  private static void checkNames(Path shard, Path index, Checkpoint content, Set<String> indexed) {
    Set<String> missing = new HashSet<>(indexed);
    List<String> names = new ArrayList<>();
    content.tensors().forEach(tensor -> names.add(tensor.name()));
    content.skipped().forEach(tensor -> names.add(tensor.name()));
    for (String name : names) {
      if (!missing.remove(name)) {
        throw new MalformedFileException(
            shard,
            "has the tensor "
                + UntrustedText.quote(name)
                + ", which the index "
                + UntrustedText.escape(String.valueOf(index.getFileName()))
                + " does not have in this file; both must have the same");
      }
    }
    if (!missing.isEmpty()) {
      throw new MalformedFileException(
          shard,
          "lacks "
              + missing.size()
              + " tensors that the index "
              + UntrustedText.escape(String.valueOf(index.getFileName()))
              + " has in this file, "
              + UntrustedText.quote(missing.iterator().next())
              + " for one; both must have the same");
    }
  }

  /** The tensors' names by their files, in the index's order. */
  private static Map<String, Set<String>> shards(FileSource index, String suffix) {
    Path file = index.file();
    if (index.size() > SafetensorsHeader.LONGEST_HEADER) {
      throw new MalformedFileException(
          file,
          "has "
              + index.size()
              + " bytes, an index must have at most "
              + SafetensorsHeader.LONGEST_HEADER);
    }
    Map<String, Set<String>> shards = new LinkedHashMap<>();
    boolean[] mapped = {false};
    try (StrictJsonReader json = StrictJsonReader.of(file, index.bytes(0, (int) index.size()), 0)) {
      json.object(
          "an index, an object with the key \"weight_map\"",
          key -> {
            if (!key.equals(WEIGHT_MAP)) {
              json.skip();
              return;
            }
            mapped[0] = true;
            json.object(
                "an object of tensors' names and their files'",
                tensor -> {
                  String shard = json.string("the name of a file in the index's directory");
                  checkShard(json, file, shard, suffix);
                  shards.computeIfAbsent(shard, name -> new HashSet<>()).add(tensor);
                  if (shards.size() > MOST_SHARDS) {
                    throw json.malformed("more files than " + MOST_SHARDS + ", the most allowed");
                  }
                });
          });
      json.end();
    }
    if (!mapped[0] || shards.isEmpty()) {
      throw new MalformedFileException(
          file,
          (mapped[0] ? "has an empty" : "lacks the key")
              + " \"weight_map\", must map tensors' names to files of this directory");
    }
    return shards;
  }

  private static void checkShard(StrictJsonReader json, Path index, String name, String suffix) {
    boolean plain =
        name.endsWith(suffix)
            && name.chars().noneMatch(unit -> unit == '/' || unit == '\\' || unit == ':')
            && name.chars().noneMatch(Character::isISOControl);
    try {
      Path shard = plain ? index.resolveSibling(name).getFileName() : null;
      if (shard != null && shard.toString().equals(name)) {
        return;
      }
    } catch (InvalidPathException e) {
      // Said below, in the same words.
    }
    throw json.malformed(
        "the file "
            + UntrustedText.quote(name)
            + " is outside, must be the plain name of a "
            + suffix
            + " file in the index's directory");
  }
}
