/** The advice of an audit in the words of a plan. */
@NullMarked
package org.widthwise.audit.advice;

import org.jspecify.annotations.NullMarked;
