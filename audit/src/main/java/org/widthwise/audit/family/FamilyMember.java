package org.widthwise.audit.family;

import org.widthwise.audit.spectrum.AuditResult;

/**
 * One width of a family.
 *
 * @param checkpoint where it is, for messages
 * @param result what the audit of it found
 */
public record FamilyMember(String checkpoint, AuditResult result) {}
