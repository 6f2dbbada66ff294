/**
 * Update rules on DJL's arrays, and the optimizer that takes each parameter's step at the rate of a
 * plan.
 */
@NullMarked
package org.widthwise.djl.optim;

import org.jspecify.annotations.NullMarked;
