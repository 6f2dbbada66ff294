/** What a sweep is to try. */
@NullMarked
package org.widthwise.sweep.definition;

import org.jspecify.annotations.NullMarked;
