package org.widthwise.sweep.transfer;

/**
 * How a layer's sizes go with the width at rates that were tried at every width: exponents of
 * width, all of which the spectral condition asks to be 0.
 *
 * @param parameter its name
 * @param update exponent of the size of its first update over the target: of its learning rate in
 *     spectral units; NaN if it was not measured at two widths
 * @param updateError its standard error; NaN with two widths
 * @param updateAtNarrowest that size at the narrowest width, for a global rate of 1
 * @param alignment exponent of the alignment of its updates with the features
 * @param alignmentError its standard error
 * @param weight exponent of the size of its first values over the target
 * @param weightError its standard error
 */
public record LayerExponents(
    String parameter,
    double update,
    double updateError,
    double updateAtNarrowest,
    double alignment,
    double alignmentError,
    double weight,
    double weightError) {}
