package org.widthwise.audit.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.widthwise.audit.MalformedFileException;
import org.widthwise.audit.safetensors.SafetensorsHeader;
import org.widthwise.audit.safetensors.TensorEntry;

/** Tells a checkpoint's parameters from its other tensors. */
final class SafetensorsModel {

  private SafetensorsModel() {}

  static ModelDescription describe(Path file, SafetensorsHeader header) {
    List<DeclaredParameter> parameters = new ArrayList<>();
    List<SkippedTensor> skipped = new ArrayList<>();
    for (TensorEntry tensor : header.tensors()) {
      if (!tensor.dtype().isFloat()) {
        skipped.add(
            new SkippedTensor(
                tensor.name(), "elements of " + tensor.dtype() + ", parameters are real floats"));
      } else if (tensor.shape().contains(0L)) {
        skipped.add(
            new SkippedTensor(
                tensor.name(), "shape " + tensor.shape() + ", which has no elements"));
      } else {
        parameters.add(
            new DeclaredParameter(
                tensor.name(), tensor.shape(), Optional.empty(), Optional.empty()));
      }
    }
    if (parameters.isEmpty()) {
      throw new MalformedFileException(
          file,
          "has no parameters: none of its "
              + header.tensors().size()
              + " tensors has elements of a floating-point type, at least one must");
    }
    return new ModelDescription(parameters, skipped, header.metadata());
  }
}
