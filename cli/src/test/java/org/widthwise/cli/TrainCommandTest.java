package org.widthwise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.Checkpoints;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TrainCommandTest {

  private final String images;

  /** One object for all tests, for the images take long to write: each test has its directory. */
  TrainCommandTest(@TempDir Path shared) throws IOException {
    this.images = FewImages.in(shared);
  }

  private String[] mlp(String... more) {
    List<String> words = new ArrayList<>(List.of("train", "--model", "mlp", "--width", "8"));
    words.addAll(List.of("--optimizer", "sgd", "--data", images));
    words.addAll(List.of(more));
    if (!words.contains("--lr")) {
      words.addAll(5, List.of("--lr", "0.1"));
    }
    return words.toArray(String[]::new);
  }

  private static String[] words(String command) {
    return command.split(" ", -1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--steps 0 | --steps must be at least 1, not 0",
        "--steps 5 --batch 0 | --batch must be at least 1, not 0",
        "--steps 5 --batch 20000 | a batch of 20000 cannot be drawn from 10000 examples",
        "--steps 5 --batch 4 --full-batch | --batch and --full-batch exclude each other",
        "--steps 5 --examples 0 | --examples must be at least 1, not 0",
        "--steps 5 --examples 10001 | has 10,000 images",
        "--steps 5 --checkpoint-every 2 | checkpoints need a place, --out DIR",
        "--steps 5 --format csv | the losses go to --log FILE",
        "--steps 5 --loss huber | unknown loss 'huber': known are [cross-entropy, mse]",
        "--steps 5 --dtype half | '--dtype': 'half' is none of float32, float64",
        "--steps 5 --dataset text | --dataset text: a mlp is trained on images",
        "--steps 5 --dataset mnist | holds no MNIST",
        "--steps 5 --heads 2 | --heads: it is for --model transformer",
        "--steps 5 --tied | --tied: it is for --model transformer",
        "--steps 5 --normalization rms | --normalization: an mlp has none",
        "--steps 5 --layers 0 | --layers must be at least 1, not 0",
        "--steps 5 --activation sine | 'sine' is none of relu, tanh, gelu, identity",
        "--steps 5 --parametrization best | unknown parametrization 'best'",
        "--steps 5 --lr 0 | the learning rate must be above 0",
        "--steps 5 --warm-up 6 | --warm-up takes from 0 to all 5 steps, not 6",
        "--steps 5 --schedule step | 'step' is none of constant, linear, cosine",
        "--steps 5 --orthogonalization half | 'half' is none of float32, bfloat16",
        "--steps 5 --orthogonalization bfloat16 | sgd does not orthogonalise",
        "--steps 5 --weight-decay -1 | the weight decay must be at least 0",
        "--steps 5 --init /no/such/file | /no/such/file",
        "--steps 5 --momentum 1 | must be at least 0 and below 1",
        "--steps 5 --clip 0 | gradients are clipped at a size above 0, not 0",
        "--steps 5 --nproc 0 | --nproc takes from 1 to 1024 processes, not 0",
        "--steps 5 --nproc 2 --rank 0 | --nproc starts all processes on this host; --master-addr,",
        "--steps 5 --rank 0 --world-size 2 | belong together: give all three",
        "--steps 5 --master-addr h --rank 2 --world-size 2 | --rank takes from 0 to 1, since"
            + " --world-size is 2; not 2",
        "--steps 5 --master-addr h --rank 0 --world-size 0 | --world-size takes from 1 to 1024",
        "--steps 5 --master-port 1234 | --master-port: it is for --nproc, or with --master-addr",
        "--steps 5 --nproc 2 --master-port 70000 | --master-port takes from 1 to 65535, not 70000",
        "--steps 5 --nproc 2 --timeout 0 | --timeout takes from 1 to 86400 seconds, not 0",
        "--steps 5 --nproc 2 --threads 0 | --threads must be at least 1, not 0",
        "--steps | Missing required parameter for option '--steps' (N)",
      })
  void refuses(String more, String message) {
    String[] command = mlp(more.split(" ", -1));
    assertThat(Outcome.refused(command).err()).contains(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--model transformer --width 30 | 30 is none of 4",
        "--model transformer --width 32 --normalization batch | 'batch' is none of rms and layer",
        "--model transformer --width 32 --activation relu | it is for --model mlp",
        "--model transformer --width 32 --context 0 | --context must be at least 1",
        "--model transformer --width 32 --data /no/such | /no/such does not exist",
        "--model resnet --width 6 --normalization group:4 | 6 is none of 4",
        "--model resnet --width 6 --normalization layer | 'layer' is none of batch and group:N",
        "--model resnet --width 6 --bias | the convolutions of a resnet have none",
        "--model cnn --width 6 | '--model': 'cnn' is none of mlp, resnet, transformer",
        "--model mlp | Missing required option: '--width=N'",
        "--model mlp --width 4 --optimizer magic | 'magic'",
      })
  void refusesNetworks(String options, String message) {
    String optimizer = options.contains("--optimizer") ? "" : " --optimizer sgd";
    String command = "train " + options + optimizer + " --lr 0.1 --steps 5";
    assertThat(Outcome.refused(words(command)).err()).contains(message);
  }

  @Test
  void theResultGoesToStandardOutputAndEverythingElseToStandardError(@TempDir Path directory)
      throws IOException {
    Path out = directory.resolve("out");
    Path log = directory.resolve("loss.csv");
    Outcome outcome =
        Outcome.good(mlp("--steps", "6", "--out", out.toString(), "--log", log.toString()));
    assertThat(outcome.out())
        .contains("parameters", "24720")
        .containsPattern("steps +6\n")
        .containsPattern("training loss +[0-9.]+\n")
        .containsPattern("held-out loss +none\n")
        .contains("step-000000006");
    assertThat(outcome.err())
        .startsWith("data: CIFAR-10")
        .contains("no held-out images: ", "training 24,720 parameters", "checkpoint: ");
    List<String> lines = Files.readAllLines(log);
    assertThat(lines).hasSize(7).first().isEqualTo("step,loss");
    String last = lines.get(6);

    Outcome again =
        Outcome.good(
            mlp(
                "--steps",
                "8",
                "--out",
                out.toString(),
                "--log",
                log.toString(),
                "--format",
                "json"));
    assertThat(again.err()).contains("6 steps are done already");
    assertThat(Files.readAllLines(log)).hasSize(9).startsWith(lines.toArray(String[]::new));
    assertThat(last).startsWith("6,");
    JsonNode printed = again.json();
    assertThat(Outcome.keys(printed)).containsExactly("configuration", "outcome");
    assertThat(printed.path("outcome").path("steps").asLong()).isEqualTo(8);
    assertThat(printed.path("outcome").path("held_out_loss").isNull()).isTrue();
    assertThat(printed.path("configuration").path("model").path("widths").toString())
        .isEqualTo("[3072,8,8,10]");
    assertThat(printed).isEqualTo(new ObjectMapper().readTree(out.resolve("result.json").toFile()));

    assertThat(Outcome.refused(mlp("--steps", "8", "--seed", "1", "--out", out.toString())).err())
        .contains("seed is 0 there and 1 here", "choose another --out");
  }

  @Test
  void aMonitorLeavesRowsAndAVerdictAndChangesNothing(@TempDir Path directory) throws IOException {
    Path place = directory.resolve("new/monitor");
    String[] plain = mlp("--steps", "8", "--clip", "100", "--momentum", "0.5", "--format", "json");
    List<String> watched = new ArrayList<>(List.of(plain));
    watched.addAll(List.of("--monitor", place.toString()));
    Outcome outcome = Outcome.good(watched.toArray(String[]::new));
    assertThat(outcome.err()).contains("monitor: all parameters were within their bands");
    assertThat(outcome.json().at("/outcome/training_loss"))
        .isEqualTo(Outcome.good(plain).json().at("/outcome/training_loss"));
    assertThat(Files.readAllLines(place.resolve("monitor.csv")))
        .hasSizeGreaterThanOrEqualTo(1 + 3 * 3)
        .first()
        .asString()
        .startsWith("step,parameter,role,layer");
    try (Stream<Path> files = Files.list(place)) {
      assertThat(files.filter(file -> file.toString().contains("events.out.tfevents"))).hasSize(1);
    }
  }

  @Test
  void aMonitorNamesTheLayerThatLeavesItsBand(@TempDir Path directory) {
    Outcome outcome =
        Outcome.good(
            mlp("--steps", "3", "--lr", "300", "--clip", "1e9", "--monitor", directory.toString()));
    assertThat(outcome.err()).containsPattern("monitor: step 1: ‖ΔW‖₂ of layers\\.[012]\\.weight");
  }

  @Test
  void goesOnFromGivenWeights(@TempDir Path directory) throws IOException {
    Path out = directory.resolve("out");
    Outcome.good(
        mlp(
            "--steps",
            "4",
            "--checkpoint-every",
            "2",
            "--full-batch",
            "--examples",
            "32",
            "--out",
            out.toString(),
            "--log",
            directory.resolve("a.csv").toString()));
    Path weights = out.resolve("checkpoints/step-000000002/model.safetensors");
    Outcome.good(
        mlp(
            "--steps",
            "2",
            "--full-batch",
            "--examples",
            "32",
            "--init",
            weights.toString(),
            "--log",
            directory.resolve("b.csv").toString()));
    List<String> whole = Files.readAllLines(directory.resolve("a.csv"));
    List<String> rest = Files.readAllLines(directory.resolve("b.csv"));
    // Plain gradient descent remembers nothing but its weights.
    assertThat(rest.get(1).substring(2)).isEqualTo(whole.get(3).substring(2));
    assertThat(rest.get(2).substring(2)).isEqualTo(whole.get(4).substring(2));
    assertThat(Outcome.refused(mlp("--steps", "2", "--bias", "--init", weights.toString())).err())
        .contains("it lacks 'layers.0.bias' and 2 more of this network's 6 parameters");
    assertThat(
            Outcome.refused(
                    words(
                        "train --model mlp --width 9 --optimizer sgd --lr 0.1 --steps 2 --data "
                            + images
                            + " --init "
                            + weights))
                .err())
        .contains("'layers.0.weight' has shape [8, 3072] there, but this network needs [9, 3072]");
  }

  @Test
  void trainsTheOtherNetworks(@TempDir Path directory) throws IOException {
    Path text = Files.writeString(directory.resolve("a.txt"), "to be or not to be. ".repeat(50));
    Outcome transformer =
        Outcome.good(
            words(
                "train --model transformer --width 16 --layers 1 --context 8 --tied --fused --bias"
                    + " --normalization layer --feed-forward swiglu --feed-forward-width 24"
                    + " --optimizer adam --lr 0.3 --steps 30 --batch 16 --dtype float64 --format"
                    + " json --data "
                    + text));
    JsonNode outcome = transformer.json().path("outcome");
    // The text repeats itself: far below the logarithm of its eight characters.
    assertThat(outcome.path("held_out_loss").asDouble()).isLessThan(0.7 * Math.log(8));
    assertThat(outcome.path("held_out_accuracy").asDouble()).isBetween(0.4, 1.0);
    Outcome resnet =
        Outcome.good(
            words(
                "train --model resnet --width 4 --layers 1 --normalization group:2 --optimizer"
                    + " sgd --lr 0.1 --loss mse --steps 3 --batch 4 --examples 20 --data "
                    + images));
    assertThat(resnet.out()).containsPattern("training loss +[0-9.]+");
  }

  @Test
  void muonOrthogonalisesInTheTypeThatIsAskedFor() throws IOException {
    String usual =
        "train --model mlp --width 8 --optimizer muon --lr 0.1 --steps 5 --format json --data "
            + images;
    JsonNode precise = Outcome.good(words(usual)).json();
    JsonNode rounded = Outcome.good(words(usual + " --orthogonalization bfloat16")).json();
    String directions = "/configuration/directions/muon";
    assertThat(precise.at(directions).asText()).contains("bfloat16=false");
    assertThat(rounded.at(directions).asText()).contains("bfloat16=true");
    double loss = precise.at("/outcome/training_loss").asDouble();
    assertThat(rounded.at("/outcome/training_loss").asDouble())
        .isNotEqualTo(loss)
        .isCloseTo(loss, within(0.05 * loss));
  }

  @Test
  void whatDivergesIsAResult(@TempDir Path directory) throws IOException {
    Path out = directory.resolve("out");
    Outcome outcome =
        Outcome.good(
            mlp(
                "--lr",
                "1e30",
                "--schedule",
                "cosine",
                "--warm-up",
                "1",
                "--steps",
                "9",
                "--out",
                out.toString()));
    assertThat(outcome.out()).contains("then diverged").containsPattern("training loss +none");
  }

  @Test
  @Timeout(120)
  void whoIsStoppedLeavesACheckpointAndGoesOnFromThereToTheSameBytes(@TempDir Path directory)
      throws Exception {
    Path out = directory.resolve("out");
    Path undisturbed = directory.resolve("undisturbed");
    Path log = directory.resolve("log");
    String[] whole = mlp("--steps", "20000", "--checkpoint-every", "10000", "--batch", "2");
    Process process = ChildCommand.start(List.of(), log, with(whole, "--out", out));
    Path configuration = out.resolve("configuration.json");
    while (process.isAlive() && !Files.exists(configuration)) {
      Thread.sleep(5);
    }
    Thread.sleep(300);
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(143);
    assertThat(Files.readString(log)).contains("the same command goes on from the last one");
    Path checkpoint;
    try (Stream<Path> checkpoints = Files.list(out.resolve("checkpoints"))) {
      checkpoint = checkpoints.sorted().reduce((first, second) -> second).orElseThrow();
    }
    int step = Integer.parseInt(checkpoint.getFileName().toString().replace("step-", ""));
    assertThat(step).isBetween(1, 19_999);
    try (Checkpoint readable = Checkpoints.open(checkpoint.resolve("model.safetensors"))) {
      assertThat(readable.tensors()).hasSize(3);
    }

    String steps = Integer.toString(step + 50);
    String[] few = mlp("--steps", steps, "--batch", "2");
    Outcome.good(with(few, "--out", out));
    Outcome.good(with(few, "--out", undisturbed));
    String last = "checkpoints/step-%09d/model.safetensors".formatted(step + 50);
    assertThat(out.resolve(last)).hasSameBinaryContentAs(undisturbed.resolve(last));
  }

  private static String[] with(String[] command, String option, Path value) {
    List<String> words = new ArrayList<>(List.of(command));
    words.addAll(List.of(option, value.toString()));
    return words.toArray(String[]::new);
  }
}
