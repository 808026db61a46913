// What is often done wrong on the way back through GELU, linear layers and the loss.
#pragma once

#include "support/plain_backward.h"
#include "support/product_mistakes.h"
#include "support/teach_parts.h"

namespace mistakes {

inline Mistakes gelu_backward(const Grid& gradient, const Grid& hidden, const Grid& before) {
    const auto each = [&](auto number) {
        return made(hidden.size(), hidden[0].size(), [&](std::size_t row, std::size_t column) {
            return number(gradient[row][column], hidden[row][column]);
        });
    };
    using plain::gate;
    using plain::gate_slope;
    const Grid right = plain::gelu_backward(gradient, hidden);
    const double root = std::sqrt(2 / std::numbers::pi);
    const auto bend = [&](double x) { return root * (1 + 3 * 0.044715 * x * x); };
    const auto open_and_shut = [&](double x) { return gate(x) * (1 - gate(x)); };
    const Mistakes mistakes = {
        {"The gradient is passed on as it came in; it should be multiplied by the slope of GELU.",
         gradient},
        {"The slope alone is written; it should be multiplied by the gradient that came in.",
         each([](double, double x) { return plain::gelu_slope(x); })},
        {"The way through the gate is missing: x moves the result directly, and it moves the gate, "
         "too.",
         each([](double g, double x) { return g * gate(x); })},
        {"The direct way is missing: x moves the gate, and it moves the result directly, too.",
         each([](double g, double x) { return g * x * gate_slope(x); })},
        {"The gradient is multiplied by GELU itself; it should be multiplied by GELU's slope.",
         each([](double g, double x) { return g * plain::gelu(x); })},
        {"The factor 2 of the gate's slope is missing: inside of the exponential stands 2u.",
         each([&](double g, double x) { return g * (gate(x) + x * gate_slope(x) / 2); })},
        {"The slope of x³ is 3x²; the factor 3 is missing.", each([&](double g, double x) {
             return g * (gate(x) + x * 2 * open_and_shut(x) * root * (1 + 0.044715 * x * x));
         })},
        {"The chain stops at the gate: the slope of u by x is missing.",
         each([&](double g, double x) { return g * (gate(x) + x * 2 * open_and_shut(x)); })},
        {"The slope of the gate is gate · (1 − gate), times the rest; (1 − gate) is missing.",
         each([&](double g, double x) { return g * (gate(x) + x * 2 * gate(x) * bend(x)); })},
        {"The gate's slope is not multiplied by x: the gate is what x is multiplied by.",
         each([](double g, double x) { return g * (gate(x) + gate_slope(x)); })},
        {"The two ways are subtracted; what comes back on two ways is added.",
         each([](double g, double x) { return g * (gate(x) - x * gate_slope(x)); })},
        {"The gradient and the slope are added; they should be multiplied.",
         each([](double g, double x) { return g + plain::gelu_slope(x); })},
        {"Nothing comes back below 0 and everything above; GELU has a smooth bend there.",
         each([](double g, double x) { return x > 0 ? g : 0; })},
    };
    return joined(joined(mistakes, left_out(right, before)), added(right, before));
}

inline support::Parts linear_parts(const Grid& weights, const Grid& bias) {
    return {{"gradient.weights", weights}, {"gradient.bias", bias}};
}

// gradient.weights += inputᵀ · gradient, gradient.bias += the sum of the gradient's rows
inline support::Parts linear_parameters_backward_right(const Grid& gradient, const Grid& input,
                                                       const support::Parts& start) {
    return linear_parts(
        plain::add(plain::product(plain::transpose(input), gradient),
                   support::part_of(start, "gradient.weights")),
        plain::add(plain::sum_of_rows(gradient), support::part_of(start, "gradient.bias")));
}

// The layer's part does not come to what was there, or not as it should.
inline support::PartsMistakes badly_added(const support::Parts& start, const Grid& weights,
                                          const Grid& bias) {
    const Grid &old_weights = start[0].second, &old_bias = start[1].second;
    const Grid right_weights = plain::add(old_weights, weights);
    const Grid right_bias = plain::add(old_bias, bias);
    return {
        {"The gradients that were there are written over; this layer's part is added to them: +=.",
         linear_parts(weights, bias)},
        {"The weights' gradients that were there are written over; it should be +=.",
         linear_parts(weights, right_bias)},
        {"The bias's gradients that were there are written over; it should be +=.",
         linear_parts(right_weights, bias)},
        {"The gradients are subtracted; they should be added (the optimiser subtracts later).",
         linear_parts(plain::add(old_weights, times(weights, -1)),
                      plain::add(old_bias, times(bias, -1)))},
        {"Nothing is added: the gradients are what they were before.", start},
    };
}

inline support::PartsMistakes linear_parameters_backward(const Grid& gradient, const Grid& input,
                                                         const support::Parts& start) {
    const std::size_t rows = input.size(), inputs = input[0].size(), outputs = gradient[0].size();
    const Grid weights = plain::product(plain::transpose(input), gradient);
    const Grid bias = plain::sum_of_rows(gradient);
    const Grid old_weights = start[0].second, old_bias = start[1].second;
    const auto parts = [&](const Grid& by_weights, const Grid& by_bias) {
        return linear_parts(plain::add(old_weights, by_weights), plain::add(old_bias, by_bias));
    };
    // With another term in the place of input(t, i) · gradient(t, j).
    const auto weights_of = [&](auto term) {
        return made(inputs, outputs, [&](std::size_t i, std::size_t j) {
            double sum = 0;
            for (std::size_t t = 0; t < rows; ++t)
                sum += term(t, i, j);
            return sum;
        });
    };
    const Grid no_weights = plain::zeros(inputs, outputs), no_bias = plain::zeros(1, outputs);
    const double count = static_cast<double>(rows);
    support::PartsMistakes mistakes = {
        {"The bias is forgotten: it reached every row, so it collects all their gradients.",
         parts(weights, no_bias)},
        {"The weights are forgotten: each was used once in every row.", parts(no_weights, bias)},
        {"The bias gets the gradient of row 0 alone; it reached every row.",
         parts(weights, {gradient[0]})},
        {"The bias gets the gradient of the last row alone; it reached every row.",
         parts(weights, {gradient.back()})},
        {"The bias gets the average over the rows; it should get their sum.",
         parts(weights, times(bias, 1 / count))},
        {"The weights get the average over the rows; they should get the sum.",
         parts(times(weights, 1 / count), bias)},
        {"The input is forgotten: a weight moves the output by the input that it is multiplied "
         "with.",
         parts(
             weights_of([&](std::size_t t, std::size_t, std::size_t j) { return gradient[t][j]; }),
             bias)},
        {"The gradient by the output is forgotten: the input alone is added up.",
         parts(weights_of([&](std::size_t t, std::size_t i, std::size_t) { return input[t][i]; }),
               bias)},
        {"Only row 0 counts for the weights; each weight was used once in every row.",
         parts(made(inputs, outputs,
                    [&](std::size_t i, std::size_t j) { return input[0][i] * gradient[0][j]; }),
               bias)},
        {"Only the last row counts for the weights; each weight was used once in every row.",
         parts(made(inputs, outputs,
                    [&](std::size_t i, std::size_t j) {
                        return input[rows - 1][i] * gradient[rows - 1][j];
                    }),
               bias)},
    };
    if (inputs == outputs)
        mistakes.push_back({"Row and column of the weights' gradient are exchanged; an input "
                            "chooses the row, an output the column.",
                            parts(plain::transpose(weights), bias)});
    if (rows <= outputs)
        mistakes.push_back({"The bias is chosen by the row; it should be chosen by the column.",
                            parts(weights, made(1, outputs, [&](std::size_t, std::size_t j) {
                                      double sum = 0;
                                      for (const double number : gradient[std::min(j, rows - 1)])
                                          sum += j < rows ? number : 0;
                                      return sum;
                                  }))});
    const support::PartsMistakes others = badly_added(start, weights, bias);
    mistakes.insert(mistakes.end(), others.begin(), others.end());
    return mistakes;
}

struct LinearBack {
    Grid gradient, input, weights; // (T, m), (T, n), (n, m)
    support::Parts start;          // what stood in the gradients by the parameters
    Grid before;                   // and in the gradient by the input
};

inline support::Parts linear_back(const Grid& by_input, const support::Parts& parameters) {
    support::Parts parts = {{"gradient_input", by_input}};
    parts.insert(parts.end(), parameters.begin(), parameters.end());
    return parts;
}

inline support::Parts linear_backward_right(const LinearBack& e) {
    return linear_back(plain::product(e.gradient, plain::transpose(e.weights)),
                       linear_parameters_backward_right(e.gradient, e.input, e.start));
}

inline support::PartsMistakes linear_backward(const LinearBack& e) {
    const std::size_t rows = e.input.size(), inputs = e.input[0].size();
    const std::size_t outputs = e.gradient[0].size();
    const support::Parts right = linear_backward_right(e);
    const support::Parts parameters = {right[1], right[2]};
    const Grid by_input = right[0].second;
    support::PartsMistakes mistakes;
    const auto when = [&](const std::string& sentence, const Grid& other) {
        mistakes.push_back({sentence, linear_back(other, parameters)});
    };
    mistakes.push_back({"The gradients by the parameters are missing; "
                        "linear_parameters_backward adds them.",
                        linear_back(by_input, e.start)});
    mistakes.push_back(
        {"The gradients by the parameters are added twice.",
         linear_back(by_input, linear_parameters_backward_right(e.gradient, e.input, parameters))});
    when("The weights are forgotten: an input reached an output through one weight.",
         made(rows, inputs, [&](std::size_t row, std::size_t) {
             double sum = 0;
             for (const double number : e.gradient[row])
                 sum += number;
             return sum;
         }));
    when("The gradient that came in is forgotten: the weights alone are added up.",
         made(rows, inputs, [&](std::size_t, std::size_t input) {
             double sum = 0;
             for (const double weight : e.weights[input])
                 sum += weight;
             return sum;
         }));
    when("The input itself takes part; how far an output moves depends on the weight alone.",
         made(rows, inputs, [&](std::size_t row, std::size_t input) {
             return by_input[row][input] * e.input[row][input];
         }));
    if (inputs == outputs)
        when("Row and column of the weights are exchanged: the gradient of output j meets the "
             "weight in the input's row and column j.",
             plain::product(e.gradient, e.weights));
    const Sum sum{rows, inputs, outputs, [&](std::size_t row, std::size_t i, std::size_t j) {
                      return e.gradient[row][j] * e.weights[i][j];
                  }};
    const Mistakes others =
        joined(joined(summing(sum), left_out(by_input, e.before)), added(by_input, e.before));
    for (const support::Mistake& mistake : others)
        when(mistake.sentence, mistake.output);
    return mistakes;
}

} // namespace mistakes
