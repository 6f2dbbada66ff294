/** Checkpoints: named tensors in files of several formats, whose values are read in pieces. */
@NullMarked
package org.widthwise.audit.checkpoint;

import org.jspecify.annotations.NullMarked;
