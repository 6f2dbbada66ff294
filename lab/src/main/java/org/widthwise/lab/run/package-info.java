/** Running many independent members of an experiment, storing each at once, resuming. */
@NullMarked
package org.widthwise.lab.run;

import org.jspecify.annotations.NullMarked;
