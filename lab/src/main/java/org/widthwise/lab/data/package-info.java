/**
 * Images and text in memory, the formats they are read from, where they are found, the stand-in for
 * when there are none, and the batches that experiments draw from them.
 */
@NullMarked
package org.widthwise.lab.data;

import org.jspecify.annotations.NullMarked;
