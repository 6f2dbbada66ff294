/** Watching a training: whether weights, updates and features keep to the spectral condition. */
@NullMarked
package org.widthwise.torch.monitor;

import org.jspecify.annotations.NullMarked;
