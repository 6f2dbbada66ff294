package org.widthwise.torch.distributed;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Processes that work together, each with a rank. Collectives must be called by all of them, in the
 * same order and with tensors of the same shapes and types; one of them at a time calls from one
 * thread alone. This is all that training needs to know of a library of collectives.
 */
public interface ProcessGroup extends AutoCloseable {

  /** A collective under way. */
  @FunctionalInterface
  interface Pending {

    /**
     * Waits for its end.
     *
     * @throws PeerException if a process is lost, or too slow for the time-out
     */
    void await();
  }

  /**
   * The number of this process.
   *
   * @return 0 to size − 1
   */
  int rank();

  /**
   * How many processes there are.
   *
   * @return at least 1
   */
  int size();

  /**
   * Begins to replace a tensor by its sum over all processes, which is the same bits in each.
   *
   * @param tensor contiguous, of float32 or float64; not to be touched before the end
   * @return what waits for the end
   * @throws PeerException if a process is lost
   */
  Pending sum(Tensor tensor);

  /**
   * Gives a tensor the values that it has in rank 0.
   *
   * @param tensor contiguous, of any type
   * @throws PeerException if a process is lost, or too slow for the time-out
   */
  void broadcast(Tensor tensor);

  /**
   * Tells every process something, and hears what each has to say.
   *
   * @param text what to tell
   * @return what each rank said, in their order
   * @throws PeerException if a process is lost, or too slow for the time-out
   */
  List<String> exchange(String text);

  /**
   * Tells the others that this process cannot go on, so that they need not guess.
   *
   * @param reason why, in one line
   */
  void abandon(String reason);

  /** Leaves in good order. */
  @Override
  void close();
}
