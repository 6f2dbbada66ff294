/** Parametrizations: how initial size and learning rate follow from the shape. */
@NullMarked
package org.widthwise.core.parametrization;

import org.jspecify.annotations.NullMarked;
