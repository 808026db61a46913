// Lesson 7: a norm, a bend, and what an MLP can do with it.
#include "block.h"
#include "examples.h"
#include "gelu.h"
#include "grid.h"

#include <fmt/format.h>

namespace whirlygig {

namespace {

Vector vector_of(const std::vector<Real>& numbers) {
    Vector vector(numbers.size());
    std::copy(numbers.begin(), numbers.end(), vector.begin());
    return vector;
}

// Mean, variance and spread are those that the function found; the variance is its spread squared.
std::string norm_text() {
    const Matrix input = matrix_of({{1, 1, 5, 5}, {10, 10, 50, 50}, {-2, -2, 2, 2}, {3, 3, 3, 3}});
    const Words rows = {"a row", "ten times larger", "moved down by 3", "all the same"};
    const Words columns = {"0", "1", "2", "3"};
    const NormParameters plain{vector_of({1, 1, 1, 1}), vector_of({0, 0, 0, 0})};
    const NormParameters learned{vector_of({1, 1, 3, 1}), vector_of({0, 0, 0, 10})};
    std::string text = grid("input", input, rows, columns, 0);
    Matrix found(4, 2), output;
    for (std::size_t row = 0; row < 4; ++row) {
        const auto [mean, spread] = row_statistics(input, row, plain.epsilon);
        found(row, 0) = mean;
        found(row, 1) = spread;
    }
    text += "\n" + grid("mean and spread of each row", found, rows, {"mean", "spread"}, 3);
    layer_norm_forward(input, plain, output);
    text += "\n" +
            grid("with the gain 1 and the shift 0, as before training", output, rows, columns, 2);
    layer_norm_forward(input, learned, output);
    return text + "\n" +
           grid("with the gain 1, 1, 3, 1 and the shift 0, 0, 0, 10", output, rows, columns, 2);
}

std::string gelu_text() {
    std::string text = "       x    the gate    GELU: x · gate\n";
    for (const double x : {-6.0, -3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 6.0}) {
        const Matrix hidden = matrix_of({{static_cast<Real>(x)}});
        Matrix activated;
        gelu_forward(hidden, activated);
        text += fmt::format("{:>8}{:>12}{:>18}\n", number(hidden(0, 0), 1),
                            number(gate(hidden(0, 0)), 3), number(activated(0, 0), 3));
    }
    return text;
}

// Exactly one of two: up to two numbers that begin to count at one and at two adjectives.
std::string mlp_text() {
    const Words rows = {"no adjective", "a texture", "a colour", "both"};
    const Matrix input = matrix_of({{0, 0}, {1, 0}, {0, 1}, {1, 1}});
    MlpParameters parameters;
    parameters.up = {matrix_of({{6, 6}, {6, 6}}), vector_of({0, -6})};
    parameters.down = {matrix_of({{1.0F / 6}, {-2.0F / 6}}), vector_of({0})};
    MlpActivations mlp;
    mlp_forward(input, parameters, mlp);
    Matrix straight;
    linear_forward(mlp.hidden, parameters.down, straight);
    const Words hidden = {"any?", "both?"};
    std::string text = grid("input", input, rows, {"texture", "colour"}, 0);
    text += "\n" + grid("hidden = input · up weights + bias", mlp.hidden, rows, hidden, 0);
    text += "\n" + grid("activated = GELU of hidden", mlp.activated, rows, hidden, 0);
    text += "\n" + grid("output = activated · down weights", mlp.output, rows, {"exactly one"}, 0);
    return text + "\n" +
           grid("without the bend: hidden · down weights", straight, rows, {"exactly one"}, 0);
}

} // namespace

std::string block_example() {
    return "LAYER NORM\n\n" + norm_text() + "\nGELU\n\n" + gelu_text() +
           "\nAN MLP THAT FINDS OUT WHETHER THERE IS EXACTLY ONE ADJECTIVE\n\n" + mlp_text();
}

} // namespace whirlygig
