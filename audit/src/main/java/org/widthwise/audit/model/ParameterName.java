package org.widthwise.audit.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A parameter's name taken apart: {@code h.0.attn.c_proj.weight} is the tensor {@code weight} of
 * the module {@code c_proj} inside {@code h.0.attn}.
 *
 * @param parents the modules around the owner, outermost first, lower case
 * @param owner the module that the tensor belongs to, lower case; of {@code pos_embed}, a tensor
 *     that a module holds under a name of its own, that name
 * @param ownerWords the owner's words
 * @param tensor the last part of the name, as it is
 * @param tensorWords its words
 * @param named whether the tensor has a name of its own rather than "weight" or "bias"
 */
record ParameterName(
    List<String> parents,
    String owner,
    List<String> ownerWords,
    String tensor,
    List<String> tensorWords,
    boolean named) {

  private static final Pattern PARTS = Pattern.compile("[./]");
  // fooBar, RMSNorm, foo_bar
  private static final Pattern WORDS =
      Pattern.compile("[_\\-\\s]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");
  // ln1, norm2d
  private static final Pattern NUMBERING = Pattern.compile("(?<=.)\\d+d?$");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private static final Pattern NUMBERED_BLOCK =
      Pattern.compile("(encoder)?(layers?|blocks?|h)_?\\d+");

  private static final Set<String> WRAPPERS = Set.of("_orig_mod", "_fsdp_wrapped_module");
  private static final Set<String> TENSORS =
      Set.of("weight", "bias", "kernel", "gamma", "beta", "scale", "offset", "gain", "w", "b", "g");
  private static final Set<String> SUFFIXES = Set.of("weight", "bias");
  private static final Set<String> REPEATED =
      Set.of("layers", "layer", "h", "blocks", "block", "resblocks", "stages", "blk");
  private static final Set<String> BLOCK_WORDS =
      Set.of("attn", "attention", "mlp", "ffn", "ff", "mixer", "experts", "expert");

  ParameterName {
    parents = List.copyOf(parents);
    ownerWords = List.copyOf(ownerWords);
    tensorWords = List.copyOf(tensorWords);
  }

  static ParameterName parse(String name) {
    List<String> parts = new ArrayList<>(Arrays.asList(PARTS.split(name, -1)));
    parts.removeIf(WRAPPERS::contains);
    if (parts.size() > 1 && parts.get(0).equals("module")) {
      parts.remove(0);
    }
    String tensor = parts.isEmpty() ? "" : parts.remove(parts.size() - 1);
    List<String> tensorWords = words(tensor);
    boolean ofModule = !tensorWords.isEmpty() && TENSORS.contains(tensorWords.get(0));
    boolean suffixed =
        !ofModule
            && !tensorWords.isEmpty()
            && SUFFIXES.contains(tensorWords.get(tensorWords.size() - 1));
    String owner = tensor;
    if (suffixed) {
      owner = tensor.substring(0, Math.max(0, tensor.lastIndexOf('_')));
    } else if (ofModule) {
      owner = parts.isEmpty() ? "" : parts.remove(parts.size() - 1);
    }
    return new ParameterName(
        parts.stream().map(part -> part.toLowerCase(Locale.ROOT)).toList(),
        owner.toLowerCase(Locale.ROOT),
        words(owner),
        tensor,
        tensorWords,
        !ofModule && !suffixed);
  }

  /** The words of one part of a name, lower case, without the numbers at their ends. */
  static List<String> words(String part) {
    return Arrays.stream(WORDS.split(part))
        .map(word -> NUMBERING.matcher(word).replaceFirst("").toLowerCase(Locale.ROOT))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  String firstTensorWord() {
    return tensorWords.isEmpty() ? "" : tensorWords.get(0);
  }

  String lastTensorWord() {
    return tensorWords.isEmpty() ? "" : tensorWords.get(tensorWords.size() - 1);
  }

  String lastOwnerWord() {
    return ownerWords.isEmpty() ? "" : ownerWords.get(ownerWords.size() - 1);
  }

  String parent() {
    return parents.isEmpty() ? "" : parents.get(parents.size() - 1);
  }

  boolean isNumbered() {
    return NUMBER.matcher(owner).matches();
  }

  /** Whether the owner is a part of a repeated block, an attention or an MLP. */
  boolean isInsideBlock() {
    for (int i = 0; i < parents.size(); i++) {
      if (NUMBERED_BLOCK.matcher(parents.get(i)).matches()
          || words(parents.get(i)).stream().anyMatch(BLOCK_WORDS::contains)) {
        return true;
      }
      if (i > 0
          && REPEATED.contains(parents.get(i - 1))
          && NUMBER.matcher(parents.get(i)).matches()) {
        return true;
      }
    }
    return false;
  }
}
