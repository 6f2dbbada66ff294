/** What a sweep says of the best learning rate at each width. */
@NullMarked
package org.widthwise.sweep.transfer;

import org.jspecify.annotations.NullMarked;
