package org.widthwise.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The rules of the house. Arrows point down: each module knows nothing of those above it. */
final class HouseRules {

  private static final String[] CORE = {"org.widthwise.core.."};
  private static final String[] ANNOTATIONS = {
    "java..", "org.jspecify.annotations..", "com.google.auto.service.."
  };
  private static final String JAVACPP = "org.bytedeco..";
  private static final String[] BELOW_CLI = {
    "org.widthwise.core..",
    "org.widthwise.audit..",
    "org.widthwise.torch..",
    "org.widthwise.djl..",
    "org.widthwise.lab..",
    "org.widthwise.sweep.."
  };

  /** What makes tensors of given numbers, or of none, on the CPU if it is not told where. */
  private static final Set<String> CPU_FACTORIES =
      Set.of(
          "arange",
          "empty",
          "eye",
          "full",
          "from_blob",
          "linspace",
          "normal",
          "ones",
          "rand",
          "randint",
          "randn",
          "randperm",
          "scalar_tensor",
          "tensor",
          "zeros");

  private static final Set<String> CPU_TENSORS =
      Set.of(
          "org.widthwise.torch.init.Draws",
          "org.widthwise.torch.nn.FeatureNorm",
          "org.widthwise.torch.optim.SpectralDescent",
          "org.widthwise.torch.plan.PlannedOptimizer",
          "org.widthwise.lab.check.PooledExamples",
          "org.widthwise.lab.paper.BatchMember",
          "org.widthwise.lab.paper.ClassTask",
          "org.widthwise.lab.paper.Draws",
          "org.widthwise.lab.paper.MatrixMember",
          "org.widthwise.lab.paper.PixelTokens",
          "org.widthwise.lab.paper.PooledClasses",
          "org.widthwise.lab.paper.PooledTask",
          "org.widthwise.lab.paper.RandomPixels",
          "org.widthwise.lab.paper.RescaleMember",
          "org.widthwise.lab.paper.WidthMember",
          "org.widthwise.lab.train.GroupStep",
          "org.widthwise.lab.train.ImageExamples",
          "org.widthwise.lab.train.ModuleTensors",
          "org.widthwise.lab.train.TensorFiles",
          "org.widthwise.lab.train.TextExamples");

  private HouseRules() {}

  /** Every rule, with the name by which a failing test shows it. */
  static Map<String, ArchRule> all() {
    return Map.ofEntries(
        Map.entry("core needs nothing but the JDK", onlySees("core", CORE)),
        Map.entry(
            "audit sees core and Jackson",
            onlySees("audit", with(CORE, "org.widthwise.audit..", "com.fasterxml.jackson.."))),
        Map.entry(
            "torch sees core and JavaCPP",
            onlySees("torch", with(CORE, "org.widthwise.torch..", JAVACPP))),
        Map.entry(
            "djl sees core and DJL's API",
            onlySees("djl", with(CORE, "org.widthwise.djl..", "ai.djl.."))),
        Map.entry("nobody sees djl", nobodySeesDjl()),
        Map.entry("lab and sweep do not see cli", nothingBelowSeesCli()),
        Map.entry("nothing below cli sees sweep", onlyCliSeesSweep()),
        Map.entry("core, audit, djl, sweep and cli never see JavaCPP", noJavaCpp()),
        Map.entry("databases are seen by sweep's store alone", onlyTheStoreSeesDatabases()),
        Map.entry("only cli prints", onlyCliPrints()),
        Map.entry("only cli ends the process", onlyCliExits()),
        Map.entry("nobody uses java.util.logging", noJdkLogging()),
        Map.entry("tensors are made on the CPU in few places", fewMakeTensorsOnTheCpu()),
        Map.entry("static fields are final", staticFieldsAreFinal()),
        Map.entry("static fields hold nothing mutable", staticFieldsAreImmutable()),
        Map.entry("public classes are abstract or final", abstractOrFinal()),
        Map.entry("packages are null-marked", packagesAreNullMarked()),
        Map.entry("packages are free of cycles", noCycles()));
  }

  private static String[] with(String[] some, String... more) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static ArchRule onlySees(String module, String[] packages) {
    return classes()
        .that()
        .resideInAPackage("org.widthwise." + module + "..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(with(ANNOTATIONS, packages)))
        .because("arrows point down only");
  }

  private static ArchRule nobodySeesDjl() {
    return noClasses()
        .that()
        .resideOutsideOfPackage("org.widthwise.djl..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.widthwise.djl..", "ai.djl..")
        .because("DJL brings a libtorch of its own");
  }

  private static ArchRule nothingBelowSeesCli() {
    return noClasses()
        .that()
        .resideInAnyPackage(BELOW_CLI)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.widthwise.cli..", "picocli..");
  }

  private static ArchRule onlyCliSeesSweep() {
    return noClasses()
        .that()
        .resideInAnyPackage(
            "org.widthwise.core..",
            "org.widthwise.audit..",
            "org.widthwise.torch..",
            "org.widthwise.djl..",
            "org.widthwise.lab..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.widthwise.sweep..");
  }

  private static ArchRule onlyTheStoreSeesDatabases() {
    return noClasses()
        .that()
        .resideOutsideOfPackage("org.widthwise.sweep.store..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "org.sqlite..", "org.postgresql..");
  }

  private static ArchRule noJavaCpp() {
    return noClasses()
        .that()
        .resideInAnyPackage(
            "org.widthwise.core..",
            "org.widthwise.audit..",
            "org.widthwise.djl..",
            "org.widthwise.sweep..",
            "org.widthwise.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(JAVACPP)
        .because("two builds of libtorch in one process do not get along");
  }

  private static ArchRule onlyCliPrints() {
    return noClasses().that().resideInAnyPackage(BELOW_CLI).should(ACCESS_STANDARD_STREAMS);
  }

  private static ArchRule onlyCliExits() {
    return noClasses()
        .that()
        .resideInAnyPackage(BELOW_CLI)
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class);
  }

  private static ArchRule noJdkLogging() {
    return noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..");
  }

  /**
   * Elsewhere they are made beside others, or from them, and so on their device. What is drawn, and
   * what comes from files, is made on the CPU and moved.
   */
  private static ArchRule fewMakeTensorsOnTheCpu() {
    DescribedPredicate<JavaClass> may =
        describe("who may", type -> CPU_TENSORS.contains(type.getName()));
    DescribedPredicate<JavaCall<?>> makes =
        describe(
            "make a tensor that lies on the CPU",
            call ->
                switch (call.getTargetOwner().getName()) {
                  case "org.bytedeco.pytorch.TensorOptions" ->
                      call.getName().equals("<init>")
                          && !call.getTarget().getRawParameterTypes().isEmpty();
                  case "org.bytedeco.pytorch.Tensor" -> call.getName().equals("create");
                  case "org.bytedeco.pytorch.global.torch" ->
                      CPU_FACTORIES.contains(call.getName())
                          && call.getTarget().getRawParameterTypes().stream()
                              .noneMatch(
                                  type ->
                                      type.getName().equals("org.bytedeco.pytorch.TensorOptions"));
                  default -> false;
                });
    return noClasses()
        .that()
        .resideInAnyPackage("org.widthwise.torch..", "org.widthwise.lab..")
        .and(not(may))
        .should()
        .callCodeUnitWhere(makes)
        .because("everything is to work on any device");
  }

  private static ArchRule staticFieldsAreFinal() {
    return fields().that().areStatic().and(are(not(synthetic()))).should().beFinal();
  }

  /**
   * By type alone: a {@code List} may be mutable for all that can be told. A private array cannot
   * leave its class unless that hands it out, so tables of constants may be arrays.
   */
  private static ArchRule staticFieldsAreImmutable() {
    DescribedPredicate<JavaClass> mutable =
        assignableTo(CharSequence.class)
            .and(not(assignableTo(String.class)))
            .or(resideInAnyPackage("java.util.concurrent.atomic.."))
            .or(
                describe(
                    "a mutable collection",
                    type ->
                        !type.isInterface()
                            && (type.isAssignableTo(Collection.class)
                                || type.isAssignableTo(Map.class))));
    DescribedPredicate<JavaField> exposedArray =
        describe(
            "an array that is not private",
            field ->
                field.getRawType().isArray()
                    && !field.getModifiers().contains(JavaModifier.PRIVATE));
    return fields()
        .that()
        .areStatic()
        .and(are(not(synthetic())))
        // Whether native libraries are loaded is a fact about the process, not a setting.
        .and()
        .doNotHaveFullName("org.widthwise.torch.engine.Libtorch.LOADED")
        .should(
            new ArchCondition<>("hold nothing mutable") {
              @Override
              public void check(JavaField field, ConditionEvents events) {
                boolean bad = mutable.test(field.getRawType()) || exposedArray.test(field);
                events.add(
                    new SimpleConditionEvent(
                        field,
                        !bad,
                        field.getFullName() + " is a " + field.getRawType().getName()));
              }
            });
  }

  private static DescribedPredicate<JavaField> synthetic() {
    return describe("synthetic", field -> field.getModifiers().contains(JavaModifier.SYNTHETIC));
  }

  private static ArchRule abstractOrFinal() {
    return classes()
        .that()
        .arePublic()
        .should(
            new ArchCondition<>("be abstract, final, sealed, an interface or an enum") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                boolean fine =
                    type.isInterface()
                        || type.isEnum()
                        || type.getModifiers().contains(JavaModifier.ABSTRACT)
                        || type.getModifiers().contains(JavaModifier.FINAL)
                        || type.reflect().isSealed();
                events.add(
                    new SimpleConditionEvent(
                        type, fine, type.getName() + (fine ? " is" : " is not") + " closed"));
              }
            })
        .because("concrete methods are never overridden");
  }

  private static ArchRule packagesAreNullMarked() {
    return classes()
        .should(
            new ArchCondition<>("be in a package with @NullMarked") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                boolean fine = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(
                    new SimpleConditionEvent(
                        type,
                        fine,
                        "%s: %s has %s @NullMarked"
                            .formatted(type.getName(), type.getPackageName(), fine ? "a" : "no")));
              }
            });
  }

  private static ArchRule noCycles() {
    return slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public String getDescription() {
                return "packages";
              }

              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                return type.getPackageName().startsWith("org.widthwise")
                    ? SliceIdentifier.of(type.getPackageName())
                    : SliceIdentifier.ignore();
              }
            })
        .should()
        .beFreeOfCycles();
  }
}
