// Lesson 2: rows are looked up in two small tables and added.
#include "embedding.h"
#include "examples.h"
#include "grid.h"

#include <fmt/ranges.h>

namespace whirlygig {

namespace {

const Words vocabulary = {"blue", "kitten", "the"};

std::string embedded(const std::vector<int>& ids, const EmbeddingParameters& parameters) {
    EmbeddingActivations activations;
    embedding_forward(ids, 0, parameters, activations);
    Words words;
    for (std::size_t place = 0; place < ids.size(); ++place) {
        const auto id = static_cast<std::size_t>(ids[place]);
        words.push_back(fmt::format("{} {}", place, vocabulary[id]));
    }
    const Words columns = {"0", "1", "2"};
    return fmt::format("ids {}\n", ids) + grid("tokens", activations.tokens, words, columns, 1) +
           "\n" + grid("positions", activations.positions, words, columns, 1) + "\n" +
           grid("sum", activations.sum, words, columns, 1);
}

} // namespace

std::string embeddings_example() {
    EmbeddingParameters parameters;
    parameters.token_table = matrix_of({{1, 0, 2}, {0, 3, 1}, {5, 5, 0}});
    parameters.position_table =
        matrix_of({{0.1F, 0, 0}, {0, 0.1F, 0}, {0, 0, 0.1F}, {0.1F, 0.1F, 0}});
    const Words columns = {"0", "1", "2"};
    const Words places = {"place 0", "place 1", "place 2", "place 3"};
    const Words token_rows = {"0 blue", "1 kitten", "2 the"};
    std::string text = grid("token table", parameters.token_table, token_rows, columns, 0);
    text += "\n" + grid("position table", parameters.position_table, places, columns, 1);
    text += "\nthe blue kitten: " + embedded({2, 0, 1}, parameters);
    text += "\nthe the: " + embedded({2, 2}, parameters);

    Matrix rows;
    look_up_positions(2, 2, parameters.position_table, rows);
    text += "\n" + grid("look_up_positions with first_place 2 and count 2: rows", rows, {"0", "1"},
                        columns, 1);
    return text;
}

} // namespace whirlygig
