/** The theory of the spectral condition: everything here is pure Java. */
@NullMarked
package org.widthwise.core;

import org.jspecify.annotations.NullMarked;
