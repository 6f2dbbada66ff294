/** Sweeps as files that other programs read. */
@NullMarked
package org.widthwise.sweep.export;

import org.jspecify.annotations.NullMarked;
