#include "model.h"

#include "error.h"
#include "loss.h"
#include "product.h"
#include "softmax.h"

namespace whirlygig {

void forward(const Model& model, Activations& activations) {
    const Parameters& parameters = model.parameters;
    Activations& a = activations;
    if (a.ids.empty()) fail("there is no token to look at: the text is empty");
    // 1. Tokens and places become the residual stream.
    embedding_forward(a.ids, a.first_place, parameters.embedding, a.embedding);
    // 2. Each block adds to the stream what it found.
    a.blocks.resize(parameters.blocks.size());
    for (std::size_t b = 0; b < a.blocks.size(); ++b) {
        a.blocks[b].attention.first_place = a.first_place;
        block_forward(a.stream(b), parameters.blocks[b], a.blocks[b]);
    }
    // 3. A last layer norm.
    layer_norm_forward(a.stream(a.blocks.size()), parameters.final_norm, a.final_norm);
    // 4. Compare each place with every token's row of the unembedding.
    product_a_bt(a.final_norm, model.unembedding(), a.logits); // (T, d)(d, V) -> (T, V)
    // 5. The logits of a place become the probabilities of its next token.
    softmax_forward(a.logits, a.probabilities);
}

void forward_loss(Activations& activations) {
    // 6. How surprising is the token that really comes next?
    cross_entropy_forward(activations.probabilities, activations.targets, activations.loss);
}

void backward(const Model& model, const Activations& activations, Activations& gradients,
              Parameters& gradient) {
    const std::size_t layers = model.parameters.blocks.size();
    gradients.blocks.resize(gradients.one_block_for_all ? 1 : layers);
    // For those who look at it only: 6 and 5 are taken in one step below.
    cross_entropy_backward(gradients.loss, activations.probabilities, activations.targets,
                           gradients.probabilities);
    // EXERCISE 11 backward
    throw NotWrittenYet("backward", 11);
    // END
}

} // namespace whirlygig
