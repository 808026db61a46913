// Lesson 10: the way back, from one number to a row to a table.
#include "embedding.h"
#include "examples.h"
#include "gelu.h"
#include "grid.h"
#include "layer_norm.h"
#include "linear.h"
#include "loss.h"
#include "softmax.h"
#include "training/nudging.h"

#include <fmt/format.h>

#include <array>

namespace whirlygig {

namespace {

Words numbered(const std::string& word, std::size_t count) {
    Words words;
    for (std::size_t i = 0; i < count; ++i)
        words.push_back(fmt::format("{} {}", word, i));
    return words;
}

LinearParameters one_weight(Real weight) {
    return {matrix_of({{weight}}), Vector(1, Real(0))};
}

// x -> hidden = weight · x -> activated = GELU of hidden -> loss = 2 · activated
struct Chain {
    std::array<Real, 2> x_and_weight;

    Matrix hidden() const {
        Matrix result;
        linear_forward(matrix_of({{x_and_weight[0]}}), one_weight(x_and_weight[1]), result);
        return result;
    }
    Real activated() const {
        Matrix result;
        gelu_forward(hidden(), result);
        return result(0, 0);
    }
    Real loss() const { return 2 * activated(); }
};

std::string chain_text() {
    Chain chain{{3, 0.5F}};
    std::string text =
        fmt::format("x {} · weight {} = hidden {}; GELU makes it {}; times 2: loss {}\n",
                    number(3, 0), number(0.5F, 1), number(chain.hidden()(0, 0), 1),
                    number(chain.activated(), 4), number(chain.loss(), 4));
    Matrix by_hidden, by_x;
    const Matrix by_activated = matrix_of({{2}});
    gelu_backward(by_activated, chain.hidden(), by_hidden);
    Matrix slope;
    gelu_backward(matrix_of({{1}}), chain.hidden(), slope);
    LinearParameters gradient = one_weight(0);
    linear_backward(by_hidden, matrix_of({{3}}), one_weight(0.5F), by_x, gradient);
    text += "\ngoing back                                   slope of the loss\n";
    const auto line = [&](const std::string& what, const std::string& sum, Real value) {
        text += fmt::format("  {:<10} {:<33} {:>8}\n", what, sum, number(value, 4));
    };
    line("activated", "the loss takes it twice:", 2);
    line("hidden", fmt::format("2 · GELU's slope there, {}:", number(slope(0, 0), 4)),
         by_hidden(0, 0));
    line("x", fmt::format("{} · the weight, 0.5:", number(by_hidden(0, 0), 4)), by_x(0, 0));
    line("weight", fmt::format("{} · x, 3:", number(by_hidden(0, 0), 4)), gradient.weights(0, 0));
    std::array<Real, 2> nudged{};
    gradient_by_nudging([&] { return static_cast<double>(chain.loss()); }, 0.01, chain.x_and_weight,
                        nudged);
    return text + fmt::format("\nby nudging: x {}, weight {}\n", number(nudged[0], 3),
                              number(nudged[1], 3));
}

struct Layer {
    Matrix input;
    LinearParameters parameters;
};

// Forwards, and back from a gradient that came from later.
std::string linear_text(const Layer& layer, const Matrix& gradient_output) {
    const Words rows = numbered("row", layer.input.size1());
    const Words in = numbered("in", layer.input.size2());
    const Words out = numbered("out", gradient_output.size2());
    Matrix output, gradient_input;
    linear_forward(layer.input, layer.parameters, output);
    LinearParameters gradient{Matrix(in.size(), out.size(), Real(0)), Vector(out.size(), Real(0))};
    linear_backward(gradient_output, layer.input, layer.parameters, gradient_input, gradient);
    Matrix bias(1, out.size());
    for (std::size_t column = 0; column < out.size(); ++column)
        bias(0, column) = gradient.bias(column);
    std::string text = grid("input", layer.input, rows, in, 0);
    text += grid("weights", layer.parameters.weights, in, out, 0);
    text += grid("output", output, rows, out, 0);
    text +=
        "\n" + grid("gradient by the output: it came from later", gradient_output, rows, out, 0);
    text += grid("gradient by the input", gradient_input, rows, in, 0);
    text += grid("gradient by the weights", gradient.weights, in, out, 0);
    return text + grid("gradient by the bias", bias, {"all rows"}, out, 0);
}

std::string look_up_text() {
    const Words words = {"the", "cat", "saw"};
    EmbeddingActivations gradients;
    gradients.sum = matrix_of({{1, 2}, {10, 20}, {100, 200}, {1000, 2000}});
    EmbeddingParameters gradient{Matrix(3, 2, Real(0)), Matrix(5, 2, Real(0))};
    embedding_backward({0, 1, 2, 0}, gradients, gradient);
    std::string text = grid("gradient by the sum", gradients.sum, {"the", "cat", "saw", "the"},
                            numbered("column", 2), 0);
    text +=
        grid("gradient by the token table", gradient.token_table, words, numbered("column", 2), 0);
    return text + grid("gradient by the position table", gradient.position_table,
                       numbered("place", 5), numbered("column", 2), 0);
}

std::string loss_text() {
    const Words words = {"purred", "growled", "danced"};
    Matrix probabilities, gradient;
    softmax_forward(matrix_of({{2, 1, 0}}), probabilities);
    softmax_cross_entropy_backward(matrix_of({{1}}), probabilities, {1}, gradient);
    std::string text = grid("probabilities", probabilities, {"given"}, words, 3);
    text += grid("came", matrix_of({{0, 1, 0}}), {"wanted"}, words, 0);
    return text + grid("gradient by the logits", gradient, {"given − wanted"}, words, 3);
}

std::string layer_norm_text() {
    const NormParameters parameters{Vector(3, Real(1)), Vector(3, Real(0))};
    const Matrix input = matrix_of({{1, 3, 5}}), by_output = matrix_of({{1, 0, 0}});
    Matrix output, by_input(1, 3, Real(0));
    NormParameters gradient{Vector(3, Real(0)), Vector(3, Real(0))};
    layer_norm_forward(input, parameters, output);
    layer_norm_backward(by_output, input, parameters, by_input, gradient);
    const Words columns = numbered("column", 3);
    std::string text = grid("input", input, {"row 0"}, columns, 0);
    text += grid("normalised", output, {"row 0"}, columns, 3);
    text += "\n" + grid("gradient by the output", by_output, {"row 0"}, columns, 0);
    return text + grid("gradient by the input", by_input, {"row 0"}, columns, 3);
}

} // namespace

std::string backpropagation_example() {
    const Matrix weights = matrix_of({{1, 0, 2}, {0, 1, 3}});
    const LinearParameters parameters{weights, Vector(3, Real(0))};
    std::string text = "ONE NUMBER\n\n" + chain_text();
    text += "\nA ROW\n\n" + linear_text({matrix_of({{1, 2}}), parameters}, matrix_of({{2, 1, 0}}));
    text += "\nA TABLE\n\n" + linear_text({matrix_of({{1, 2}, {3, 4}}), parameters},
                                          matrix_of({{2, 1, 0}, {10, 0, 5}}));
    text += "\nLOOKED UP\n\n" + look_up_text();
    text += "\nTHE LOSS\n\n" + loss_text();
    text += "\nLAYER NORM\n\n" + layer_norm_text();
    return text;
}

} // namespace whirlygig
