// Many heads: each projects the input to its own queries, keys and values, looks around by itself,
// and what the heads mixed is joined side by side and projected back to the width of the stream.
#pragma once

#include "attention.h"
#include "linear.h"

#include <vector>

namespace whirlygig {

struct HeadParameters {
    LinearParameters query; // weights (d, D), bias (D)
    LinearParameters key;   // weights (d, D), bias (D)
    LinearParameters value; // weights (d, D), bias (D)
};

struct MultiHeadParameters {
    std::vector<HeadParameters> heads; // H of them, D = d / H
    LinearParameters
        output; // weights (d, d), of which head h owns the rows h·D … (h+1)·D − 1; bias (d)
};

struct MultiHeadActivations {
    // The place of the first query. When a text is continued it is above 0: the heads then already
    // hold the keys and values of so many earlier places, and the new ones are added below them.
    std::size_t first_place = 0;
    std::vector<HeadActivations> heads;
    Matrix new_rows; // the keys or values that were added last, when a text is continued
    Matrix joined;   // (T, d): the heads' mixed values, side by side
    Matrix output;   // (T, d): joined · output weights + bias
};

// Fills `activations` from the sequence that looks, query_input (T, d), and the one that is looked
// at, key_value_input (S, d). Self-attention passes the same matrix as both.
void multi_head_forward(const Matrix& query_input, const Matrix& key_value_input,
                        const MultiHeadParameters& parameters, Mask mask,
                        MultiHeadActivations& activations);

// The two sequences that a pass read and the gradients by them, which are added to: a
// self-attending caller gives the same two matrices twice.
struct MultiHeadInputs {
    const Matrix& query_input;        // (T, d)
    const Matrix& key_value_input;    // (S, d)
    Matrix& gradient_query_input;     // (T, d)
    Matrix& gradient_key_value_input; // (S, d)
};

// From gradients.output: writes the rest of `gradients`, adds the gradients by the two inputs, and
// adds the gradients by the parameters to `gradient`.
void multi_head_backward(const MultiHeadInputs& inputs, const MultiHeadParameters& parameters,
                         Mask mask, const MultiHeadActivations& activations,
                         MultiHeadActivations& gradients, MultiHeadParameters& gradient);

// joined = the heads' mixed values side by side; head h fills the columns h·D … (h+1)·D − 1.
void join_heads(const std::vector<HeadActivations>& heads, Matrix& joined);

// Each head takes its own columns of the gradient by joined.
void join_heads_backward(const Matrix& gradient_joined, std::vector<HeadActivations>& gradients);

} // namespace whirlygig
