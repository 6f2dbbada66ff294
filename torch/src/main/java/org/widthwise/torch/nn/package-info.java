/** Models whose parts the spectral condition speaks of. */
@NullMarked
package org.widthwise.torch.nn;

import org.jspecify.annotations.NullMarked;
