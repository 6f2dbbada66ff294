/** Runs trials, several at a time, and however often it is interrupted. */
@NullMarked
package org.widthwise.sweep.run;

import org.jspecify.annotations.NullMarked;
