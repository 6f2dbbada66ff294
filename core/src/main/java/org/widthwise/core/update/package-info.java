/** Update rules, each by the typical size of its raw update. */
@NullMarked
package org.widthwise.core.update;

import org.jspecify.annotations.NullMarked;
