/**
 * Checkpoints of one architecture at several widths: exponents of every size against width, held
 * against Condition 1 and against the parametrizations. {@link
 * org.widthwise.audit.family.FamilyAudit} is the way in.
 */
@NullMarked
package org.widthwise.audit.family;

import org.jspecify.annotations.NullMarked;
