package org.widthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlanCommandTest {

  private static final String HEADER =
      "name,shape,role,layer,fan_in,fan_out,init_mean,init_std,learning_rate,weight_decay,epsilon,"
          + "multiplier,target_spectral_norm,reason,dimensions,maps,branches,optimizer,"
          + "branch_multiplier";
  private static final List<String> KEYS = List.of(HEADER.split(",", -1));

  private final Path directory;

  PlanCommandTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private String model(String name, String json) throws IOException {
    return Files.writeString(directory.resolve(name), json).toString();
  }

  private String perceptron(int width) throws IOException {
    return model("mlp%d.json".formatted(width), Perceptrons.json(width, width));
  }

  private static JsonNode row(JsonNode plan, String name) {
    for (JsonNode row : plan.path("parameters")) {
      if (row.path("name").asText().equals(name)) {
        return row;
      }
    }
    throw new AssertionError("no " + name + " in " + plan);
  }

  private static JsonNode plan(String... args) throws IOException {
    List<String> words = new ArrayList<>(List.of("plan"));
    words.addAll(Arrays.asList(args));
    words.addAll(List.of("--format", "json"));
    Outcome outcome = Outcome.good(words.toArray(String[]::new));
    assertThat(outcome.err()).isEmpty();
    return outcome.json();
  }

  @Test
  void jsonHasExactlyItsKeysAndTheNumbersOfParametrizationOne() throws IOException {
    JsonNode plan =
        plan(perceptron(256), "--parametrization", "Spectral", "--optimizer", "SGD", "--lr", "0.5");
    assertThat(Outcome.keys(plan))
        .containsExactly(
            "format",
            "version",
            "parametrization",
            "optimizer",
            "learning_rate",
            "gain",
            "weight_decay",
            "decay_convention",
            "epsilon",
            "epsilon_convention",
            "depth_scaling",
            "groups",
            "parameters");
    assertThat(plan.path("parametrization").asText()).isEqualTo("spectral");
    assertThat(plan.path("optimizer").asText()).isEqualTo("sgd");
    assertThat(plan.path("learning_rate").asDouble()).isEqualTo(0.5);
    assertThat(plan.path("parameters")).hasSize(6);
    plan.path("parameters").forEach(row -> assertThat(Outcome.keys(row)).isEqualTo(KEYS));

    JsonNode first = row(plan, "fc1.weight");
    assertThat(first.path("shape").toString()).isEqualTo("[256,3072]");
    assertThat(first.path("role").asText()).isEqualTo("matrix");
    assertThat(first.path("layer").asText()).isEqualTo("input");
    assertThat(first.path("fan_in").asLong()).isEqualTo(3072);
    assertThat(first.path("fan_out").asLong()).isEqualTo(256);
    assertNumber(first, "init_std", Math.sqrt(256.0 / 3072) / Math.sqrt(3072));
    assertNumber(first, "learning_rate", 0.5 * 256 / 3072);
    assertNumber(first, "target_spectral_norm", Math.sqrt(256.0 / 3072));
    assertNumber(first, "multiplier", 1);
    assertNumber(first, "weight_decay", 0);
    assertThat(first.path("epsilon").isNull()).isTrue();

    JsonNode readout = row(plan, "fc3.weight");
    assertThat(readout.path("layer").asText()).isEqualTo("readout");
    assertNumber(readout, "init_std", Math.sqrt(10.0 / 256) / 16);
    assertNumber(readout, "learning_rate", 0.5 * 10 / 256);

    JsonNode bias = row(plan, "fc2.bias");
    assertThat(bias.path("role").asText()).isEqualTo("bias");
    assertThat(bias.path("fan_in").asLong()).isEqualTo(1);
    assertNumber(bias, "init_std", 0);
    assertNumber(bias, "learning_rate", 0.5 * 256);
  }

  private static void assertNumber(JsonNode row, String key, double expected) {
    assertThat(row.path(key).isNumber()).as("%s of %s", key, row).isTrue();
    assertThat(row.path(key).asDouble())
        .as("%s of %s", key, row)
        .isCloseTo(expected, within(1e-12 * Math.abs(expected)));
  }

  @ParameterizedTest
  @CsvSource({
    // What a hidden 256 × 1024 weight gets from each rule and parametrization.
    "spectral, sgd, 0.25",
    "spectral, adam, 9.765625E-4",
    "spectral, lion, 9.765625E-4",
    "spectral, muon, 0.5",
    "sp, sgd, 1",
    "sp, adam, 1",
    "ntp, sgd, 9.765625E-4",
    "ntp, adam, 0.03125",
  })
  void ratesFollowFromParametrizationAndOptimizer(
      String parametrization, String optimizer, double rate) throws IOException {
    String file = model("w.json", "{\"parameters\":[{\"name\":\"w\",\"shape\":[256,1024]}]}");
    JsonNode plan =
        plan(
            file,
            "--parametrization",
            parametrization,
            "--optimizer",
            optimizer,
            "--role",
            "w=hidden");
    assertNumber(row(plan, "w"), "learning_rate", rate);
    assertThat(row(plan, "w").path("layer").asText()).isEqualTo("hidden");
  }

  @Test
  void csvSaysTheSameAsJson() throws IOException {
    String file = perceptron(64);
    JsonNode plan = plan(file, "--optimizer", "adamw", "--weight-decay", "0.1");
    String csv =
        Outcome.good(
                "plan", file, "--optimizer", "adamw", "--weight-decay", "0.1", "--format", "csv")
            .out();
    assertThat(csv.lines().findFirst()).contains(HEADER);
    List<NamedCsvRecord> records = new ArrayList<>();
    try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(csv)) {
      reader.forEach(records::add);
    }
    assertThat(records).hasSize(6);
    for (NamedCsvRecord csvRow : records) {
      JsonNode row = row(plan, csvRow.getField("name"));
      for (String key :
          List.of("init_std", "learning_rate", "weight_decay", "epsilon", "target_spectral_norm")) {
        assertThat(Double.parseDouble(csvRow.getField(key))).isEqualTo(row.path(key).asDouble());
      }
      assertThat(csvRow.getField("reason")).isEqualTo(row.path("reason").asText());
    }
    assertThat(records.get(0).getField("shape")).isEqualTo("64x3072");
    // Gradient descent has no ε.
    assertThat(
            Outcome.good("plan", file, "--optimizer", "sgd", "--format", "csv")
                .out()
                .lines()
                .skip(1))
        .allSatisfy(line -> assertThat(line.split(",", -1)[10]).isEmpty());
  }

  @Test
  void theTableHasALineForEachParameterAndShowsNoControlCharacters() throws IOException {
    String table = Outcome.good("plan", perceptron(64), "--optimizer", "adam").out();
    assertThat(table.lines()).hasSize(7);
    assertThat(table).startsWith("name").contains("fc1.weight", "[64, 3072]", "readout");
    String evil =
        model(
            "evil.json",
            "{\"parameters\":[{\"name\":\"a\\u001b[31m\\n.weight\",\"shape\":[4,4]}]}");
    assertThat(Outcome.good("plan", evil, "--optimizer", "adam").out())
        .contains("a\\u{1b}[31m\\u{a}.weight")
        .doesNotContain("\u001b");
  }

  @Test
  void aPlanRelativeToItselfChangesNothing() throws IOException {
    String file = perceptron(64);
    for (String parametrization : List.of("mup", "spectral", "ntp", "sp")) {
      JsonNode plan =
          plan(
              file,
              "--base",
              file,
              "--parametrization",
              parametrization,
              "--optimizer",
              "adamw",
              "--lr",
              "0.003",
              "--weight-decay",
              "0.1");
      for (JsonNode row : plan.path("parameters")) {
        assertNumber(row, "learning_rate", 0.003);
        assertNumber(row, "weight_decay", 0.1);
        assertNumber(row, "epsilon", 1e-8);
      }
      assertNumber(row(plan, "fc3.weight"), "init_std", 1.0 / 8);
    }
  }

  @Test
  void layersAndPrefactorsAreTheSameAtTheBaseAndBeyond() throws IOException {
    String base = perceptron(64);
    String[] options = {
      "--base", base, "--optimizer", "sgd", "--prefactor", "readout=8,3", "--prefactor", "input=2,5"
    };
    JsonNode at = plan(with(base, options));
    JsonNode beyond = plan(with(perceptron(256), options));
    for (String name : List.of("fc1.weight", "fc2.weight", "fc3.weight")) {
      assertThat(row(at, name).path("layer")).isEqualTo(row(beyond, name).path("layer"));
    }
    assertNumber(row(at, "fc1.weight"), "learning_rate", 5);
    assertNumber(row(beyond, "fc1.weight"), "learning_rate", 5 * 4);
    assertNumber(row(at, "fc3.weight"), "learning_rate", 3);
    assertNumber(row(beyond, "fc3.weight"), "learning_rate", 3.0 / 4);
    assertNumber(row(at, "fc3.weight"), "init_std", 8.0 / 8);
  }

  private static String[] with(String first, String... others) {
    List<String> words = new ArrayList<>(List.of(first));
    words.addAll(Arrays.asList(others));
    return words.toArray(String[]::new);
  }

  @Test
  void readsTheHeaderOfASafetensorsFile() throws IOException {
    String header =
        "{\"fc1.weight\":{\"dtype\":\"F32\",\"shape\":[4,6],\"data_offsets\":[0,96]},"
            + "\"fc2.weight\":{\"dtype\":\"F32\",\"shape\":[2,4],\"data_offsets\":[96,128]}}";
    Path file = safetensors(header, 128);
    String same =
        model(
            "same.json",
            "{\"parameters\":[{\"name\":\"fc1.weight\",\"shape\":[4,6]},"
                + "{\"name\":\"fc2.weight\",\"shape\":[2,4]}]}");
    assertThat(plan(file.toString(), "--optimizer", "muon"))
        .isEqualTo(plan(same, "--optimizer", "muon"));
  }

  private Path safetensors(String header, int dataBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    bytes.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).array());
    bytes.writeBytes(text);
    bytes.writeBytes(new byte[dataBytes]);
    return Files.write(directory.resolve("m.safetensors"), bytes.toByteArray());
  }

  @Test
  void tensorsLeftOutForOneReasonTakeOneLine() throws IOException {
    StringBuilder moments = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      moments.append(",{\"name\":\"optimizer.state.%d.step\",\"shape\":[1]}".formatted(i));
    }
    String file =
        model("moments.json", "{\"parameters\":[{\"name\":\"w\",\"shape\":[8,8]}" + moments + "]}");
    assertThat(Outcome.good("plan", file, "--optimizer", "adam").err())
        .isEqualTo(
            "not planned: optimizer.state.0.step, optimizer.state.1.step, optimizer.state.2.step"
                + " and 2 more: a part of \"optimizer\" (if it is trained, say --role"
                + " 'NAME=ROLE')\n");
  }

  @Test
  void rolesCanBeDeclaredAndWhatIsUnknownIsToldOnStandardError() throws IOException {
    String file =
        model(
            "odd.json",
            "{\"parameters\":[{\"name\":\"w\",\"shape\":[8,8]},{\"name\":\"q\",\"shape\":[8]}]}");
    Outcome outcome = Outcome.good("plan", file, "--optimizer", "adam", "--format", "json");
    assertThat(outcome.json().path("parameters")).hasSize(1);
    assertThat(outcome.err()).startsWith("not planned: q: ").contains("--role");
    JsonNode plan = plan(file, "--optimizer", "adam", "--role", "q=gain", "--role", "w=embedding");
    assertThat(row(plan, "q").path("role").asText()).isEqualTo("gain");
    assertNumber(row(plan, "q"), "init_mean", 1);
    assertThat(row(plan, "w").path("role").asText()).isEqualTo("embedding");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--optimizer sdg | unknown optimizer 'sdg': known are sgd, adam, adamw,",
        "--optimizer adam --parametrization mip | unknown parametrization 'mip': known are",
        "--optimizer adam --parametrization abc:1 | does not give the exponents",
        "--parametrization mup | Missing required option: '--optimizer=NAME'",
        "--optimizer adam --lr 0 | the learning rate must be above 0 and finite, but is 0.0",
        "--optimizer adam --lr -1 | the learning rate must be above 0 and finite, but is -1.0",
        "--optimizer adam --lr NaN | the learning rate must be above 0 and finite, but is NaN",
        "--optimizer adam --lr fast | '--lr': 'fast' is no number",
        "--optimizer adam --gain 0 | the gain must be above 0",
        "--optimizer adam --epsilon 0 | the epsilon must be above 0",
        "--optimizer adam --weight-decay -1 | the weight decay must be at least 0",
        "--optimizer adam --decay-convention x | unknown weight-decay convention 'x': known are",
        "--optimizer adam --prefactor readout=8 | '8' is no such pair",
        "--optimizer adam --prefactor readout=a,b | 'a,b' is no such pair",
        "--optimizer adam --prefactor last=8,1 | 'last' is none of input, hidden, readout,",
        "--optimizer adam --prefactor readout=8,0 | a rate prefactor is above 0",
        "--optimizer adam --role tok*=embedding | no parameter's name matches 'tok*'",
        "--optimizer adam --role fc1 | 'fc1' is not of the form GLOB=ROLE",
        "--optimizer adam --role fc1.weight=foo | unknown role 'foo': known are matrix,",
        "--optimizer adam --role [=matrix | no parameter's name matches '['",
        "--optimizer adam --role fc1.bias=matrix | has shape [fan_out, fan_in]",
        "--optimizer adam --format yaml | '--format': 'yaml' is none of table, json, csv",
        "--optimizer adam --base /no/such.json | /no/such.json: no such file",
        "--optimizer adam more | unexpected argument 'more'",
        "--optimizer muon --rest adam | --rest takes an update rule and its learning rate, such as",
        "--optimizer muon --rest adam,x | 'adam,x' is no such pair",
        "--optimizer muon --rest adam,0 | the learning rate must be above 0",
        "--optimizer adam --depth-scaling deep | 'deep' is none of none, complete-p, inverse-root,",
        "--optimizer adam --depth-scaling 2 | lies between 0 and 1",
        "--optimizer adam --maps fc1 | 'fc1' is not of the form GLOB=N",
        "--optimizer adam --maps fc1.weight=0 | with N at least 1",
        "--optimizer adam --maps fc1.weight=3 | is not 3 maps of equal size",
        "--optimizer adam --branches x*=3 | no parameter's name matches 'x*'",
        "--optimizer adam --out /no/such/plan.json | must be a file in a directory that is there",
      })
  void refusesBadOptions(String options, String message) throws IOException {
    List<String> words = new ArrayList<>(List.of("plan", perceptron(8)));
    words.addAll(List.of(options.split(" ")));
    assertThat(Outcome.refused(words.toArray(String[]::new)).err()).contains(message);
  }

  @Test
  void aModelIsNeeded() {
    assertThat(Outcome.refused("plan", "--optimizer", "adam").err()).contains("'MODEL'");
    assertThat(Outcome.refused("plan", "/no/such.json", "--optimizer", "adam").err())
        .contains("/no/such.json: no such file");
    assertThat(Outcome.refused("plan", directory.toString(), "--optimizer", "adam").err())
        .contains("is a directory with no");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"parameters\":[]}",
        "[]",
        "{}",
        "nonsense",
        "{\"parameters\":[{\"name\":\"a\",\"shape\":[0]}]}",
        "{\"parameters\":[{\"name\":\"a\",\"shape\":[-4,4]}]}",
        "{\"parameters\":[{\"name\":\"a\",\"shape\":[4.5]}]}",
        "{\"parameters\":[{\"name\":\"a\",\"shape\":[1e400]}]}",
        "{\"parameters\":[{\"name\":\"a\",\"shape\":\"4\"}]}",
        "{\"parameters\":[{\"shape\":[4]}]}",
        "{\"parameters\":[{\"name\":\"a\"}]}",
        "{\"parameters\":[{\"name\":\"a\",\"shape\":[4,4],\"rôle\":\"x\"}]}",
        "{\"parameters\":[{\"name\":\"a\",\"shape\":[4,4],\"role\":\"x\"}]}",
        "{\"parameters\":[{\"name\":\"a\",\"shape\":[4,4]},{\"name\":\"a\",\"shape\":[4,4]}]}",
        "{\"parameters\":[{\"name\":\"a\",\"shape\":[4,4]}]} more",
      })
  void refusesMalformedDescriptions(String text) throws IOException {
    String file = model("bad.json", text);
    assertThat(Outcome.refused("plan", file, "--optimizer", "adam").err())
        .containsAnyOf(file + ": ", "\"a\": ");
  }

  @Test
  void refusesMalformedSafetensors() throws IOException {
    String entry = "{\"a\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}";
    Map<String, String> bad =
        Map.of(
            entry.formatted("F32", "[4,4]", "[0,60]"),
            "60",
            entry.formatted("F33", "[4,4]", "[0,64]"),
            "F33",
            entry.formatted("F32", "[4,4]", "[0,640]"),
            "640",
            entry.formatted("F32", "[4,-4]", "[0,64]"),
            "-4",
            "{\"a\":",
            "",
            "[]",
            "",
            "{}",
            "belong to no tensor");
    for (Map.Entry<String, String> header : bad.entrySet()) {
      Path file = safetensors(header.getKey(), 64);
      assertThat(Outcome.refused("plan", file.toString(), "--optimizer", "adam").err())
          .contains(file + ": ", header.getValue());
    }
    Path file = directory.resolve("short.safetensors");
    for (byte[] bytes :
        List.of(
            new byte[0],
            new byte[] {1, 2, 3},
            new byte[] {-1, -1, -1, -1, -1, -1, -1, 127},
            new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, '{', '}'},
            new byte[] {100, 0, 0, 0, 0, 0, 0, 0, '{', '}'})) {
      Files.write(file, bytes);
      assertThat(Outcome.refused("plan", file.toString(), "--optimizer", "adam").err())
          .contains(file + ": ");
    }
  }

  @Test
  void aPlanThatWasWrittenIsABaseAndAModel() throws IOException {
    // Names that tell nothing, so that roles, maps and branches can come from the plan alone.
    String narrow =
        model(
            "narrow.json",
            "{\"parameters\":[{\"name\":\"t\",\"shape\":[65,32],\"role\":\"embedding\"},"
                + "{\"name\":\"q\",\"shape\":[96,32],\"role\":\"matrix\",\"maps\":3,"
                + "\"branches\":4},{\"name\":\"r\",\"shape\":[5,32],\"layer\":\"readout\"}]}");
    String wide =
        model(
            "wide.json",
            "{\"parameters\":[{\"name\":\"t\",\"shape\":[65,128]},"
                + "{\"name\":\"q\",\"shape\":[384,128]},{\"name\":\"r\",\"shape\":[5,128]}]}");
    Path saved = directory.resolve("saved.json");
    String[] options = {"--optimizer", "adamw", "--lr", "0.01", "--depth-scaling", "complete-p"};
    Outcome outcome =
        Outcome.good(
            with(
                "plan",
                with(
                    narrow,
                    with(
                        "--out",
                        with(saved.toString(), with("--format", with("json", options)))))));
    assertThat(outcome.out()).isEmpty();
    JsonNode relative = plan(with(wide, with("--base", with(saved.toString(), options))));
    JsonNode table = row(relative, "t");
    assertThat(table.path("role").asText()).isEqualTo("embedding");
    assertNumber(table, "learning_rate", 0.01);
    JsonNode stack = row(relative, "q");
    assertThat(stack.path("maps").asInt()).isEqualTo(3);
    assertThat(stack.path("branches").asInt()).isEqualTo(4);
    assertNumber(stack, "learning_rate", 0.01 / 4);
    // As deep as its base, so no branch is scaled.
    assertNumber(stack, "branch_multiplier", 1);
    assertThat(row(relative, "r").path("layer").asText()).isEqualTo("readout");
    // A deeper one: eight branches beside the base's four.
    JsonNode deeper =
        plan(
            with(
                wide,
                with("--base", with(saved.toString(), with("--branches", with("q=8", options))))));
    assertNumber(row(deeper, "q"), "branch_multiplier", 0.5);
    assertNumber(row(deeper, "q"), "epsilon", 1e-8 / 4 / 2);
    // The plan as the model itself, planned anew by another rule.
    JsonNode anew = plan(saved.toString(), "--optimizer", "sgd");
    assertThat(row(anew, "q").path("maps").asInt()).isEqualTo(3);
    assertNumber(row(anew, "t"), "learning_rate", 32);
  }

  @Test
  void groupsDepthAndEpsilonAreThoseOfTraining() throws IOException {
    JsonNode plan =
        plan(
            perceptron(64),
            "--rule",
            "muon",
            "--lr",
            "0.02",
            "--rest",
            "adam,0.003",
            "--depth-scaling",
            "inverse-root",
            "--branches",
            "fc2.*=4",
            "--epsilon",
            "1e-6",
            "--fixed-epsilon");
    JsonNode hidden = row(plan, "fc2.weight");
    assertThat(hidden.path("optimizer").asText()).isEqualTo("muon");
    assertNumber(hidden, "branch_multiplier", 0.5);
    // Muon is of degree 0 in the gradient: L^(α − 1).
    assertNumber(hidden, "learning_rate", 0.02 / 2);
    assertNumber(hidden, "epsilon", 1e-6);
    JsonNode readout = row(plan, "fc3.weight");
    assertThat(readout.path("optimizer").asText()).isEqualTo("adam");
    assertNumber(readout, "learning_rate", 0.003 / 64);
    assertNumber(readout, "epsilon", 1e-6);
    assertThat(plan.path("groups").path("readout").path("optimizer").asText()).isEqualTo("adam");
    String table =
        Outcome.good("plan", perceptron(64), "--optimizer", "muon", "--rest", "adam,0.003").out();
    assertThat(table.lines().findFirst().orElseThrow())
        .endsWith("rule  why")
        .doesNotContain("branch");
  }

  @Test
  void groupsForPyTorchAndLabelsForOptaxSayWhatThePlanDoes() throws IOException {
    String file = perceptron(64);
    String[] options = {"--optimizer", "adamw", "--lr", "0.5", "--weight-decay", "0.25"};
    JsonNode plan = plan(with(file, options));
    JsonNode groups = written(file, "pytorch", options);
    assertThat(Outcome.keys(groups))
        .containsExactly(
            "format", "version", "groups", "init", "multipliers", "branch_multipliers");
    int members = 0;
    for (JsonNode group : groups.path("groups")) {
      assertThat(Outcome.keys(group))
          .containsExactly("optimizer", "lr", "weight_decay", "eps", "params");
      for (JsonNode name : group.path("params")) {
        JsonNode row = row(plan, name.asText());
        assertThat(group.path("lr")).isEqualTo(row.path("learning_rate"));
        assertThat(group.path("weight_decay")).isEqualTo(row.path("weight_decay"));
        assertThat(group.path("eps")).isEqualTo(row.path("epsilon"));
        members++;
      }
    }
    assertThat(members).isEqualTo(6);
    // fc1.bias and fc2.bias have the same length.
    assertThat(groups.path("groups")).hasSize(5);
    assertThat(Outcome.keys(groups.path("init").get(0)))
        .containsExactly("name", "shape", "mean", "std");
    JsonNode labels = written(file, "optax", options);
    assertThat(Outcome.keys(labels))
        .containsExactly(
            "format",
            "version",
            "labels",
            "hyperparameters",
            "init",
            "multipliers",
            "branch_multipliers");
    assertThat(labels.path("hyperparameters")).hasSize(5);
    String label = labels.path("labels").path("fc3").path("weight").asText();
    JsonNode told = labels.path("hyperparameters").path(label);
    assertThat(Outcome.keys(told))
        .containsExactly("optimizer", "learning_rate", "weight_decay", "eps");
    assertThat(told.path("learning_rate")).isEqualTo(row(plan, "fc3.weight").path("learning_rate"));
    assertThat(labels.path("init")).isEqualTo(groups.path("init"));
  }

  private static JsonNode written(String file, String format, String... options)
      throws IOException {
    return Outcome.good(with("plan", with(file, with("--format", with(format, options))))).json();
  }

  /** The command in the guide for those who come from microsoft/mup does what the guide says. */
  @Test
  void theGuidesCommandWorks() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "from-mup.md"));
    int begin = page.indexOf("widthwise plan wide.safetensors");
    String command = page.substring(begin, page.indexOf("```", begin)).replace("\\\n", " ").strip();
    Path written = directory.resolve("plan.json");
    String[] words = command.split("\\s+");
    assertThat(words).startsWith("widthwise", "plan").endsWith("plan.json");
    for (int i = 0; i < words.length; i++) {
      words[i] =
          switch (words[i]) {
            case "wide.safetensors" -> perceptron(64);
            case "narrow.safetensors" -> perceptron(16);
            case "plan.json" -> written.toString();
            default -> words[i];
          };
    }
    Outcome.good(Arrays.copyOfRange(words, 1, words.length));
    JsonNode groups = new ObjectMapper().readTree(Files.readString(written)).path("groups");
    // Input weight and biases at the global rate; hidden and readout weights at a quarter of it.
    assertThat(groups).hasSize(2);
    assertThat(groups.get(0).path("lr").asDouble()).isEqualTo(0.01);
    assertThat(groups.get(1).path("lr").asDouble()).isEqualTo(0.0025);
    assertThat(groups.get(1).path("weight_decay").asDouble()).isEqualTo(0.4);
    assertThat(groups.get(1).path("eps").asDouble()).isEqualTo(1e-8);
  }

  @Test
  void refusesABaseOfAnotherModel() throws IOException {
    String wide = perceptron(64);
    String lacking = model("base.json", Perceptrons.json(8, 8).replace("fc2.weight", "fc9.weight"));
    assertThat(Outcome.refused("plan", wide, "--optimizer", "adam", "--base", lacking).err())
        .contains("the base model has no parameter \"fc2.weight\"");
    String flat = model("flat.json", Perceptrons.json(8, 8).replace("[8,8]", "[8,8,3]"));
    assertThat(Outcome.refused("plan", wide, "--optimizer", "adam", "--base", flat).err())
        .contains("fc2.weight");
  }
}
