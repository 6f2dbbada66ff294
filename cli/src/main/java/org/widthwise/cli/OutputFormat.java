package org.widthwise.cli;

/** How results are written to standard output. */
enum OutputFormat {
  /** For people. */
  TABLE,
  /** For programs: the keys are a contract. */
  JSON,
  /** For spreadsheets. */
  CSV
}
