package org.widthwise.audit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.audit.MalformedFileException;

final class HeadConfigurationTest {

  private final Path directory;

  HeadConfigurationTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private Path written(String json) throws IOException {
    return Files.writeString(directory.resolve("config.json"), json.replace('\'', '"'));
  }

  private static String words(AttentionHeads heads) {
    return heads.queries()
        + " "
        + number(heads.keyValues())
        + " "
        + number(heads.size())
        + " "
        + heads.layout();
  }

  private static String number(OptionalInt number) {
    return number.isPresent() ? Integer.toString(number.getAsInt()) : "-";
  }

  /** Keys and values as the families publish them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'model_type': 'gpt_neox', 'num_attention_heads': 64 | 64 - - BY_HEAD",
        "'model_type': 'bloom', 'n_head': 112, 'num_attention_heads': 112 | 112 - - BY_HEAD",
        // Falcon 7B gives a number of heads of keys that it does not have.
        "'model_type': 'falcon', 'num_attention_heads': 71, 'num_kv_heads': 71,"
            + " 'multi_query': true, 'new_decoder_architecture': false | 71 1 - BY_HEAD",
        "'model_type': 'falcon', 'num_attention_heads': 128, 'num_kv_heads': 8,"
            + " 'multi_query': true, 'new_decoder_architecture': true | 128 8 - BY_HEAD",
        "'model_type': 'falcon', 'num_attention_heads': 32, 'num_kv_heads': null,"
            + " 'multi_query': false, 'new_decoder_architecture': false | 32 - - BY_HEAD",
        "'model_type': 'RefinedWeb', 'n_head': 128, 'n_head_kv': 8, 'multi_query': true"
            + " | 128 8 - BY_HEAD",
        "'model_type': 'RefinedWebModel', 'n_head': 71, 'multi_query': true | 71 1 - BY_HEAD",
        "'model_type': 'internlm2', 'num_attention_heads': 48, 'num_key_value_heads': 8,"
            + " 'head_dim': 128 | 48 8 128 BY_HEAD",
        "'model_type': 'chatglm', 'num_attention_heads': 32, 'multi_query_attention': true,"
            + " 'multi_query_group_num': 2, 'kv_channels': 128 | 32 2 128 CONSECUTIVE",
        "'model_type': 'chatglm', 'num_attention_heads': 32, 'multi_query_attention': false,"
            + " 'multi_query_group_num': 2 | 32 32 - BY_HEAD",
        "'model_type': 'another', 'n_heads': 16 | 16 - - UNKNOWN",
        "'n_heads': 16, 'other': {'num_attention_heads': -3} | 16 - - UNKNOWN",
      })
  void readsWhatFamiliesWrite(String members, String expected) throws IOException {
    AttentionHeads heads =
        HeadConfiguration.read(written("{'hidden_size': 4, " + members + ", 'x': [1.5]}"))
            .orElseThrow();
    assertThat(words(heads)).isEqualTo(expected);
    assertThat(heads.source()).isEqualTo(AttentionHeads.Source.CONFIGURATION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{'model_type': 'bert'}", "{'num_attention_heads': null}"})
  void sayNothingWhereNothingIsSaid(String json) throws IOException {
    assertThat(HeadConfiguration.read(written(json))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'n_head': 0} | $.n_head: is \"0\", must be an integer from 1",
        "{'n_head': -4} | must be an integer from 1",
        "{'n_head': 4.0} | must be an integer from 1",
        "{'n_head': '4'} | is a string, must be an integer from 1",
        "{'n_head': [3, 6]} | is an array, must be an integer from 1",
        "{'n_head': 2147483648} | is 2147483648, must be below 2^31",
        "{'n_head': 99999999999999999999} | below 2^63",
        "{'n_head': 4, 'n_head': 4} | comes twice",
        "{'n_head': 4, 'num_attention_heads': 8} | gives [8, 4] for one thing, by the keys",
        "{'n_head': 6, 'num_kv_heads': 4} | 6 are no multiple of 4",
        "{'n_head': 6, 'multi_query': 1} | must be true or false",
        "{'n_head': 6, 'model_type': 7} | must be the name of a model's type",
        "{'n_head': NaN} | is not JSON",
        "{'n_head': 6 | is not JSON",
        "{'n_head': 6} x | is not JSON",
        "[] | is an array, must be an object",
        "x | is not JSON",
      })
  void whatCannotBeIsRefusedInOneLine(String json, String message) throws IOException {
    Path file = written(json);
    assertThatThrownBy(() -> HeadConfiguration.read(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining(message)
        .hasMessageStartingWith(file.toString())
        .hasMessageNotContaining("\n");
  }

  @Test
  void whatIsTooLongOrTooDeepIsNotRead() throws IOException {
    Path file = written("{'x': '" + "y".repeat(HeadConfiguration.LONGEST) + "'}");
    assertThatThrownBy(() -> HeadConfiguration.read(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("a configuration must have at most 1048576");
    written("{'x': " + "[".repeat(100_000) + "}");
    assertThatThrownBy(() -> HeadConfiguration.read(file))
        .isInstanceOf(MalformedFileException.class);
    written("");
    assertThatThrownBy(() -> HeadConfiguration.read(file))
        .isInstanceOf(MalformedFileException.class);
  }

  @Test
  void liesBesideTheFileOrInTheDirectory() throws IOException {
    Path checkpoint = Files.createFile(directory.resolve("model.safetensors"));
    assertThat(HeadConfiguration.beside(checkpoint)).isEmpty();
    assertThat(HeadConfiguration.beside(directory)).isEmpty();
    assertThat(HeadConfiguration.beside(Path.of("model.safetensors"))).isEmpty();
    Path file = written("{'n_head': 4}");
    assertThat(HeadConfiguration.beside(checkpoint)).contains(file);
    assertThat(HeadConfiguration.beside(directory)).contains(file);

    // A link that leads nowhere is no configuration that says nothing.
    Files.delete(file);
    Files.createSymbolicLink(file, directory.resolve("nowhere"));
    Path broken = HeadConfiguration.beside(directory).orElseThrow();
    assertThatThrownBy(() -> HeadConfiguration.read(broken))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("no such file");
    Files.delete(file);
    Files.createDirectory(file);
    assertThatThrownBy(() -> HeadConfiguration.read(file))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("is a directory");
  }

  @ParameterizedTest
  @CsvSource({"12, 12 - - BY_HEAD", "'128,8', 128 8 - BY_HEAD", "' 6 , 1', 6 1 - BY_HEAD"})
  void headsAreDeclaredInShort(String text, String expected) {
    assertThat(words(AttentionHeads.parse(text))).isEqualTo(expected);
    assertThat(AttentionHeads.parse(text).source()).isEqualTo(AttentionHeads.Source.USER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|is not of the form N or N,KV",
        "many|is not of the form N or N,KV",
        "8,|is not of the form N or N,KV",
        "8,2,1|is not of the form N or N,KV",
        "0|heads and their sizes must be 1 or more, not 0 of queries",
        "8,0|not 8 of queries, 0 of keys",
        "8,3|8 are no multiple of 3",
      })
  void whatAreNoHeadsIsRefused(String text, String message) {
    assertThatThrownBy(() -> AttentionHeads.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
