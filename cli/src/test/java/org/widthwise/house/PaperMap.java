package org.widthwise.house;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code docs/paper-map.md} as data.
 *
 * @param text the page
 * @param entries the rows of its first table
 */
record PaperMap(String text, List<Entry> entries) {

  private static final String HEADER = "| label | what | class | test | command |";
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /**
   * A row.
   *
   * @param label the paper's label or labels
   * @param classes full names of classes
   * @param tests full names of test classes
   * @param commands command lines
   */
  record Entry(String label, List<String> classes, List<String> tests, List<String> commands) {}

  static PaperMap read() {
    String text = Repository.read(Repository.path("docs", "paper-map.md"));
    List<Entry> entries = new ArrayList<>();
    boolean inside = false;
    for (String line : text.lines().toList()) {
      if (line.equals(HEADER)) {
        inside = true;
      } else if (inside && !line.startsWith("|")) {
        break;
      } else if (inside && !line.startsWith("| ---")) {
        entries.add(entry(line));
      }
    }
    return new PaperMap(text, List.copyOf(entries));
  }

  private static Entry entry(String line) {
    String[] cells = line.split("\\|", -1);
    if (cells.length != 7) {
      throw new IllegalStateException("a row has 5 cells, but this has others: " + line);
    }
    return new Entry(
        cells[1].trim(),
        codes(cells[3]).stream().map(name -> "org.widthwise." + name).toList(),
        codes(cells[4]).stream().map(name -> "org.widthwise." + name).toList(),
        codes(cells[5]));
  }

  private static List<String> codes(String cell) {
    List<String> codes = new ArrayList<>();
    Matcher matcher = CODE.matcher(cell);
    while (matcher.find()) {
      codes.add(matcher.group(1));
    }
    return codes;
  }
}
