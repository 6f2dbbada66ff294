/** Data sets, experiments and their reports. */
@NullMarked
package org.widthwise.lab;

import org.jspecify.annotations.NullMarked;
