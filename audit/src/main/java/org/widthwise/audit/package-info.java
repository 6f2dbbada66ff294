/** Checkpoint formats and the spectral audit of what is in them. */
@NullMarked
package org.widthwise.audit;

import org.jspecify.annotations.NullMarked;
