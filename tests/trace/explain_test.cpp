// The explanation of every cell of every stage, forward and backward, evaluates to what is stored.
#include "error.h"
#include "support/small_model.h"
#include "trace/explain.h"

#include <gtest/gtest.h>

#include <cmath>
#include <type_traits>

namespace {

using namespace whirlygig;

constexpr double tolerance = std::is_same_v<Real, double> ? 1e-14 : 1e-6;

std::unique_ptr<Trace> trace_of(const Config& config, std::vector<int> ids, std::uint64_t seed) {
    const auto model = std::make_shared<Model>(support::small_model(config, seed));
    return make_trace(model, std::move(ids), Passes::forward_and_backward);
}

void expect_explained(const Stage& stage) {
    for (std::size_t row = 0; row < stage.values.rows; ++row) {
        for (std::size_t column = 0; column < stage.values.columns; ++column) {
            const Expression expression = explain(stage, row, column);
            const double stored = stage.values(row, column);
            if (stored == expression.value) continue; // −∞, too
            EXPECT_LE(std::abs(stored - expression.value), tolerance * expression.magnitude)
                << stage.name << " (" << row << ", " << column << "): " << to_text(expression, {9});
        }
    }
}

TEST(Explain, EveryCellOfEveryStageIsItsArithmetic) {
    for (const bool tied : {false, true}) {
        for (const std::uint64_t seed : {1, 2, 3}) {
            const auto trace =
                trace_of(support::config_of(7, 9, 2, 3, 10, 2, tied), {5, 0, 3, 3, 6, 1}, seed);
            for (const Stage& stage : trace->forward_stages)
                expect_explained(stage);
            for (const Stage& stage : trace->backward_stages)
                expect_explained(stage);
        }
    }
}

TEST(Explain, EveryCellOfAModelWithoutAPartIsItsArithmetic) {
    for (const Without part : support::all_parts()) {
        for (const bool tied : {false, true}) {
            const auto trace =
                trace_of(support::without(part, support::config_of(7, 9, 2, 3, 10, 2, tied)),
                         {5, 0, 3, 3}, 1);
            for (const auto* stages : {&trace->forward_stages, &trace->backward_stages}) {
                for (const Stage& stage : *stages)
                    expect_explained(stage);
            }
        }
    }
}

// Were magnitudes huge, the test above could not fail.
TEST(Explain, MagnitudesAreOfTheSizeOfTheTerms) {
    const auto trace = trace_of(support::config_of(7, 9, 2, 3, 10, 2, false), {5, 0, 3, 6, 1}, 4);
    const Stage& scores = trace->stage("block.1.head.1.scores");
    const HeadActivations& head = trace->activations.blocks[1].attention.heads[1];
    double sizes = 0;
    for (std::size_t k = 0; k < 3; ++k)
        sizes += std::abs(double(head.queries(4, k)) * head.keys(2, k));
    EXPECT_DOUBLE_EQ(explain(scores, 4, 2).magnitude, sizes);
    for (const Stage& stage : trace->forward_stages) {
        for (std::size_t row = 0; row < stage.values.rows; ++row) {
            EXPECT_LT(explain(stage, row, 0).magnitude, 1000) << stage.name;
        }
    }
}

TEST(Explain, AWrongNumberIsNoticed) {
    const auto trace = trace_of(support::config_of(7, 9, 2, 3, 10, 1, false), {5, 0, 3, 6, 1}, 5);
    for (const auto* stages : {&trace->forward_stages, &trace->backward_stages}) {
        for (const Stage& stage : *stages) {
            const Expression expression = explain(stage, 0, 0);
            if (!std::isfinite(expression.value)) continue;
            const double wrong = expression.value + 0.01 * (1 + std::abs(expression.value));
            EXPECT_GT(std::abs(wrong - expression.value), 1e-6 * expression.magnitude)
                << stage.name;
        }
    }
}

TEST(Explain, TheMaskIsMinusInfinityAndItsShareZero) {
    const auto trace = trace_of(support::config_of(7, 9, 2, 3, 10, 1, false), {5, 0, 3}, 6);
    const Expression masked = explain(trace->stage("block.0.head.0.masked"), 0, 2);
    EXPECT_EQ(to_text(masked), "−∞");
    const Expression share = explain(trace->stage("block.0.head.0.attention_weights"), 0, 2);
    EXPECT_EQ(share.value, 0);
    EXPECT_NE(to_text(share).find("exp(−∞"), std::string::npos) << to_text(share);
}

TEST(Explain, ACellThatDoesNotExistIsAnError) {
    const auto trace = trace_of(support::config_of(7, 9, 2, 3, 10, 1, false), {5, 0, 3}, 7);
    EXPECT_THROW(explain(trace->stage("logits"), 3, 0), Error);
    EXPECT_THROW(explain(trace->stage("logits"), 0, 7), Error);
}

} // namespace
