/** What parameters a model has: read from files, and what their names say of their parts in it. */
@NullMarked
package org.widthwise.audit.model;

import org.jspecify.annotations.NullMarked;
