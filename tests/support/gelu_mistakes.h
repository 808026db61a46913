// What is often done wrong in the exercises of gelu.cpp, and what comes out of it.
#pragma once

#include "support/matrix_mistakes.h"

namespace mistakes {

template <class Number>
Grid each(const Grid& grid, Number number) {
    return made(grid.size(), grid[0].size(),
                [&](std::size_t row, std::size_t column) { return number(grid[row][column]); });
}

inline double gelu_bend(double x) {
    return std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x);
}

inline double gelu_gate(double x) {
    return (1 + std::tanh(gelu_bend(x))) / 2;
}

// The gate at each of these numbers.
inline Mistakes gate(const Grid& numbers) {
    const double root = std::sqrt(2 / std::numbers::pi);
    const auto opened = [](double u) { return (1 + std::tanh(u)) / 2; };
    const auto all = [&](auto number) { return each(numbers, number); };
    return {
        {"x is multiplied in here already; the gate alone is wanted, gelu_forward multiplies.",
         all([](double x) { return x * gelu_gate(x); })},
        {"tanh alone goes from −1 to 1; the gate is (1 + tanh) / 2.",
         all([](double x) { return std::tanh(gelu_bend(x)); })},
        {"1 + tanh is not halved, so the gate opens to 2.",
         all([](double x) { return 1 + std::tanh(gelu_bend(x)); })},
        {"Only tanh is halved; 1 + tanh needs brackets around it.",
         all([](double x) { return 1 + std::tanh(gelu_bend(x)) / 2; })},
        {"The gate is always 0: with whole numbers 1 / 2 is 0.", all([](double) { return 0.0; })},
        {"The term with x³ is forgotten.", all([&](double x) { return opened(root * x); })},
        {"x is squared; it should be cubed, x · x · x.",
         all([&](double x) { return opened(root * (x + 0.044715 * x * x)); })},
        {"The factor √(2/π) is forgotten.",
         all([&](double x) { return opened(x + 0.044715 * x * x * x); })},
        {"The factor is 2/π; it should be its square root, gelu_slope.",
         all([&](double x) { return opened(root * root * (x + 0.044715 * x * x * x)); })},
        {"Only x is multiplied by √(2/π); x + 0.044715 · x³ needs brackets around it.",
         all([&](double x) { return opened(root * x + 0.044715 * x * x * x); })},
        {"The exponent is −u; it should be −2u.",
         all([](double x) { return 1 / (1 + std::exp(-gelu_bend(x))); })},
        {"The gate is the wrong way round: it opens below zero.",
         all([](double x) { return 1 - gelu_gate(x); })},
        {"This is the gate of the exact GELU, made with erf; here the tanh form is used, as in "
         "GPT-2.",
         all([](double x) { return (1 + std::erf(x / std::numbers::sqrt2)) / 2; })},
        {"This is the quick gate 1 / (1 + exp(−1.702 · x)); here the tanh form is used.",
         all([](double x) { return 1 / (1 + std::exp(-1.702 * x)); })},
        {"This gate is either shut or open, as ReLU's is; GELU's opens bit by bit.",
         all([](double x) { return x > 0 ? 1.0 : 0.0; })},
    };
}

inline Mistakes gelu_forward(const Grid& hidden, const Grid& before) {
    const auto all = [&](auto number) { return each(hidden, number); };
    const Grid right = all([](double x) { return x * gelu_gate(x); });
    const Mistakes mistakes = {
        {"The gate itself is written; each number should be multiplied by its gate.",
         all([](double x) { return gelu_gate(x); })},
        {"The numbers are copied as they are; each should be multiplied by its gate.", hidden},
        {"The gate is added; it should be multiplied.",
         all([](double x) { return x + gelu_gate(x); })},
        {"The number is multiplied by its gate twice.",
         all([](double x) { return x * gelu_gate(x) * gelu_gate(x); })},
        {"The gate is multiplied by itself; the number should be multiplied by it.",
         all([](double x) { return gelu_gate(x) * gelu_gate(x); })},
        {"This is ReLU: what is below zero becomes 0. GELU lets a little of it through.",
         all([](double x) { return std::max(x, 0.0); })},
        {"Each number is divided by its gate; it should be multiplied.",
         all([](double x) { return x / gelu_gate(x); })},
        {"Every row is made from row 0 of hidden.",
         made(hidden.size(), hidden[0].size(),
              [&](std::size_t, std::size_t column) { return right[0][column]; })},
        {"Rows and columns of the result are exchanged.", plain::transpose(right)},
    };
    return joined(joined(mistakes, left_out(right, before)), added(right, before));
}

} // namespace mistakes
