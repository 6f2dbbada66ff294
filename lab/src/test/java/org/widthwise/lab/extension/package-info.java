/** What someone else's jar would bring: each thing added by one file. */
@NullMarked
package org.widthwise.lab.extension;

import org.jspecify.annotations.NullMarked;
