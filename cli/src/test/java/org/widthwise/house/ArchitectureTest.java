package org.widthwise.house;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house hold, and each of them is able to fail. */
@TestInstance(Lifecycle.PER_CLASS)
final class ArchitectureTest {

  static final Iterable<String> MODULES = Repository.MODULES;

  private final JavaClasses house =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.widthwise");

  private final JavaClasses offenders =
      new ClassFileImporter()
          .importPackages(
              "org.widthwise.core.offenders",
              "org.widthwise.audit.offenders",
              "org.widthwise.torch.offenders",
              "org.widthwise.djl.offenders");

  static Set<Arguments> rules() {
    return HouseRules.all().entrySet().stream()
        .map(rule -> Arguments.of(rule.getKey(), rule.getValue()))
        .collect(toSet());
  }

  /** Without it a rule would hold of classes that were never looked at. */
  @ParameterizedTest
  @FieldSource("MODULES")
  void everySourceFileIsLookedAt(String module) {
    Set<String> sources =
        Repository.sources(module, "main").stream()
            .map(Path::getFileName)
            .map(name -> name.toString().replace(".java", ""))
            .filter(name -> !name.equals("package-info"))
            .collect(toSet());
    Set<String> imported =
        house.stream()
            .filter(
                type -> type.getPackageName().matches("org\\.widthwise\\." + module + "(\\..*)?"))
            .filter(JavaClass::isTopLevelClass)
            .map(JavaClass::getSimpleName)
            .collect(toSet());
    assertThat(sources).hasSizeGreaterThan(10);
    assertThat(imported).containsAll(sources);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void ruleHolds(String name, ArchRule rule) {
    rule.check(house);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void ruleIsAbleToFail(String name, ArchRule rule) {
    assertThat(rule.allowEmptyShould(true).evaluate(offenders).hasViolation()).as(name).isTrue();
  }
}
