/**
 * Update rules at work on tensors: small immutable directions on (gradient, state), and a plan's
 * learning rate as the last link.
 */
@NullMarked
package org.widthwise.torch.optim;

import org.jspecify.annotations.NullMarked;
