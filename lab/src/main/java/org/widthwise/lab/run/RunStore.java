package org.widthwise.lab.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The finished members of one experiment in a directory, one file each, beside the configuration
 * that they were run with.
 *
 * <p>A member's file appears whole or not at all, so that whoever is killed loses at most the
 * members in progress. The configuration decides whether a directory may be gone on with: another
 * one is refused, never overwritten. Only one process at a time may write.
 */
public final class RunStore implements AutoCloseable {

  private static final String CONFIGURATION = "configuration.json";
  private static final String MEMBER_SUFFIX = ".run.json";

  private final Path directory;
  private final @Nullable FileChannel lockChannel;

  private RunStore(Path directory, @Nullable FileChannel lockChannel) {
    this.directory = directory;
    this.lockChannel = lockChannel;
  }

  /**
   * Opens a directory for writing, or makes it.
   *
   * @param directory where the experiment's runs are kept
   * @param configuration everything that the members' values depend on
   * @return the store, locked until it is closed
   * @throws RunException if the directory holds another configuration, is in use by another process
   *     or cannot be written
   */
  public static RunStore open(Path directory, JsonNode configuration) {
    FileChannel channel = null;
    try {
      Files.createDirectories(directory);
      channel =
          FileChannel.open(
              directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(channel)) {
        throw new RunException(
            "another process is writing to %s: wait for it or choose another --out"
                .formatted(directory));
      }
      Path file = directory.resolve(CONFIGURATION);
      if (Files.exists(file)) {
        requireSame(directory, readTree(file), configuration);
      } else {
        AtomicFiles.write(file, Json.write(configuration));
      }
      RunStore store = new RunStore(directory, channel);
      channel = null;
      return store;
    } catch (IOException unwritable) {
      throw new RunException(
          "cannot write to %s: %s".formatted(directory, reason(unwritable)), unwritable);
    } finally {
      close(channel);
    }
  }

  /**
   * Opens a directory for reading.
   *
   * @param directory where the experiment's runs are kept
   * @return the store
   * @throws RunException if the directory holds no runs
   */
  public static RunStore openToRead(Path directory) {
    if (!Files.isRegularFile(directory.resolve(CONFIGURATION))) {
      throw new RunException("%s holds no runs: it has no %s".formatted(directory, CONFIGURATION));
    }
    return new RunStore(directory, null);
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      // Held until the channel is closed, by close() or by the end of the process, however it ends.
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException heldInThisProcess) {
      return false;
    }
  }

  private static void requireSame(Path directory, JsonNode there, JsonNode here) {
    List<String> differences = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : here.properties()) {
      JsonNode other = there.path(field.getKey());
      if (!other.equals(field.getValue())) {
        differences.add(
            "%s is %s there and %s here".formatted(field.getKey(), other, field.getValue()));
      }
    }
    there
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!here.has(name)) {
                differences.add("%s is set there only".formatted(name));
              }
            });
    if (!differences.isEmpty()) {
      throw new RunException(
          "%s holds runs of another configuration (%s): choose another --out, or repeat the old one"
              .formatted(directory, String.join("; ", differences)));
    }
  }

  /**
   * The configuration that the stored members were run with.
   *
   * @return the configuration
   * @throws RunException if it cannot be read
   */
  public JsonNode configuration() {
    return readTree(directory.resolve(CONFIGURATION));
  }

  /**
   * Stores a finished member.
   *
   * @param result what it left behind
   */
  public void store(MemberResult result) {
    try {
      AtomicFiles.write(file(result.key()), Json.write(result));
    } catch (IOException unwritable) {
      throw new UncheckedIOException(
          "cannot write to %s: %s".formatted(directory, reason(unwritable)), unwritable);
    }
  }

  /**
   * The stored members, in order of their keys.
   *
   * @return the results by key
   * @throws RunException if a file cannot be read
   */
  public SortedMap<MemberKey, MemberResult> results() {
    SortedMap<MemberKey, MemberResult> results = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(MEMBER_SUFFIX)).toList()) {
        MemberResult result = Json.read(Files.readString(file), MemberResult.class);
        results.put(result.key(), result);
      }
    } catch (JsonProcessingException malformed) {
      throw new RunException(
          "a run in %s is not what was written there (%s): delete it, and it will be run again"
              .formatted(directory, malformed.getOriginalMessage()),
          malformed);
    } catch (IOException unreadable) {
      throw new RunException(
          "cannot read %s: %s".formatted(directory, reason(unreadable)), unreadable);
    }
    return results;
  }

  private static JsonNode readTree(Path file) {
    try {
      return Json.read(Files.readString(file), JsonNode.class);
    } catch (JsonProcessingException malformed) {
      throw new RunException(
          "%s is not JSON: %s".formatted(file, malformed.getOriginalMessage()), malformed);
    } catch (IOException unreadable) {
      throw new RunException("cannot read %s: %s".formatted(file, reason(unreadable)), unreadable);
    }
  }

  /** The exceptions of java.nio.file often have the bare path for a message. */
  private static String reason(IOException exception) {
    return exception.getClass().getSimpleName().replaceAll("(?<=[a-z])Exception$", "")
        + ": "
        + exception.getMessage();
  }

  private Path file(MemberKey key) {
    return directory.resolve(key.fileName() + MEMBER_SUFFIX);
  }

  @Override
  public void close() {
    close(lockChannel);
  }

  private static void close(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException unlikely) {
        throw new UncheckedIOException(unlikely);
      }
    }
  }
}
