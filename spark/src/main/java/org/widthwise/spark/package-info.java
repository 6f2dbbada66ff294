/** Sweeps on Apache Spark: it places trials, their storage says who has which. */
@NullMarked
package org.widthwise.spark;

import org.jspecify.annotations.NullMarked;
