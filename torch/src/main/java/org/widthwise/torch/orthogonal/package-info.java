/** Matrices brought to their polar factor: every singular value to 1. */
@NullMarked
package org.widthwise.torch.orthogonal;

import org.jspecify.annotations.NullMarked;
