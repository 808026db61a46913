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
    throw NotWrittenYet("look_up_tokens", 2);
    // END
}

void look_up_positions(std::size_t first_place, std::size_t count, const Matrix& position_table,
                       Matrix& rows) {
    if (first_place + count > position_table.size1()) {
        fail("the text has {} tokens but the model's context is {}: shorten the text",
             first_place + count, position_table.size1());
    }
    // EXERCISE 2 look_up_positions
    throw NotWrittenYet("look_up_positions", 2);
    // END
}

void embedding_forward(const std::vector<int>& ids, std::size_t first_place,
                       const EmbeddingParameters& parameters, EmbeddingActivations& activations) {
    // EXERCISE 2 embedding_forward
    throw NotWrittenYet("embedding_forward", 2);
    // END
}

void embedding_backward(const std::vector<int>& ids, EmbeddingActivations& gradients,
                        EmbeddingParameters& gradient) {
    const std::size_t width = gradient.token_table.size2();
    check_shape("embedding_backward", "gradients.sum", gradients.sum, ids.size(), width);
    // EXERCISE 10 embedding_backward
    throw NotWrittenYet("embedding_backward", 10);
    // END
}

} // namespace whirlygig
