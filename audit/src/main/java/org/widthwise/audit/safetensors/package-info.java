/** The safetensors format: what a checkpoint holds, read from its header alone. */
@NullMarked
package org.widthwise.audit.safetensors;

import org.jspecify.annotations.NullMarked;
