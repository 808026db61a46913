// What stands beside the rows and above the columns of a matrix in the viewer.
#pragma once

#include "draw/matrix_view.h"
#include "state.h"

namespace whirlygig {

// "queries", "query weights", "MLP norm", "gradient by scores"
std::string short_name(const std::string& matrix);

// Labels by what the rows and columns of the view's matrix stand for.
void add_labels(const State& state, MatrixView& view);

// "creature", or from block 1 on, where other words are mixed in, "place 3 (creature)".
std::string place_label(const State& state, const std::string& matrix, std::size_t place);

// The most probable next token of the place.
struct Prediction {
    std::string token;
    double probability = 0;
};
Prediction most_probable_next(const State& state, std::size_t place);

// The same as "→ floated 0.31".
std::string prediction_at(const State& state, std::size_t place);

} // namespace whirlygig
