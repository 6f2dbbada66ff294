/** The report: one HTML file about everything that a directory of results holds. */
@NullMarked
package org.widthwise.lab.report;

import org.jspecify.annotations.NullMarked;
