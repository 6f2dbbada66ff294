package org.widthwise.cli;

import java.util.concurrent.Callable;
import org.widthwise.lab.experiment.PaperItem;
import org.widthwise.lab.experiment.PaperItems;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code widthwise list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists what can be reproduced.")
final class ListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Table table = new Table("item", "title", "claim");
    for (PaperItem item : PaperItems.all()) {
      table.add(item.id(), item.title(), item.claim());
    }
    table.print(spec.commandLine().getOut());
    return 0;
  }
}
