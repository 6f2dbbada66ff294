/** Python's pickles read as inert data: nothing in them is imported, called or instantiated. */
@NullMarked
package org.widthwise.audit.pickle;

import org.jspecify.annotations.NullMarked;
