/** The product: shape × parametrization × update rule → scale. */
@NullMarked
package org.widthwise.core.plan;

import org.jspecify.annotations.NullMarked;
