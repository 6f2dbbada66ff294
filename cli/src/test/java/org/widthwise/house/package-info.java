/** Tests of the whole: the modules' arrows, the documentation's claims, what users may add. */
@NullMarked
package org.widthwise.house;

import org.jspecify.annotations.NullMarked;
