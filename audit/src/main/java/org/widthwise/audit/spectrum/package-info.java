/**
 * The spectral audit: how large a checkpoint's weights and updates are, tensor by tensor, in the
 * norms that the condition is about. {@link org.widthwise.audit.spectrum.SpectralAudit} is the way
 * in.
 */
@NullMarked
package org.widthwise.audit.spectrum;

import org.jspecify.annotations.NullMarked;
