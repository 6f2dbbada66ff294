/** The audit as a page for people. */
@NullMarked
package org.widthwise.audit.report;

import org.jspecify.annotations.NullMarked;
