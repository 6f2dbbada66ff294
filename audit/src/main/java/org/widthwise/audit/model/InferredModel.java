package org.widthwise.audit.model;

import java.util.List;
import org.widthwise.core.shape.Parameter;

/**
 * A model's parameters with their roles and layers.
 *
 * @param parameters the parameters in the file's order
 * @param skipped what is no trained parameter, or what could not be told
 */
public record InferredModel(List<InferredParameter> parameters, List<SkippedTensor> skipped) {

  /**
   * Copies the lists.
   *
   * @param parameters the parameters in the file's order
   * @param skipped what is no trained parameter, or what could not be told
   */
  public InferredModel {
    parameters = List.copyOf(parameters);
    skipped = List.copyOf(skipped);
  }

  /**
   * Names and shapes alone, as a recipe takes them.
   *
   * @return the parameters
   */
  public List<Parameter> plain() {
    return parameters.stream().map(InferredParameter::parameter).toList();
  }
}
