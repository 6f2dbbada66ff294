package org.widthwise.cli;

import org.widthwise.lab.run.Versions;
import picocli.CommandLine.IVersionProvider;

/** What {@code widthwise --version} prints. */
final class VersionProvider implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {"widthwise " + Versions.widthwise()};
  }
}
