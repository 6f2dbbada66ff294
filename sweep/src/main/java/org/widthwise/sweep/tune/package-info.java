/** Tunes a network at narrow widths and says what to train a wide one with. */
@NullMarked
package org.widthwise.sweep.tune;

import org.jspecify.annotations.NullMarked;
