package org.widthwise.audit.spectrum;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.widthwise.audit.checkpoint.Checkpoint;
import org.widthwise.audit.checkpoint.Checkpoints;
import org.widthwise.audit.model.SkippedTensor;

/** A file that PyTorch wrote, against NumPy's singular value decomposition in double precision. */
final class TorchSaveTest {

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = TorchSaveTest.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return in.readAllBytes();
    }
  }

  @Test
  void everyNormIsThatOfNumPy(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("torch.pt"), resource("torch.pt"));
    JsonNode expected = new ObjectMapper().readTree(resource("torch-expected.json"));
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      AuditResult result =
          SpectralAudit.withDefaults().run(checkpoint, null, (tensors, of, share) -> {});
      assertThat(result.tensors()).hasSize(expected.size());
      for (TensorAudit audit : result.tensors()) {
        JsonNode one = expected.path(audit.name());
        assertThat(audit.shape())
            .as(audit.name())
            .isEqualTo(
                StreamSupport.stream(one.path("shape").spliterator(), false)
                    .map(JsonNode::asLong)
                    .toList());
        // What the search to 1e-6 and single precision leave; the sum of squares is of doubles.
        assertThat(audit.sizes().spectralNorm())
            .as(audit.name())
            .isCloseTo(one.path("spectral_norm").asDouble(), Percentage.withPercentage(2e-4));
        assertThat(audit.sizes().frobeniusNorm())
            .as(audit.name())
            .isCloseTo(one.path("frobenius_norm").asDouble(), Percentage.withPercentage(1e-10));
      }
      assertThat(result.skipped())
          .extracting(SkippedTensor::name)
          .containsExactlyInAnyOrder(
              "bn1.running_mean", "bn1.running_var", "bn1.num_batches_tracked");
    }
  }
}
