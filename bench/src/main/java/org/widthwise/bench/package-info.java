/** Benchmarks. */
@NullMarked
package org.widthwise.bench;

import org.jspecify.annotations.NullMarked;
