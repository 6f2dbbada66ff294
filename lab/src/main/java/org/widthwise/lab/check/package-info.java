/** Coordinate checks: does a family of networks move as Condition 1 asks, at every width? */
@NullMarked
package org.widthwise.lab.check;

import org.jspecify.annotations.NullMarked;
