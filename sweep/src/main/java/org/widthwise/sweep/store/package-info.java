/**
 * Where the trials of sweeps are kept, and who works on which: one page of SQL for SQLite and
 * PostgreSQL.
 */
@NullMarked
package org.widthwise.sweep.store;

import org.jspecify.annotations.NullMarked;
