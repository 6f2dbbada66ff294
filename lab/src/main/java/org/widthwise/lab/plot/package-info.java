/**
 * Scientific figures: one immutable description, drawn alike as SVG text and as PNG bytes.
 *
 * <p>A {@link org.widthwise.lab.plot.Figure} holds {@link org.widthwise.lab.plot.Panel panels} with
 * {@link org.widthwise.lab.plot.Series series}, predicted {@link org.widthwise.lab.plot.SlopeGuide
 * slopes}, measured {@link org.widthwise.lab.plot.FitLine fits} and {@link
 * org.widthwise.lab.plot.Note notes}; {@link org.widthwise.lab.plot.Figures} draws it. Series
 * differ in colour, marker and dash pattern, so that a figure survives a black-and-white printer.
 * Text is measured, and in PNG drawn, with an embedded font: no font of the machine and no desktop
 * toolkit is used.
 */
@NullMarked
package org.widthwise.lab.plot;

import org.jspecify.annotations.NullMarked;
