package org.widthwise.lab.train;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A training and what came of it, as it is stored and printed.
 *
 * @param configuration everything that the outcome depends on but the number of steps
 * @param outcome what came of it
 */
public record TrainingReport(JsonNode configuration, TrainingOutcome outcome) {}
