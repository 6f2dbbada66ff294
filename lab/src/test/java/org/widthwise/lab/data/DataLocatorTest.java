package org.widthwise.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLocatorTest {
  private final Path dir;

  DataLocatorTest(@TempDir Path dir) {
    this.dir = dir;
  }

  @Test
  void prefersExplicitToVariableToCacheToStandIn() throws IOException {
    Path explicit = withBatch("explicit");
    Path variable = withBatch("variable");
    DataLocator bare = locator(Map.of());
    DataLocator set = locator(Map.of("WIDTHWISE_DATA", variable.toString()));

    assertThat(bare.cifar10Source(null)).isEqualTo(new DataSource.Embedded(StandIn.SEED));
    Path cache = withBatch("home/.cache/widthwise");
    assertThat(bare.cifar10Source(null))
        .isEqualTo(new DataSource.Files(cache, DataSource.Origin.CACHE));
    assertThat(set.cifar10Source(null))
        .isEqualTo(new DataSource.Files(variable, DataSource.Origin.ENVIRONMENT));
    assertThat(set.cifar10Source(explicit))
        .isEqualTo(new DataSource.Files(explicit, DataSource.Origin.EXPLICIT));
    assertThat(locator(Map.of("WIDTHWISE_DATA", " ")).cifar10Source(null))
        .isEqualTo(new DataSource.Files(cache, DataSource.Origin.CACHE));
  }

  @Test
  void aNamedDirectoryWithoutTheDataIsAnErrorAndNeverTheStandIn() throws IOException {
    Path empty = Files.createDirectory(dir.resolve("empty"));
    withBatch("home/.cache/widthwise");
    DataLocator set = locator(Map.of("WIDTHWISE_DATA", empty.toString()));
    assertThatThrownBy(() -> set.cifar10(null, Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("WIDTHWISE_DATA=" + empty + " holds no CIFAR-10; it must hold");
    assertThatThrownBy(() -> locator(Map.of()).cifar10(empty, Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(empty + " holds no CIFAR-10");
    Path absent = dir.resolve("absent");
    assertThatThrownBy(
            () -> locator(Map.of("WIDTHWISE_DATA", absent.toString())).cifar10(null, Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("WIDTHWISE_DATA=" + absent + " does not exist");
    assertThatThrownBy(() -> set.cifar10(absent, Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(absent + " does not exist");
  }

  @Test
  void aDamagedCacheIsAnErrorAndNeverTheStandIn() throws IOException {
    withBatch("home/.cache/widthwise");
    assertThatThrownBy(() -> locator(Map.of()).cifar10(null, Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("truncated");
  }

  @Test
  void theStandInSaysThatItIsOne() {
    ImageDataset data = locator(Map.of()).cifar10(null, Split.TEST);
    assertThat(data.source().isReal()).isFalse();
    assertThat(data.toString()).contains("stand-in");
    assertThat(data.digest()).isNotEqualTo(StandIn.generate(Split.TRAIN).digest());
  }

  @Test
  void cachesLieWhereEachSystemKeepsThem() {
    Path home = dir.resolve("home");
    Path xdg = dir.resolve("xdg");
    assertThat(cache(Map.of(), "Linux")).isEqualTo(home.resolve(".cache/widthwise"));
    assertThat(cache(Map.of("XDG_CACHE_HOME", xdg.toString()), "Linux"))
        .isEqualTo(xdg.resolve("widthwise"));
    assertThat(cache(Map.of("XDG_CACHE_HOME", "relative"), "Linux"))
        .isEqualTo(home.resolve(".cache/widthwise"));
    assertThat(cache(Map.of(), "Mac OS X")).isEqualTo(home.resolve("Library/Caches/widthwise"));
    assertThat(cache(Map.of("LOCALAPPDATA", xdg.toString()), "Windows 11"))
        .isEqualTo(xdg.resolve("widthwise"));
    assertThat(cache(Map.of(), "Windows 11")).isEqualTo(home.resolve("AppData/Local/widthwise"));
  }

  @Test
  void mnistAndTextHaveNoStandInAndSayWhereToPutThem() throws IOException {
    DataLocator bare = locator(Map.of());
    assertThatThrownBy(() -> bare.mnist(null, Split.TEST))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("t10k-images", bare.cache().toString(), "WIDTHWISE_DATA");
    assertThatThrownBy(() -> bare.text(null))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("text/*.txt", bare.cache().toString());
    CifarFiles.write(bare.cache().resolve("text"), "a.txt", "abc".getBytes(StandardCharsets.UTF_8));
    assertThat(bare.text(null).length()).isEqualTo(3);
    assertThat(bare.text(bare.cache().resolve("text/a.txt")).source().description())
        .contains("given explicitly");
  }

  private Path cache(Map<String, String> environment, String system) {
    return new DataLocator(environment::get, dir.resolve("home"), system).cache();
  }

  private DataLocator locator(Map<String, String> environment) {
    return new DataLocator(environment::get, dir.resolve("home"), "Linux");
  }

  /** A directory that holds a batch file, though not one of the right size. */
  private Path withBatch(String name) throws IOException {
    Path directory = dir.resolve(name);
    CifarFiles.write(directory.resolve(Cifar10.FOLDER), "data_batch_1.bin", CifarFiles.batch(1));
    return directory;
  }
}
