// Lesson 11: the way back through a head, into the input, and past a block.
#include "attention.h"
#include "examples.h"
#include "grid.h"
#include "linear.h"
#include "softmax.h"

#include <fmt/format.h>

namespace whirlygig {

namespace {

const Words two_words = {"blue", "cat"};

Words counted(const std::string& word, std::size_t count) {
    Words words;
    for (std::size_t i = 0; i < count; ++i)
        words.push_back(fmt::format("{} {}", word, i));
    return words;
}

std::string softmax_text() {
    const Words columns = {"Ben", "Dia", "Eli"};
    const Matrix shares = matrix_of({{0.5F, 0.25F, 0.25F}}), by_shares = matrix_of({{4, 0, 0}});
    Matrix by_scores;
    softmax_backward(by_shares, shares, by_scores);
    std::string text = grid("attention weights", shares, {"Ada"}, columns, 2);
    text += grid("gradient by the attention weights", by_shares, {"Ada"}, columns, 2);
    return text + grid("gradient by the scores", by_scores, {"Ada"}, columns, 2);
}

// Attention weights that were made up to be easy, as if they had come of a softmax.
std::string head_text() {
    const Matrix weights = matrix_of({{1, 0}, {0.5F, 0.5F}}), values = matrix_of({{1, 2}, {4, 8}});
    const Matrix queries = matrix_of({{1, 0, 2, 0}, {0, 1, 0, 1}});
    const Matrix keys = matrix_of({{1, 1, 0, 0}, {0, 2, 1, 0}});
    const Matrix by_mixed = matrix_of({{1, 0}, {2, 1}});
    Matrix by_weights, by_values, by_masked, by_scaled, by_scores, by_queries, by_keys;
    mix_values_backward(by_mixed, weights, values, by_weights, by_values);
    softmax_backward(by_weights, weights, by_masked);
    causal_mask_backward(by_masked, by_scaled);
    scale_scores_backward(by_scaled, 4, by_scores);
    attention_scores_backward(by_scores, queries, keys, by_queries, by_keys);
    const Words wide = counted("column", 4), narrow = counted("column", 2);
    std::string text = grid("attention weights", weights, two_words, two_words, 1);
    text += grid("values", values, two_words, narrow, 0);
    text += grid("queries", queries, two_words, wide, 0);
    text += grid("keys", keys, two_words, wide, 0);
    text += "\nBACK THROUGH THE BLEND\n\n" +
            grid("5. gradient by mixed: it came from later", by_mixed, two_words, narrow, 0);
    text += grid("   gradient by the attention weights", by_weights, two_words, two_words, 0);
    text += grid("   gradient by the values", by_values, two_words, narrow, 1);
    text += "\nBACK TO THE SCORES\n\n" +
            grid("4. through the softmax: gradient by masked", by_masked, two_words, two_words, 1);
    text += grid("3. through the mask: gradient by scaled", by_scaled, two_words, two_words, 1);
    text += grid("2. divided by √4: gradient by the scores", by_scores, two_words, two_words, 1);
    text += "\nBACK TO QUERIES AND KEYS\n\n" +
            grid("1. gradient by the queries", by_queries, two_words, wide, 1);
    return text + grid("   gradient by the keys", by_keys, two_words, wide, 1);
}

std::string three_ways_text() {
    const Matrix input = matrix_of({{5, 7}});
    struct Way {
        std::string name;
        Matrix weights; // (2, 1)
        Real back;
    };
    const Way ways[] = {{"queries", matrix_of({{1}, {0}}), 1},
                        {"keys", matrix_of({{0}, {1}}), 2},
                        {"values", matrix_of({{1}, {1}}), 3}};
    std::string text = "                     back comes   weights   so by the input\n";
    Matrix sum = matrix_of({{0, 0}});
    for (const Way& way : ways) {
        const LinearParameters parameters{way.weights, Vector(1, Real(0))};
        LinearParameters gradient = parameters;
        Matrix by_input;
        linear_backward(matrix_of({{way.back}}), input, parameters, by_input, gradient);
        sum += by_input;
        text += fmt::format("  through the {:<8} {:>8}   {:>4} {:>2}   {:>10} {:>3}\n", way.name,
                            number(way.back, 0), number(way.weights(0, 0), 0),
                            number(way.weights(1, 0), 0), number(by_input(0, 0), 0),
                            number(by_input(0, 1), 0));
    }
    return text + fmt::format("  {:<38}   {:>10} {:>3}\n", "all three, added up",
                              number(sum(0, 0), 0), number(sum(0, 1), 0));
}

// What comes back through so many blocks that each multiply by 0.1, when 1 goes in at the end.
std::string residual_text() {
    const LinearParameters block{matrix_of({{0.1F}}), Vector(1, Real(0))};
    LinearParameters gradient = block;
    std::string text = "blocks   only through them   through and past them\n";
    for (const int blocks : {1, 2, 4, 8}) {
        Matrix through = matrix_of({{1}}), both = matrix_of({{1}}), way;
        for (int i = 0; i < blocks; ++i) {
            linear_backward(through, matrix_of({{0}}), block, way, gradient);
            through = way;
            linear_backward(both, matrix_of({{0}}), block, way, gradient);
            both += way;
        }
        text += fmt::format("{:>6}   {:>17}   {:>21}\n", blocks, number(through(0, 0), 8),
                            number(both(0, 0), 4));
    }
    return text;
}

} // namespace

std::string attention_backward_example() {
    std::string text = "SOFTMAX\n\n" + softmax_text();
    text += "\nA HEAD\n\n" + head_text();
    text += "\nTHREE WAYS\n\n" + three_ways_text();
    text += "\nTHROUGH AND PAST\n\n" + residual_text();
    return text;
}

} // namespace whirlygig
