// What is often done wrong in linear_forward, and what comes out of it.
#pragma once

#include "support/product_mistakes.h"

namespace mistakes {

inline Mistakes linear_forward(const Grid& input, const Grid& weights, const Grid& bias,
                               const Grid& before) {
    const std::size_t rows = input.size(), inputs = weights.size(), outputs = weights[0].size();
    const Grid products = plain::product(input, weights);
    const auto everywhere = [&](auto number) { return made(rows, outputs, number); };
    const auto with_bias = [&](const Grid& sums) {
        return everywhere([&](std::size_t row, std::size_t column) {
            return sums[row][column] + bias[0][column];
        });
    };
    Mistakes mistakes = {
        {"The bias is forgotten; each column's bias is added once to every row.", products},
        {"The bias is added once for each input; it should be added once, after the sum.",
         everywhere([&](std::size_t row, std::size_t column) {
             return products[row][column] + static_cast<double>(inputs) * bias[0][column];
         })},
        {"The bias is added to row 0 alone; every row gets the same bias.",
         everywhere([&](std::size_t row, std::size_t column) {
             return products[row][column] + (row == 0 ? bias[0][column] : 0);
         })},
        {"The bias is subtracted; it should be added.",
         everywhere([&](std::size_t row, std::size_t column) {
             return products[row][column] - bias[0][column];
         })},
        {"Only the bias is there; the sum over the inputs, each times its weight, is missing.",
         everywhere([&](std::size_t, std::size_t column) { return bias[0][column]; })},
        {"All columns get the first number of the bias; each column has a bias of its own.",
         everywhere([&](std::size_t row, std::size_t column) {
             return products[row][column] + bias[0][0];
         })},
    };
    if (rows <= outputs)
        mistakes.push_back({"The bias is chosen by the row; it should be chosen by the column.",
                            everywhere([&](std::size_t row, std::size_t column) {
                                return products[row][column] + bias[0][row];
                            })});
    if (inputs == outputs)
        mistakes.push_back({"Row and column of the weights are exchanged; an input chooses the row "
                            "of the weights, an output the column.",
                            with_bias(plain::product(input, plain::transpose(weights)))});
    const Sum sum{rows, outputs, inputs, [&](std::size_t row, std::size_t column, std::size_t i) {
                      return input[row][i] * weights[i][column];
                  }};
    for (const support::Mistake& mistake : summing(sum))
        mistakes.push_back({mistake.sentence, with_bias(mistake.output)});
    const Grid right = with_bias(products);
    return joined(joined(mistakes, left_out(right, before)), added(right, before));
}

} // namespace mistakes
