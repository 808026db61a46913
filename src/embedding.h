// The embedding: each token becomes the row of its id in a learned table, plus the row of its place
// in a second table. Their sum is where the residual stream starts.
#pragma once

#include "matrix.h"

#include <vector>

namespace whirlygig {

struct EmbeddingParameters {
    Matrix token_table;    // (V, d): a row per word of the vocabulary
    Matrix position_table; // (context, d): a row per place
    // False in a model without positions: the table is no parameter and stays 0.
    bool has_positions = true;
};

struct EmbeddingActivations {
    Matrix tokens;    // (T, d): rows of the token table
    Matrix positions; // (T, d): rows of the position table
    Matrix sum;       // (T, d): tokens + positions
};

// Throws an Error when an id is not in the vocabulary.
void check_ids(const std::vector<int>& ids, std::size_t vocabulary);

// rows = the rows of the token table that belong to the ids      (V, d) -> (T, d)
// Throws an Error when an id is not in the vocabulary.
void look_up_tokens(const std::vector<int>& ids, const Matrix& token_table, Matrix& rows);

// rows = `count` rows of the position table from first_place on      (context, d) -> (count, d)
// Throws an Error when the text would be longer than the context.
void look_up_positions(std::size_t first_place, std::size_t count, const Matrix& position_table,
                       Matrix& rows);

// ids are T token ids; the first of them stands at first_place.
void embedding_forward(const std::vector<int>& ids, std::size_t first_place,
                       const EmbeddingParameters& parameters, EmbeddingActivations& activations);

// From gradients.sum: writes the rest of `gradients` and adds to the rows of both tables that were
// looked up. The text started at place 0.
void embedding_backward(const std::vector<int>& ids, EmbeddingActivations& gradients,
                        EmbeddingParameters& gradient);

} // namespace whirlygig
