/** Reading JSON that strangers wrote: strict, bounded, and with the place in every refusal. */
@NullMarked
package org.widthwise.audit.json;

import org.jspecify.annotations.NullMarked;
