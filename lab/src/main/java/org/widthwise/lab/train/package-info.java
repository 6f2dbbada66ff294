/** Trainings of one network: data, losses, the loop, checkpoints to go on from. */
@NullMarked
package org.widthwise.lab.train;

import org.jspecify.annotations.NullMarked;
