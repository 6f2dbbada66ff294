/**
 * How a part of the paper is reproduced: what is run, what is predicted, how it is judged, drawn
 * and kept. The parts themselves are in {@link org.widthwise.lab.paper}.
 */
@NullMarked
package org.widthwise.lab.experiment;

import org.jspecify.annotations.NullMarked;
