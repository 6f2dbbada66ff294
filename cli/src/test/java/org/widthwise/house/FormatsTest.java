package org.widthwise.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.widthwise.cli.Main;

/** {@code docs/formats.md} names what the code writes and reads. */
final class FormatsTest {

  private static final String PAGE = Repository.read(Repository.path("docs", "formats.md"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lab.experiment.ItemReport$Summary",
        "lab.experiment.ItemReport$Data",
        "lab.experiment.SlopeFit",
        "lab.experiment.LevelCheck",
        "lab.run.Provenance",
        "lab.run.MemberResult",
        "lab.run.MemberKey",
        "lab.train.TrainingReport",
        "lab.train.TrainingOutcome",
        "lab.train.TrainingStore$State",
        "audit.plan.PlanDocument",
        "audit.plan.PlanDocument$Group",
        "audit.plan.PlanDocument$Row",
        "audit.plan.PyTorchGroups",
        "audit.plan.PyTorchGroups$Group",
        "audit.plan.OptaxLabels",
        "audit.plan.OptaxLabels$Hyperparameters",
        "audit.plan.InitialValues",
        "sweep.definition.TrialConfiguration",
        "sweep.transfer.SeriesTransfer",
        "sweep.transfer.WidthOptimum",
        "sweep.transfer.Recommendation",
        "sweep.transfer.DriftExplanation",
        "sweep.transfer.LayerExponents",
        "sweep.transfer.Weighing",
        "sweep.transfer.Weighing$Plan",
        "cli.TransferCommand$Document",
        "cli.TuneCommand$Document",
        "sweep.tune.TuneResult",
        "sweep.tune.TuneCheck",
        "sweep.tune.TuneCost",
        "sweep.tune.LossForecast",
        "sweep.tune.SearchRung",
        "sweep.tune.SearchRung$Entry",
      })
  void everyKeyIsNamed(String record) throws ClassNotFoundException {
    RecordComponent[] components =
        Class.forName("org.widthwise." + record, false, FormatsTest.class.getClassLoader())
            .getRecordComponents();
    List<String> keys = Stream.of(components).map(c -> "`" + snakeCase(c.getName()) + "`").toList();
    assertThat(keys).isNotEmpty().allSatisfy(key -> assertThat(PAGE).contains(key));
  }

  @Test
  void everyVariableIsNamed() {
    List<String> texts = new ArrayList<>();
    texts.add(Repository.read(Repository.path("widthwise")));
    for (String module : Repository.MODULES) {
      for (Path source : Repository.sources(module, "main")) {
        texts.add(Repository.read(source));
      }
    }
    Set<String> variables = new TreeSet<>();
    for (String text : texts) {
      Matcher matcher = Pattern.compile("\\b(WIDTHWISE_[A-Z_]+|OMP_[A-Z_]+)\\b").matcher(text);
      while (matcher.find()) {
        variables.add("| `" + matcher.group(1) + "` |");
      }
    }
    assertThat(variables).hasSizeGreaterThan(3);
    assertThat(variables).allSatisfy(variable -> assertThat(PAGE).contains(variable));
  }

  @Test
  void everyExitCodeIsNamed() {
    Set<String> codes = Main.commandLine().getCommandSpec().usageMessage().exitCodeList().keySet();
    assertThat(codes).hasSize(4);
    assertThat(codes).allSatisfy(code -> assertThat(PAGE).contains("| " + code + " |"));
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
