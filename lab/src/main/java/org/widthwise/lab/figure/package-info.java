/** The paper's figures, one class each, and what is made of their stored runs. */
@NullMarked
package org.widthwise.lab.figure;

import org.jspecify.annotations.NullMarked;
