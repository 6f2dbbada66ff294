/** The theory acting on libtorch through the JavaCPP presets. */
@NullMarked
package org.widthwise.torch;

import org.jspecify.annotations.NullMarked;
