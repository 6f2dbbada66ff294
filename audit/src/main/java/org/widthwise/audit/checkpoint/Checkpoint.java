package org.widthwise.audit.checkpoint;

import java.util.List;
import java.util.Map;
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

  @Override
  void close();
}
