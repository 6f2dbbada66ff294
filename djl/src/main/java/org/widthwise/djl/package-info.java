/** The theory for those who train with DJL: first values and optimizer from a plan. */
@NullMarked
package org.widthwise.djl;

import org.jspecify.annotations.NullMarked;
