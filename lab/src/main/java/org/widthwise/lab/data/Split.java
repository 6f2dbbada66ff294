package org.widthwise.lab.data;

/** The two parts that image data sets are published in. */
public enum Split {
  /** The examples to train on. */
  TRAIN,
  /** The examples held out. */
  TEST
}
