/**
 * The paper's figures, tables and claims, one class each, and the studies that they are drawn from.
 */
@NullMarked
package org.widthwise.lab.paper;

import org.jspecify.annotations.NullMarked;
