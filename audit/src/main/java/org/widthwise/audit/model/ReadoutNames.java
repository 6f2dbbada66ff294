package org.widthwise.audit.model;

import java.util.List;
import java.util.Set;
import org.widthwise.audit.UntrustedText;

/** The names of readouts. */
final class ReadoutNames {

  private static final Set<String> OWNERS =
      Set.of(
          "fc_out",
          "embed_out",
          "output",
          "out",
          "score",
          "unembed",
          "unembedding",
          "output_layer",
          "output_projection",
          "output_embedding",
          "output_embeddings",
          "qa_outputs",
          "head_dist",
          "seq_relationship");
  private static final Set<String> WORDS = Set.of("readout", "logits", "unembed");
  private static final Set<String> NO_HEAD = Set.of("attn", "attention", "multi", "pre");
  // The layers within a head that make its outputs; its "dense" and "transform" do not.
  private static final Set<String> LAST_LAYERS =
      Set.of("decoder", "out_proj", "fc", "linear", "summary");

  private ReadoutNames() {}

  /** Says why a matrix is a readout, or nothing when it is none. */
  static String reason(ParameterName name) {
    if (name.isInsideBlock()) {
      return "";
    }
    if (isReadout(name.owner(), name.ownerWords())) {
      return "two axes, and the name's " + UntrustedText.quote(name.owner());
    }
    if (isContainer(name.parent()) && LAST_LAYERS.contains(name.owner())) {
      return "two axes, and the name's " + UntrustedText.quote(name.parent() + "." + name.owner());
    }
    if (name.owner().equals("fc") && name.parents().isEmpty()) {
      return "two axes, and \"fc\" for the whole module, as ResNet calls it";
    }
    return "";
  }

  /** Whether a module is a head that may hold several layers. */
  static boolean isContainer(String module) {
    return module.equals("predictions") || isHead(ParameterName.words(module));
  }

  private static boolean isReadout(String owner, List<String> words) {
    return OWNERS.contains(owner) || words.stream().anyMatch(WORDS::contains) || isHead(words);
  }

  private static boolean isHead(List<String> words) {
    if (words.isEmpty() || words.stream().anyMatch(NO_HEAD::contains)) {
      return false;
    }
    String last = words.get(words.size() - 1);
    return last.equals("head") || last.equals("classifier") || last.equals("score");
  }
}
