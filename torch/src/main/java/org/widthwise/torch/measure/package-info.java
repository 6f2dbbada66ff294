/** Spectral measurements on tensors, by the algorithms of {@code core}. */
@NullMarked
package org.widthwise.torch.measure;

import org.jspecify.annotations.NullMarked;
