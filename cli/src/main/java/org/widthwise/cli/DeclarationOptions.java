package org.widthwise.cli;

import java.util.ArrayList;
import java.util.List;
import org.widthwise.audit.model.CountOverride;
import org.widthwise.audit.model.RoleOverride;
import picocli.CommandLine.Option;

/** What the user says of parameters that names and shapes do not tell. */
final class DeclarationOptions {

  @Option(
      names = "--role",
      paramLabel = "GLOB=ROLE",
      description =
          "says what parameters are, such as 'tok*=embedding': matrix, convolution,"
              + " transposed-convolution, embedding, tied-embedding, bias, gain, scalar, or a"
              + " layer: input, hidden, readout; may be repeated")
  private List<String> roles = new ArrayList<>();

  @Option(
      names = "--maps",
      paramLabel = "GLOB=N",
      description =
          "says how many maps of equal size, of which each counts by itself, are stacked along the"
              + " first dimension: '*.qkv.weight=3', 4 for an LSTM's gates, the groups of a"
              + " convolution; may be repeated")
  private List<String> maps = new ArrayList<>();

  /**
   * What parameters are.
   *
   * @throws IllegalArgumentException if a word is not of the form, or no role
   */
  List<RoleOverride> roles() {
    return roles.stream().map(RoleOverride::parse).toList();
  }

  /**
   * How many maps are stacked.
   *
   * @throws IllegalArgumentException if a word is not of the form
   */
  List<CountOverride> maps() {
    return maps.stream().map(CountOverride::parse).toList();
  }
}
