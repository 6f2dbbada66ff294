/** Norms of matrices, their conversions (Table 1) and natural norms (appendix E). */
@NullMarked
package org.widthwise.core.norm;

import org.jspecify.annotations.NullMarked;
