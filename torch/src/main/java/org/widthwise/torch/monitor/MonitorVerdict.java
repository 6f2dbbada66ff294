package org.widthwise.torch.monitor;

import java.util.List;
import java.util.Optional;

/**
 * What the monitor makes of a training so far.
 *
 * @param observations how many steps were looked at
 * @param lastStep the last of them; 0 if there was none
 * @param findings the parameters that left their bands, in the order of the steps at which that was
 *     seen, those of one step in the order of the network
 */
public record MonitorVerdict(long observations, long lastStep, List<Finding> findings) {

  /**
   * Copies the list.
   *
   * @param observations how many steps were looked at
   * @param lastStep the last of them
   * @param findings the parameters that left their bands
   */
  public MonitorVerdict {
    findings = List.copyOf(findings);
  }

  /**
   * The first parameter that left its band.
   *
   * @return the finding; empty if all are within
   */
  public Optional<Finding> first() {
    return findings.stream().findFirst();
  }

  /**
   * The verdict in a sentence.
   *
   * @return such as {@code step 8: ‖ΔW‖₂ of layers.1.weight is 31 × …}
   */
  public String text() {
    return first()
        .map(finding -> "step %d: %s".formatted(finding.step(), finding.reason()))
        .orElse(
            observations == 0
                ? "nothing was observed yet"
                : "all parameters were within their bands at %d observations up to step %d"
                    .formatted(observations, lastStep));
  }
}
