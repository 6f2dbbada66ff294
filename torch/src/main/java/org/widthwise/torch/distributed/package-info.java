/** Several processes that train one network together. */
@NullMarked
package org.widthwise.torch.distributed;

import org.jspecify.annotations.NullMarked;
