package org.widthwise.torch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnpackingTest {
  @Test
  void twoProcessesUnpackIntoOneEmptyCacheOneAfterTheOther(@TempDir Path cache) throws Exception {
    List<String> flags = List.of("-Xmx256m", "-Dorg.bytedeco.javacpp.cachedir=" + cache);
    ChildJvm first = ChildJvm.start(flags, UnpackingMain.class);
    ChildJvm second = ChildJvm.start(flags, UnpackingMain.class);

    List<String> outputs = List.of(first.output(), second.output());

    assertThat(outputs).allSatisfy(output -> assertThat(output).contains("loaded 2."));
    assertThat(outputs).filteredOn(output -> output.contains("unpacking")).hasSize(1);
  }
}
