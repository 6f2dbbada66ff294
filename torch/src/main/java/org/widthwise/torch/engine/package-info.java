/** Loading libtorch safely, its threads, and what it says when something fails. */
@NullMarked
package org.widthwise.torch.engine;

import org.jspecify.annotations.NullMarked;
