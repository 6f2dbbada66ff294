package org.widthwise.cli;

import java.util.function.Supplier;
import org.widthwise.core.shape.ParameterGroup;
import org.widthwise.lab.experiment.Preset;
import org.widthwise.torch.nn.FeedForward;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the values of options, and says in the user's words what is wrong with them. */
final class Converters {

  private Converters() {}

  static void register(CommandLine commandLine) {
    ITypeConverter<Integer> integers =
        text -> {
          try {
            return Integer.valueOf(text);
          } catch (NumberFormatException unsuitable) {
            throw noWholeNumber(text, Integer.MAX_VALUE);
          }
        };
    ITypeConverter<Long> longs =
        text -> {
          try {
            return Long.valueOf(text);
          } catch (NumberFormatException unsuitable) {
            throw noWholeNumber(text, Long.MAX_VALUE);
          }
        };
    ITypeConverter<Double> doubles =
        text -> {
          try {
            return Double.valueOf(text);
          } catch (NumberFormatException unsuitable) {
            throw new TypeConversionException("'%s' is no number".formatted(text));
          }
        };
    commandLine
        .registerConverter(Integer.class, integers)
        .registerConverter(int.class, integers)
        .registerConverter(Long.class, longs)
        .registerConverter(long.class, longs)
        .registerConverter(Double.class, doubles)
        .registerConverter(double.class, doubles)
        .registerConverter(Preset.class, words(Preset::values))
        .registerConverter(OutputFormat.class, words(OutputFormat::values))
        .registerConverter(PlanFormat.class, words(PlanFormat::values))
        .registerConverter(ParameterGroup.class, words(ParameterGroup::values))
        .registerConverter(FeedForward.class, words(FeedForward::values))
        .registerConverter(ModelOptions.Kind.class, words(ModelOptions.Kind::values))
        .registerConverter(
            ModelOptions.AttentionScale.class, words(ModelOptions.AttentionScale::values))
        .registerConverter(
            OptimizerOptions.RateShape.class, words(OptimizerOptions.RateShape::values))
        .registerConverter(
            OptimizerOptions.OrthogonalizationType.class,
            words(OptimizerOptions.OrthogonalizationType::values))
        .registerConverter(DatasetOptions.Dataset.class, words(DatasetOptions.Dataset::values));
  }

  private static TypeConversionException noWholeNumber(String text, long greatest) {
    return new TypeConversionException(
        text.matches("[-+]?[0-9]+")
            ? "%s is too large, at most %d can be".formatted(text, greatest)
            : "'%s' is no whole number".formatted(text));
  }

  /** The values are asked for when one is needed: some of their classes know libtorch's. */
  private static <E extends Enum<E>> ITypeConverter<E> words(Supplier<E[]> values) {
    return text -> Words.named(text, values.get());
  }
}
