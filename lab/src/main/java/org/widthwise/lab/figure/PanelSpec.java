package org.widthwise.lab.figure;

import java.util.Map;

/**
 * One panel of a figure: a quantity against width, with the slope that the paper predicts.
 *
 * @param id its letter or name, as in the CSV
 * @param title what it shows, in words
 * @param quantity what it shows, as a formula
 * @param source where the paper defines it
 * @param predictedSlopes for each series the predicted exponent of width
 */
public record PanelSpec(
    String id, String title, String quantity, String source, Map<String, Double> predictedSlopes) {}
