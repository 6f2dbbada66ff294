package org.widthwise.cli;

/** How plans are written. */
enum PlanFormat {
  /** For people. */
  TABLE,
  /** A plan file: all there is to the plan, to be read again. */
  JSON,
  /** For spreadsheets. */
  CSV,
  /** Parameter groups and first values for PyTorch. */
  PYTORCH,
  /** Labels and hyperparameters for Optax. */
  OPTAX
}
