package org.widthwise.lab.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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
  private final @Nullable DirectoryLock lock;

  private RunStore(Path directory, @Nullable DirectoryLock lock) {
    this.directory = directory;
    this.lock = lock;
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
    DirectoryLock lock = DirectoryLock.of(directory);
    boolean opened = false;
    try {
      Path file = directory.resolve(CONFIGURATION);
      if (holdsMembers(directory)) {
        requireConfiguration(directory, file);
        requireSame(directory, readConfiguration(file, directory), configuration);
      } else {
        // A start that was stopped before its first run was finished binds nobody.
        AtomicFiles.write(file, Json.write(configuration));
      }
      AtomicFiles.removeTemporaries(directory);
      opened = true;
      return new RunStore(directory, lock);
    } catch (IOException unwritable) {
      throw RunException.unwritable(directory, unwritable);
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  /**
   * The members that a directory holds, whatever their configuration.
   *
   * @param directory where an experiment's runs are kept, or will be
   * @return their keys; none if there is no such directory yet
   * @throws RunException if a file cannot be read
   */
  public static Set<MemberKey> finishedIn(Path directory) {
    if (!Files.isRegularFile(directory.resolve(CONFIGURATION))) {
      return Set.of();
    }
    try (RunStore store = openToRead(directory)) {
      return store.results().keySet();
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

  private static boolean holdsMembers(Path directory) throws IOException {
    try (DirectoryStream<Path> members = Files.newDirectoryStream(directory, "*" + MEMBER_SUFFIX)) {
      return members.iterator().hasNext();
    }
  }

  private static void requireConfiguration(Path directory, Path file) {
    if (!Files.exists(file)) {
      throw new RunException(
          ("%s holds runs but no %s that would say of what: delete the directory or choose"
                  + " another --out")
              .formatted(directory, CONFIGURATION));
    }
  }

  private static void requireSame(Path directory, JsonNode there, JsonNode here) {
    List<String> differences = ConfigurationDifferences.between(there, here);
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
    return readConfiguration(directory.resolve(CONFIGURATION), directory);
  }

  private static JsonNode readConfiguration(Path file, Path directory) {
    // Deleting this file alone would leave runs behind of which nobody knows what they are.
    return Json.readFile(
        file, ObjectNode.class, "delete %s or choose another --out".formatted(directory));
  }

  /**
   * Stores a finished member.
   *
   * @param result what it left behind
   * @throws RunException if it cannot be written
   */
  public void store(MemberResult result) {
    try {
      AtomicFiles.write(file(result.key()), Json.write(result));
    } catch (IOException unwritable) {
      throw RunException.unwritable(directory, unwritable);
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
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + MEMBER_SUFFIX)) {
      for (Path file : files) {
        MemberResult result =
            Json.readFile(file, MemberResult.class, "delete it, and it will be run again");
        if (!file(result.key()).equals(file)) {
          throw new RunException(
              "%s holds the run %s: delete the file, and what belongs there will be run again"
                  .formatted(file, result.key().fileName()));
        }
        results.put(result.key(), result);
      }
    } catch (DirectoryIteratorException unlisted) {
      throw new RunException("cannot list " + directory, unlisted);
    } catch (IOException unlisted) {
      throw RunException.unreadable(directory, unlisted);
    }
    return results;
  }

  private Path file(MemberKey key) {
    return directory.resolve(key.fileName() + MEMBER_SUFFIX);
  }

  @Override
  public void close() {
    if (lock != null) {
      lock.close();
    }
  }
}
