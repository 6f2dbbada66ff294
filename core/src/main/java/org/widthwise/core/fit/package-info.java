/**
 * Power laws in the width, with honest errors: fits of {@code y = prefactor · x^exponent}, and the
 * comparison of a fitted exponent with a claimed one.
 */
@NullMarked
package org.widthwise.core.fit;

import org.jspecify.annotations.NullMarked;
