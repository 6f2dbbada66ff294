/** Plans as files, and in the forms that other frameworks' optimizers take. */
@NullMarked
package org.widthwise.audit.plan;

import org.jspecify.annotations.NullMarked;
