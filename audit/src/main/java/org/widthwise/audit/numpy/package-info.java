/** NumPy's format for one array: what the header says. */
@NullMarked
package org.widthwise.audit.numpy;

import org.jspecify.annotations.NullMarked;
