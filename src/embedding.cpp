#include "embedding.h"

#include "error.h"

namespace whirlygig {

void check_ids(const std::vector<int>& ids, std::size_t vocabulary) {
    for (std::size_t place = 0; place < ids.size(); ++place) {
        if (ids[place] >= 0 && static_cast<std::size_t>(ids[place]) < vocabulary) continue;
        fail("token id {} at place {} is not in the vocabulary: ids go from 0 to {}", ids[place],
             place, vocabulary - 1);
    }
}

void look_up_tokens(const std::vector<int>& ids, const Matrix& token_table, Matrix& rows) {
    check_ids(ids, token_table.size1());
    // EXERCISE 2 look_up_tokens
    resize(rows, ids.size(), token_table.size2());
    for (std::size_t row = 0; row < ids.size(); ++row) {
        const auto id = static_cast<std::size_t>(ids[row]);
        for (std::size_t column = 0; column < rows.size2(); ++column) {
            rows(row, column) = token_table(id, column);
        }
    }
    // END
}

void look_up_positions(std::size_t first_place, std::size_t count, const Matrix& position_table,
                       Matrix& rows) {
    if (first_place + count > position_table.size1()) {
        fail("the text has {} tokens but the model's context is {}: shorten the text",
             first_place + count, position_table.size1());
    }
    // EXERCISE 2 look_up_positions
    resize(rows, count, position_table.size2());
    for (std::size_t row = 0; row < count; ++row) {
        for (std::size_t column = 0; column < rows.size2(); ++column) {
            rows(row, column) = position_table(first_place + row, column);
        }
    }
    // END
}

void embedding_forward(const std::vector<int>& ids, std::size_t first_place,
                       const EmbeddingParameters& parameters, EmbeddingActivations& activations) {
    // EXERCISE 2 embedding_forward
    // 1. Look up the tokens and their places.
    look_up_positions(first_place, ids.size(), parameters.position_table, activations.positions);
    look_up_tokens(ids, parameters.token_table, activations.tokens);
    // 2. Add the two.
    add(activations.tokens, activations.positions, activations.sum);
    // END
}

void embedding_backward(const std::vector<int>& ids, EmbeddingActivations& gradients,
                        EmbeddingParameters& gradient) {
    const std::size_t width = gradient.token_table.size2();
    check_shape("embedding_backward", "gradients.sum", gradients.sum, ids.size(), width);
    // EXERCISE 10 embedding_backward
    // 2. forward was: sum = tokens + positions; both get the whole gradient.
    gradients.tokens = gradients.sum;
    gradients.positions = gradients.sum;
    // 1. forward was: row = a copy of the table's row. A token that stands twice in the text was
    //    copied twice, so its row collects both gradients: +=, never =.
    for (std::size_t row = 0; row < ids.size(); ++row) {
        const auto id = static_cast<std::size_t>(ids[row]);
        for (std::size_t column = 0; column < width; ++column) {
            gradient.token_table(id, column) += gradients.tokens(row, column);
            gradient.position_table(row, column) += gradients.positions(row, column);
        }
    }
    // END
}

} // namespace whirlygig
