/**
 * Matrix-free spectral algorithms: the largest singular values of anything that can be multiplied
 * by a vector from either side.
 *
 * <p>The subject of the spectral condition is {@code ‖W‖₂}, the largest singular value of a weight
 * matrix or of its update; {@link org.widthwise.core.spectral.GolubKahanLanczos} finds it from a
 * few dozen products where a full decomposition would need the cube of the width.
 */
@NullMarked
package org.widthwise.core.spectral;

import org.jspecify.annotations.NullMarked;
