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
    a.blocks.resize(parameters.blocks.size());
    for (BlockActivations& block : a.blocks)
        block.attention.first_place = a.first_place;
    // EXERCISE 8 forward
    // 1. Tokens and places become the residual stream.
    embedding_forward(a.ids, a.first_place, parameters.embedding, a.embedding);
    // 2. Each block adds to the stream what it found.
    for (std::size_t b = 0; b < a.blocks.size(); ++b) {
        block_forward(a.stream(b), parameters.blocks[b], a.blocks[b]);
    }
    // 3. A last layer norm.
    layer_norm_forward(a.stream(a.blocks.size()), parameters.final_norm, a.final_norm);
    // 4. Compare each place with every token's row of the unembedding.
    product_a_bt(a.final_norm, model.unembedding(), a.logits); // (T, d)(d, V) -> (T, V)
    // 5. The logits of a place become the probabilities of its next token.
    softmax_forward(a.logits, a.probabilities);
    // END
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
    const Parameters& parameters = model.parameters;
    const Activations& a = activations;
    Activations& g = gradients;
    // 6. forward was: loss = −log of the probability of the next token
    // 5. forward was: probabilities = softmax of the logits
    softmax_cross_entropy_backward(g.loss, a.probabilities, a.targets, g.logits);
    // 4. forward was: logits = final norm · unembeddingᵀ
    product(g.logits, model.unembedding(), g.final_norm); // (T, V)(V, d) -> (T, d)
    Matrix& table = model.config.tied ? gradient.embedding.token_table : gradient.unembedding;
    add_product_at_b(g.logits, a.final_norm, table); // (V, T)(T, d) -> (V, d)
    // 3. forward was: final norm = layer norm of the stream
    Matrix& gradient_stream = g.stream(layers);
    resize(gradient_stream, a.final_norm.size1(), a.final_norm.size2());
    fill(gradient_stream, 0);
    layer_norm_backward(g.final_norm, a.stream(layers), parameters.final_norm, gradient_stream,
                        gradient.final_norm);
    // 2. forward was: each block in turn; now the last one first
    for (std::size_t b = layers; b-- > 0;) {
        block_backward(a.stream(b), parameters.blocks[b], a.blocks[b], g.block(b), g.stream(b),
                       gradient.blocks[b]);
    }
    // 1. forward was: stream = tokens + positions
    embedding_backward(a.ids, g.embedding, gradient.embedding);
    // END
}

} // namespace whirlygig
