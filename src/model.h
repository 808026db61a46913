// The whole transformer: a decoder as GPT-2 (Radford et al. 2019).
// embedding → blocks → final norm → logits → probabilities, and back.
#pragma once

#include "block.h"
#include "embedding.h"
#include "without.h"

#include <vector>

namespace whirlygig {

struct Config {
    std::size_t vocabulary = 0; // V: how many different tokens there are
    std::size_t context = 0;    // the longest text, in tokens
    std::size_t width = 0;      // d: how many numbers stand for one token
    std::size_t heads = 1;      // H: heads in each block; divides the width
    std::size_t hidden = 0;     // M: the hidden width of the MLP
    std::size_t layers = 1;     // L: how many blocks
    bool tied = false;          // the unembedding is the token table itself
    double epsilon = 1e-5;      // of the layer norms
    Without without = Without::nothing;

    std::size_t head_width() const { return width / heads; } // D
    bool is_causal() const { return without != Without::mask; }
    Mask mask() const {
        if (without == Without::scale) return Mask::causal_unscaled;
        return is_causal() ? Mask::causal : Mask::none;
    }
};

// Throws an Error that says which size is impossible: zero, absurdly large, or heads that do not
// divide the width.
void check_config(const Config& config);

struct Parameters {
    EmbeddingParameters embedding;
    std::vector<BlockParameters> blocks;
    NormParameters final_norm;
    Matrix unembedding; // (V, d): a row per token; empty when tied
};

struct Model {
    Config config;
    Parameters parameters;

    // The table that turns the stream into logits: its own, or the token table when tied.
    const Matrix& unembedding() const {
        return config.tied ? parameters.embedding.token_table : parameters.unembedding;
    }
};

// Everything that one pass computes. Nothing in it is overwritten during the pass, so that the
// backward pass, the trace and the viewer read the same record. The gradients of the loss by these
// matrices have the same shapes and are kept in a second Activations.
struct Activations {
    // Of gradients only: all blocks in turn use one record, blocks[0], because nobody wants to look
    // at it afterwards. With less memory to touch, training is a little faster.
    bool one_block_for_all = false;

    std::size_t first_place = 0; // of ids; above 0 when a text is continued (see multi_head.h)
    std::vector<int> ids;        // T token ids
    std::vector<int> targets;    // up to T: the token that each place should predict
    EmbeddingActivations embedding;
    std::vector<BlockActivations> blocks;
    Matrix final_norm;    // (T, d)
    Matrix logits;        // (T, V): final norm · unembeddingᵀ
    Matrix probabilities; // (T, V): softmax of each row
    Matrix loss;          // (targets, 1)

    BlockActivations& block(std::size_t b) { return blocks[one_block_for_all ? 0 : b]; }

    // The residual stream that enters block b; b = L gives the stream that leaves the last block.
    const Matrix& stream(std::size_t b) const {
        return b == 0 ? embedding.sum : blocks[b - 1].mlp_residual;
    }
    Matrix& stream(std::size_t b) { return b == 0 ? embedding.sum : block(b - 1).mlp_residual; }
};

// From activations.ids and .first_place computes everything up to the probabilities.
void forward(const Model& model, Activations& activations);

// From the probabilities and activations.targets computes the loss of each place.
void forward_loss(Activations& activations);

// From gradients.loss, the gradient by each place's loss (its share of the loss that is minimised):
// writes the rest of `gradients` and adds the gradients by the parameters to `gradient`, which has
// their shapes.
void backward(const Model& model, const Activations& activations, Activations& gradients,
              Parameters& gradient);

} // namespace whirlygig
