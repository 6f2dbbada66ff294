/** Initialisers: what a weight tensor holds before training (section 4 of the paper). */
@NullMarked
package org.widthwise.torch.init;

import org.jspecify.annotations.NullMarked;
