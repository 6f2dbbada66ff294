/** First values of DJL's parameters from a plan, the same on every engine. */
@NullMarked
package org.widthwise.djl.init;

import org.jspecify.annotations.NullMarked;
