package org.widthwise.audit.model;

import java.util.Locale;
import java.util.Optional;
import org.widthwise.core.shape.Layer;
import org.widthwise.core.shape.Role;

/**
 * What the user says about parameters whose names match a glob.
 *
 * @param glob the glob, in which {@code *} and {@code ?} stand for any characters
 * @param declaration what such parameters are
 */
public record RoleOverride(String glob, Declaration declaration) {

  /**
   * A role, a layer or both.
   *
   * @param role the role, if declared
   * @param layer the layer, if declared
   */
  public record Declaration(Optional<Role> role, Optional<Layer> layer) {

    /**
     * Reads a word: a role such as {@code embedding}, or a layer such as {@code readout} (also
     * {@code output}), which leaves the role to be told by the shape.
     *
     * @param word the word
     * @return the declaration
     * @throws IllegalArgumentException if it is neither; the message lists the known ones
     */
    public static Declaration parse(String word) {
      String lower = word.toLowerCase(Locale.ROOT);
      if (lower.equals("output")) {
        return new Declaration(Optional.empty(), Optional.of(Layer.READOUT));
      }
      for (Layer layer : Layer.values()) {
        if (layer.id().equals(lower)) {
          return new Declaration(Optional.empty(), Optional.of(layer));
        }
      }
      try {
        return new Declaration(Optional.of(Role.named(lower)), Optional.empty());
      } catch (IllegalArgumentException unknown) {
        throw new IllegalArgumentException(
            unknown.getMessage() + ", and the layers input, hidden, readout", unknown);
      }
    }
  }

  /**
   * Reads {@code glob=role}.
   *
   * @param text such as {@code tok*=embedding}
   * @return the override
   * @throws IllegalArgumentException if the text is not of that form
   */
  public static RoleOverride parse(String text) {
    int equals = text.lastIndexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException(
          "'%s' is not of the form GLOB=ROLE, such as 'tok*=embedding'".formatted(text));
    }
    String glob = text.substring(0, equals).trim();
    return new RoleOverride(glob, Declaration.parse(text.substring(equals + 1).trim()));
  }

  /**
   * Whether a name matches the glob.
   *
   * @param name a parameter's name
   * @return true if it does
   */
  public boolean matches(String name) {
    return NameGlob.matches(glob, name);
  }
}
