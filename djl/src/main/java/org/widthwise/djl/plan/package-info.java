/** DJL's blocks as plans see them: what each parameter is, told by the type of its block. */
@NullMarked
package org.widthwise.djl.plan;

import org.jspecify.annotations.NullMarked;
