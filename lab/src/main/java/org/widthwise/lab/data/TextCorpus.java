package org.widthwise.lab.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A text and its alphabet, for language models over characters. Tokens are the ranks of the text's
 * distinct Unicode code points in ascending order, 0..vocabularySize−1.
 */
public final class TextCorpus {
  /** The sub-directory that may hold the text files. */
  public static final String FOLDER = "text";

  private final String name;
  private final DataSource source;
  private final String digest;
  private final int[] vocabulary;
  private final int[] tokens;

  private TextCorpus(String name, DataSource source, String digest, String text) {
    this.name = name;
    this.source = source;
    this.digest = digest;
    this.vocabulary = text.codePoints().sorted().distinct().toArray();
    this.tokens = encode(text);
  }

  /**
   * Reads a text file in UTF-8, or the text files of a directory joined in the order of their
   * names.
   *
   * @param path a file; or a directory that holds {@code *.txt}, or holds {@code text/*.txt}
   * @return the corpus
   * @throws DataException if there is no such file, it is unreadable, empty or not UTF-8
   */
  public static TextCorpus read(Path path) {
    return read(new DataSource.Files(path, DataSource.Origin.EXPLICIT));
  }

  static TextCorpus read(DataSource.Files source) {
    Path path = source.directory();
    List<Path> files = find(path);
    if (files.isEmpty()) {
      throw new DataException(
          Files.exists(path)
              ? "no text in %s: it, or its sub-directory %s, must hold a file *.txt"
                  .formatted(path, FOLDER)
              : "the text " + path + " does not exist");
    }
    MessageDigest digest = Digests.sha256();
    StringBuilder text = new StringBuilder();
    for (Path file : files) {
      try {
        byte[] bytes = Files.readAllBytes(file);
        digest.update(bytes);
        text.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)));
      } catch (CharacterCodingException e) {
        throw new DataException(file + " is not valid UTF-8; a corpus is plain text in UTF-8", e);
      } catch (IOException e) {
        throw DataException.inputOutput("read", file, e);
      }
    }
    if (text.isEmpty()) {
      throw new DataException("the text in " + path + " is empty; a corpus has characters");
    }
    List<String> names = files.stream().map(f -> String.valueOf(f.getFileName())).toList();
    return new TextCorpus(String.join(" + ", names), source, Digests.hex(digest), text.toString());
  }

  /** A text that was made and not read. */
  static TextCorpus embedded(long seed, String text) {
    return new TextCorpus(
        "stand-in text", new DataSource.EmbeddedText(seed), Digests.sha256(text), text);
  }

  /** The files that {@link #read(Path)} would join; empty if there are none. */
  static List<Path> find(Path path) {
    if (Files.isRegularFile(path)) {
      return List.of(path);
    }
    for (Path directory : List.of(path.resolve(FOLDER), path)) {
      if (!Files.isDirectory(directory)) {
        continue;
      }
      try (Stream<Path> entries = Files.list(directory)) {
        List<Path> texts =
            entries
                .filter(f -> f.toString().endsWith(".txt") && Files.isRegularFile(f))
                .sorted()
                .toList();
        if (!texts.isEmpty()) {
          return texts;
        }
      } catch (IOException e) {
        throw DataException.inputOutput("list", directory, e);
      }
    }
    return List.of();
  }

  /**
   * Returns the name of the corpus.
   *
   * @return its file names
   */
  public String name() {
    return name;
  }

  /**
   * Returns where the text came from.
   *
   * @return the path and how it was found
   */
  public DataSource source() {
    return source;
  }

  /**
   * Returns the digest of the files' bytes, joined.
   *
   * @return SHA-256 in 64 lower-case hexadecimal digits
   */
  public String digest() {
    return digest;
  }

  /**
   * Returns the number of distinct characters, a model's input and output dimension.
   *
   * @return at least 1
   */
  public int vocabularySize() {
    return vocabulary.length;
  }

  /**
   * Returns the length of the text.
   *
   * @return number of tokens, one for each code point
   */
  public int length() {
    return tokens.length;
  }

  /**
   * Returns a piece of the text.
   *
   * @param from index of the first token
   * @param length number of tokens
   * @return a fresh array {@code [length]} of tokens
   * @throws IndexOutOfBoundsException if the piece is not within the text
   */
  public int[] tokens(int from, int length) {
    Objects.checkFromIndexSize(from, length, tokens.length);
    return Arrays.copyOfRange(tokens, from, from + length);
  }

  /**
   * Turns text into tokens.
   *
   * @param text text over the corpus's alphabet
   * @return one token for each code point
   * @throws IllegalArgumentException if a character does not occur in the corpus
   */
  public int[] encode(String text) {
    return text.codePoints()
        .map(
            c -> {
              int token = Arrays.binarySearch(vocabulary, c);
              if (token < 0) {
                throw new IllegalArgumentException(
                    "character U+%04X is not among the %d of the corpus %s"
                        .formatted(c, vocabulary.length, name));
              }
              return token;
            })
        .toArray();
  }

  /**
   * Turns tokens into text.
   *
   * @param tokens tokens, 0..vocabularySize−1
   * @return the text
   * @throws IndexOutOfBoundsException if a token is out of range
   */
  public String decode(int[] tokens) {
    StringBuilder text = new StringBuilder(tokens.length);
    for (int token : tokens) {
      text.appendCodePoint(vocabulary[Objects.checkIndex(token, vocabulary.length)]);
    }
    return text.toString();
  }
}
