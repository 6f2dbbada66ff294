/** Parameters as linear maps: roles, fan-in and fan-out, and the layer they stand in. */
@NullMarked
package org.widthwise.core.shape;

import org.jspecify.annotations.NullMarked;
