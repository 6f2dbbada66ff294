package org.widthwise.audit.spectrum;

/**
 * How the strongest direction of an update lies to that of the weight: overlaps of leading singular
 * vectors, {@code u₁, v₁} of {@code W} and {@code u′₁, v′₁} of {@code ΔW}.
 *
 * <p>Singular vectors come in pairs that may change their signs together. The product {@code
 * (u₁ᵀu′₁)(v₁ᵀv′₁) = ⟨u₁v₁ᵀ, u′₁v′₁ᵀ⟩}, the cosine of the angle between the leading rank-one parts,
 * does not change then and so has a sign of its own: near 1 the update makes the weight's leading
 * direction stronger, near −1 weaker, near 0 it goes elsewhere. The overlaps of one side each do
 * change, and are given without sign. Independent Gaussian matrices have overlaps of about 1/√n.
 *
 * <p>Where a largest singular value comes twice, its vectors are any of a plane and the overlap is
 * that of whichever was found; where the next one is near, a relative error ε of the norm leaves
 * them an angle of about √(ε / gap). Of a convolution the kernel position where the update is
 * largest is meant, of a vector the product is the cosine between weight and update. All are NaN
 * where a weight or the update is zero or not finite.
 *
 * @param withWeight the product, with {@code W} the weight in the later checkpoint
 * @param output the overlap of the directions of outputs, {@code |u₁ᵀu′₁|}, with the same
 * @param input the overlap of the directions of inputs, {@code |v₁ᵀv′₁|}, with the same
 * @param withEarlier the product, with the weight in the earlier checkpoint, which the update is no
 *     part of yet
 */
public record UpdateAlignment(double withWeight, double output, double input, double withEarlier) {}
