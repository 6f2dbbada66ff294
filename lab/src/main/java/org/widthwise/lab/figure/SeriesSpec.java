package org.widthwise.lab.figure;

/**
 * One curve of a figure.
 *
 * @param id its name in files and options, such as {@code mup}
 * @param label its name in the picture, such as {@code μP}
 */
public record SeriesSpec(String id, String label) {}
