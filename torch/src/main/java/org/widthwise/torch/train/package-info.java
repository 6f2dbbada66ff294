/** Full-batch training: by autograd for any module, in closed form and compressed for an MLP. */
@NullMarked
package org.widthwise.torch.train;

import org.jspecify.annotations.NullMarked;
