package org.widthwise.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.widthwise.audit.SafetensorsBytes.layOut;
import static org.widthwise.audit.SafetensorsBytes.write;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.audit.MalformedFileException;

/** Checkpoints in several files, and which file of a directory is taken. */
class ShardIndexTest {

  private static final String INDEX = "model.safetensors.index.json";

  private final Path directory;

  ShardIndexTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private Path shard(String name, String... tensors) {
    StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
    for (int i = 0; i < tensors.length; i++) {
      header.append(
          ",\"%s\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}"
              .formatted(tensors[i], 4 * i, 4 * i + 4));
    }
    byte[] bytes = layOut(header.append('}').toString(), 4 * tensors.length);
    for (int i = 0; i < tensors.length; i++) {
      // The float of the bits 00 00 xx 00, little-endian, differs by the tensor.
      bytes[bytes.length - 4 * tensors.length + 4 * i + 2] = (byte) tensors[i].hashCode();
    }
    return write(directory, name, bytes);
  }

  private Path index(String json) {
    return write(directory, INDEX, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsAllShards() {
    shard("one.safetensors", "a", "b");
    shard("two.safetensors", "c");
    Path index =
        index(
            "{'metadata':{'total_size':12},'weight_map':{'a':'one.safetensors',"
                + "'c':'two.safetensors','b':'one.safetensors'}}");
    for (Path path : new Path[] {index, directory}) {
      try (Checkpoint checkpoint = Checkpoints.open(path)) {
        assertThat(checkpoint.tensors())
            .extracting(CheckpointTensor::name)
            .containsExactly("a", "b", "c");
        assertThat(checkpoint.metadata()).isEqualTo(Map.of("format", "pt"));
        for (CheckpointTensor tensor : checkpoint.tensors()) {
          float[] value = new float[1];
          tensor.read(0, value, 1);
          assertThat(Float.floatToRawIntBits(value[0])).isEqualTo(tensor.name().hashCode() << 16);
        }
      }
    }
  }

  @Test
  void aModelIsDescribedByAnyCheckpoint() {
    shard("one.safetensors", "a", "b");
    shard("two.safetensors", "c");
    Path index =
        index(
            "{'weight_map':{'a':'one.safetensors',"
                + "'c':'two.safetensors','b':'one.safetensors'}}");
    assertThat(described(index)).containsExactly("a [1]", "b [1]", "c [1]");
    assertThat(described(directory)).containsExactly("a [1]", "b [1]", "c [1]");
    assertThat(described(directory.resolve("two.safetensors"))).containsExactly("c [1]");
    Path json =
        write(
            directory,
            "model.txt",
            "{\"parameters\":[{\"name\":\"d\",\"shape\":[2]}]}".getBytes(StandardCharsets.UTF_8));
    assertThat(described(json)).containsExactly("d [2]");
    assertThatThrownBy(
            () -> Checkpoints.describe(write(directory, "text.txt", new byte[] {'t', 'e', 'x'})))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("begins as no format that is read");
  }

  private static List<String> described(Path path) {
    return Checkpoints.describe(path).parameters().stream()
        .map(parameter -> parameter.name() + " " + parameter.shape())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../one.safetensors",
        "/one.safetensors",
        "sub/one.safetensors",
        "sub\\\\one.safetensors",
        "C:one.safetensors",
        "..",
        "",
        "one\\u0000.safetensors",
        "one\\u000a.safetensors",
        "one.bin"
      })
  void refusesFilesElsewhere(String name) {
    shard("one.safetensors", "a");
    Path index = index("{'weight_map':{'a':'" + name + "'}}");
    assertThatThrownBy(() -> Checkpoints.open(index))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith(index + ": at byte 19, $.weight_map.a: the file ")
        .hasMessageEndingWith(
            " is outside, must be the plain name of a .safetensors file in the index's directory");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'weight_map':{'a':'two.safetensors'}}|two.safetensors: no such file",
        "{'weight_map':{'a':'one.safetensors','b':'one.safetensors','x':'one.safetensors'}}"
            + "|one.safetensors: lacks 1 tensors that the index model.safetensors.index.json has in"
            + " this file, \"x\" for one; both must have the same",
        "{'weight_map':{'a':'one.safetensors'}}"
            + "|one.safetensors: has the tensor \"b\", which the index",
        "{'metadata':{}}|lacks the key \"weight_map\", must map tensors' names to files",
        "{'weight_map':{}}|has an empty \"weight_map\", must map tensors' names to files",
        "{'weight_map':{'a':1}}|$.weight_map.a: is a number, must be the name of a file",
        "{'weight_map':{'a':'one.safetensors','a':'one.safetensors'}}|comes twice",
        "[]|is an array, must be an index, an object with the key \"weight_map\"",
        "{'weight_map':|is not JSON that can be read"
      })
  void refusesInOneLine(String json, String message) {
    shard("one.safetensors", "a", "b");
    Path index = index(json);
    assertThatThrownBy(() -> Checkpoints.open(index))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining(message)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void refusesTensorsOfTwoShardsByOneName() {
    shard("one.safetensors", "a");
    shard("two.safetensors", "a", "b");
    Path index = index("{'weight_map':{'a':'one.safetensors','b':'two.safetensors'}}");
    assertThatThrownBy(() -> Checkpoints.open(index))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("two.safetensors: has the tensor \"a\", which the index");
  }

  /** Shards that {@code torch.save} wrote, one of tensors that are all read. */
  @Test
  void readsShardsOfTorch() throws Exception {
    Fixtures.copy("state.pt", directory);
    Path first = directory.resolve("pytorch_model-00001-of-00002.bin");
    Path second = directory.resolve("pytorch_model-00002-of-00002.bin");
    Files.move(directory.resolve("state.pt"), first);
    Files.write(second, Fixtures.bytes("float8.bin"));
    Map<String, Path> names = new TreeMap<>();
    Map<String, List<Double>> values = new TreeMap<>();
    for (Path shard : List.of(first, second)) {
      try (Checkpoint checkpoint = Checkpoints.open(shard)) {
        checkpoint.skipped().forEach(tensor -> names.put(tensor.name(), shard));
        for (CheckpointTensor tensor : checkpoint.tensors()) {
          assertThat(names.put(tensor.name(), shard)).isNull();
          values.put(tensor.name(), firstAndLast(tensor));
        }
      }
    }
    String map =
        names.entrySet().stream()
            .map(e -> "\"%s\":\"%s\"".formatted(e.getKey(), e.getValue().getFileName()))
            .collect(Collectors.joining(","));
    Path index = directory.resolve("pytorch_model.bin.index.json");
    Files.writeString(index, "{\"weight_map\":{" + map + "}}");
    for (Path path : new Path[] {index, directory}) {
      try (Checkpoint checkpoint = Checkpoints.open(path)) {
        assertThat(checkpoint.tensors())
            .extracting(CheckpointTensor::name)
            .containsExactlyInAnyOrderElementsOf(values.keySet());
        for (CheckpointTensor tensor : checkpoint.tensors()) {
          assertThat(firstAndLast(tensor)).isEqualTo(values.get(tensor.name()));
        }
      }
    }

    for (String outside :
        List.of("../x.bin", "/x.bin", "a/x.bin", "x.safetensors", "..\\\\x.bin")) {
      Files.writeString(index, "{\"weight_map\":{\"a\":\"" + outside + "\"}}");
      assertThatThrownBy(() -> Checkpoints.open(index))
          .isInstanceOf(MalformedFileException.class)
          .hasMessageContaining("must be the plain name of a .bin file in the index's directory");
    }
    Files.writeString(index, "{\"weight_map\":{" + map.replace("steps", "stops") + "}}");
    assertThatThrownBy(() -> Checkpoints.open(index))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("has the tensor \"steps\", which the index");
  }

  private static List<Double> firstAndLast(CheckpointTensor tensor) {
    double[] value = new double[2];
    double[] last = new double[1];
    tensor.read(0, value, 1);
    long elements = tensor.shape().stream().reduce(1L, (a, b) -> a * b);
    tensor.read(elements - 1, last, 1);
    return List.of(value[0], last[0]);
  }

  @Test
  void takesTheFileOfTorchWhereThereIsNoOther() {
    Path file = Fixtures.copy("state.pt", directory);
    assertThat(file.toFile().renameTo(directory.resolve("pytorch_model.bin").toFile())).isTrue();
    write(directory, "training_args.bin", new byte[0]);
    try (Checkpoint checkpoint = Checkpoints.open(directory)) {
      assertThat(checkpoint.tensors()).isNotEmpty();
    }
  }

  @Test
  void takesTheOnlyFileOfADirectory() {
    write(directory, "config.json", new byte[0]);
    Path only = shard("other.safetensors", "a");
    try (Checkpoint checkpoint = Checkpoints.open(directory)) {
      assertThat(checkpoint.tensors()).hasSize(1);
    }
    shard("second.safetensors", "a");
    assertThatThrownBy(() -> Checkpoints.open(directory))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage(
            directory
                + ": is a directory with no *.safetensors.index.json, \"other.safetensors\","
                + " \"second.safetensors\"; must have one index or else one .safetensors file: name"
                + " the file itself instead");
    assertThat(only).exists();
  }

  @Test
  void saysWhatADirectoryHasInstead() throws Exception {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    write(empty, "consolidated.pth", new byte[0]);
    assertThatThrownBy(() -> Checkpoints.open(empty))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage(
            empty
                + ": is a directory with no *.safetensors.index.json, no *.safetensors and"
                + " \"consolidated.pth\"; must have one index or else one .safetensors file: name"
                + " the file itself instead");
  }

  @Test
  void tellsFormatsByTheirFirstBytes() throws Exception {
    Path renamed = Files.copy(shard("a.safetensors", "a"), directory.resolve("weights"));
    for (String name : new String[] {"state.pt", "stored.npz", "single.npy", "ggml.gguf"}) {
      Path file = Files.write(directory.resolve(name + "-copy"), Fixtures.bytes(name));
      try (Checkpoint checkpoint = Checkpoints.open(file)) {
        assertThat(checkpoint.tensors()).isNotEmpty();
      }
    }
    try (Checkpoint checkpoint = Checkpoints.open(renamed)) {
      assertThat(checkpoint.tensors()).extracting(CheckpointTensor::name).containsExactly("a");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version https://git-lfs.github.com/spec/v1|is Git LFS's pointer to another",
        "GGUF....|at byte 4: the version of the format is 774778414, must be 2 or 3",
        "hello|begins as no format that is read, must be safetensors or its",
        "''|the file is empty, must be safetensors",
        "PK\u0003\u0004....|has no zip directory at its end: it is truncated"
      })
  void saysWhatIsNotRead(String text, String message) {
    Path file = write(directory, "model.bin", text.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> Checkpoints.open(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining(message);
  }
}
