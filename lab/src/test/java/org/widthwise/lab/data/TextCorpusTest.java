package org.widthwise.lab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextCorpusTest {
  private final Path dir;

  TextCorpusTest(@TempDir Path dir) {
    this.dir = dir;
  }

  @Test
  void tokensAreRanksOfTheDistinctCharacters() throws IOException {
    TextCorpus corpus = TextCorpus.read(Files.writeString(dir.resolve("a.txt"), "banana 😀"));
    // Ascending code points: space, a, b, n, 😀.
    assertThat(corpus.vocabularySize()).isEqualTo(5);
    assertThat(corpus.tokens(0, corpus.length())).containsExactly(2, 1, 3, 1, 3, 1, 0, 4);
    assertThat(corpus.decode(corpus.encode("nab 😀"))).isEqualTo("nab 😀");
    assertThatThrownBy(() -> corpus.encode("x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("U+0078");
    assertThatThrownBy(() -> corpus.decode(new int[] {5}))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void joinsTheTextsOfADirectoryByName() throws IOException {
    CifarFiles.write(dir.resolve("text"), "b.txt", "world".getBytes(StandardCharsets.UTF_8));
    CifarFiles.write(dir.resolve("text"), "a.txt", "hello ".getBytes(StandardCharsets.UTF_8));
    TextCorpus corpus = TextCorpus.read(dir);
    assertThat(corpus.decode(corpus.tokens(0, corpus.length()))).isEqualTo("hello world");
    assertThat(corpus.name()).isEqualTo("a.txt + b.txt");
    // SHA-256 of "hello world", as published in many places.
    assertThat(corpus.digest())
        .isEqualTo("b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9");
  }

  @Test
  void refusesWhatIsNoText() throws IOException {
    assertThatThrownBy(() -> TextCorpus.read(dir))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("*.txt");
    assertThatThrownBy(() -> TextCorpus.read(dir.resolve("absent")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("does not exist");
    Path latin = Files.write(dir.resolve("l.txt"), new byte[] {'a', (byte) 0xE9, 'b'});
    assertThatThrownBy(() -> TextCorpus.read(latin))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("UTF-8");
    Path empty = Files.write(dir.resolve("e.txt"), new byte[0]);
    assertThatThrownBy(() -> TextCorpus.read(empty))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("empty");
  }
}
