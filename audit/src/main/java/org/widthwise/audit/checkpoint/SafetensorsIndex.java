package org.widthwise.audit.checkpoint;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.UntrustedText;
import org.widthwise.audit.json.StrictJsonReader;
import org.widthwise.audit.model.SkippedTensor;
import org.widthwise.audit.safetensors.SafetensorsHeader;

/**
 * A checkpoint in several safetensors files, with an index that says which tensor is in which: a
 * JSON object whose {@code weight_map} has the tensors' names and their files'.
 */
final class SafetensorsIndex {

  private static final String SUFFIX = ".safetensors";
  private static final int MOST_SHARDS = 10_000;
  private static final String WEIGHT_MAP = "weight_map";

  private SafetensorsIndex() {}

  static Checkpoint open(Path index) {
    Map<String, Set<String>> shards = Opening.read(index, SafetensorsIndex::shards);
    List<FileSource> sources = new ArrayList<>();
    boolean done = false;
    try {
      Checkpoint checkpoint = open(index, shards, sources);
      done = true;
      return checkpoint;
    } finally {
      if (!done) {
        sources.forEach(FileSource::close);
      }
    }
  }

  private static Checkpoint open(
      Path index, Map<String, Set<String>> shards, List<FileSource> sources) {
    BufferPool pool = new BufferPool();
    List<CheckpointTensor> tensors = new ArrayList<>();
    List<SkippedTensor> skipped = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, Set<String>> shard : shards.entrySet()) {
      FileSource source = FileSource.open(index.resolveSibling(shard.getKey()));
      sources.add(source);
      SafetensorsFile content = SafetensorsFile.read(source, pool);
      checkNames(source.file(), index, content, shard.getValue());
      tensors.addAll(content.tensors());
      skipped.addAll(content.skipped());
      content.metadata().forEach(metadata::putIfAbsent);
    }
    return new OpenCheckpoint(tensors, skipped, metadata, sources);
  }

  private static void checkNames(
      Path shard, Path index, SafetensorsFile content, Set<String> indexed) {
    Set<String> missing = new HashSet<>(indexed);
    for (String name : content.names()) {
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
  private static Map<String, Set<String>> shards(FileSource index) {
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
                  checkShard(json, file, shard);
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

  private static void checkShard(StrictJsonReader json, Path index, String name) {
    boolean plain =
        name.endsWith(SUFFIX)
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
            + " is outside, must be the plain name of a .safetensors file in the index's"
            + " directory");
  }
}
