/** Plans at work on libtorch: the parameters of modules, and their first values. */
@NullMarked
package org.widthwise.torch.plan;

import org.jspecify.annotations.NullMarked;
