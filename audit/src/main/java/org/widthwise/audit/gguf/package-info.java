/** The GGUF format of ggml and llama.cpp: what a file holds, read from its header alone. */
@NullMarked
package org.widthwise.audit.gguf;

import org.jspecify.annotations.NullMarked;
