/** The command {@code widthwise}: words in, words out. */
@NullMarked
package org.widthwise.cli;

import org.jspecify.annotations.NullMarked;
