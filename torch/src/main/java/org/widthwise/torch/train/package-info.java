/**
 * Training: on a full batch by autograd for any module, and in closed form and compressed for an
 * MLP; and step by step on any batch under any update rule, with every quantity in sight.
 */
@NullMarked
package org.widthwise.torch.train;

import org.jspecify.annotations.NullMarked;
