package org.widthwise.audit.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.widthwise.audit.model.DeclaredParameter;
import org.widthwise.audit.model.ModelDescription;
import org.widthwise.audit.model.SkippedTensor;

/**
 * A checkpoint that is open for reading.
 *
 * <p>Closing it closes its files; its tensors cannot be read afterwards.
 */
public interface Checkpoint extends AutoCloseable {

  /**
   * The tensors of real floating-point numbers, in the checkpoint's order.
   *
   * @return the tensors, names unique
   */
  List<CheckpointTensor> tensors();

  /**
   * What else the checkpoint holds under a name: integers, truth values, empty tensors.
   *
   * @return names and reasons
   */
  List<SkippedTensor> skipped();

  /**
   * Free text that the checkpoint carries.
   *
   * @return the text by key, empty when there is none
   */
  Map<String, String> metadata();

  /**
   * What a model with these tensors is, as far as names and shapes say.
   *
   * @return the description, without parameters if there is no tensor
   */
  default ModelDescription description() {
    return new ModelDescription(
        tensors().stream()
            .map(
                t -> new DeclaredParameter(t.name(), t.shape(), Optional.empty(), Optional.empty()))
            .toList(),
        skipped(),
        metadata());
  }

  @Override
  void close();
}
