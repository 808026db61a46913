// The nudge beside the gradient by backpropagation: for every parameter of trained models.
#include "error.h"
#include "nudge.h"
#include "parameters.h"
#include "support/error_sentence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace {

using namespace whirlygig;

const std::filesystem::path corpora = WHIRLYGIG_CORPORA;

struct Case {
    const char* name;
    const char* corpus;
    const char* text;
};

std::ostream& operator<<(std::ostream& stream, const Case& item) {
    return stream << item.name;
}

double largest_of(std::span<const Real> numbers) {
    double largest = 0;
    for (const Real number : numbers)
        largest = std::max(largest, std::abs(static_cast<double>(number)));
    return largest;
}

// Where the gradient is largest, where it is in the middle, and the parameter's last number.
std::vector<std::size_t> cells_to_try(std::span<const Real> gradient) {
    std::vector<std::size_t> order(gradient.size());
    for (std::size_t index = 0; index < order.size(); ++index)
        order[index] = index;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::abs(gradient[a]) > std::abs(gradient[b]);
    });
    return {order.front(), order[order.size() / 2], gradient.size() - 1};
}

class Nudged : public testing::TestWithParam<Case> {
protected:
    void SetUp() override {
        open_model(state, corpora / GetParam().corpus / "model", GetParam().text);
    }

    State state;
};

TEST_P(Nudged, EveryParameterHasTheSlopeOfItsGradient) {
    constexpr double tolerance = 0.02; // of all cells, the worst is off by 0.008
    for (const auto& gradient : list_parameters(std::as_const(state.trace->parameter_gradient))) {
        // Adding the same to all keys changes all scores of a row alike, and the softmax not at
        // all: there is no slope but rounding.
        const bool flat = gradient.name.ends_with("key_bias");
        const double largest = largest_of(gradient.values);
        for (const std::size_t index : cells_to_try(gradient.values)) {
            const CellRef cell{gradient.name, index / gradient.columns, index % gradient.columns};
            const Nudge nudge = nudge_parameter(state, cell);
            const std::string where =
                fmt::format("{} ({}, {}), ε = {}", cell.matrix, cell.row, cell.column, nudge.step);
            EXPECT_EQ(nudge.parameter, cell);
            EXPECT_GT(nudge.step, 0) << where;
            EXPECT_EQ(nudge.gradient, gradient.values[index]) << where;
            EXPECT_NEAR(nudge.difference, (nudge.loss_above - nudge.loss_below) / (2 * nudge.step),
                        1e-12)
                << where;
            EXPECT_NEAR(nudge.difference, nudge.gradient, flat ? 1e-5 : tolerance * largest)
                << where;
        }
    }
}

TEST_P(Nudged, TheLossesLieAroundTheTextsOwn) {
    const Nudge nudge = nudge_parameter(state, {"final.norm.gain", 0, 0});
    const double loss = mean_loss(*state.trace);
    const double reach = 10 * nudge.step * std::abs(nudge.gradient) + 1e-4;
    EXPECT_NEAR(nudge.loss_below, loss, reach);
    EXPECT_NEAR(nudge.loss_above, loss, reach);
}

TEST_P(Nudged, TheModelStaysAsItWas) {
    const std::uint64_t before = hash_parameters(state.folder.model->parameters);
    nudge_parameter(state, {"block.0.mlp.up_weights", 3, 5});
    EXPECT_EQ(hash_parameters(state.folder.model->parameters), before);
}

INSTANTIATE_TEST_SUITE_P(
    Models, Nudged,
    testing::Values(Case{"OneBlock", "creatures", "the fluffy blue creature floated in the forest"},
                    Case{"TwoBlocks", "reviews",
                         "the WhirlyGigs were awful and the SpinTops were superb . stars : 1"}),
    [](const auto& item) { return item.param.name; });

TEST(Nudge, SaysHowWellTheSlopesAgree) {
    Nudge nudge;
    nudge.step = 0.01;
    nudge.difference = 1;
    nudge.gradient = 1.01;
    expect_contains(words_of(nudge), "differ by 0.99 %");
    nudge.gradient = 1;
    expect_contains(words_of(nudge), "the same");
    nudge.difference = 1e-9;
    nudge.gradient = 0;
    expect_contains(words_of(nudge), "Both slopes are 0");
}

TEST(Nudge, RefusesWhatCannotBeNudged) {
    State state;
    open_model(state, corpora / "creatures" / "model", "the fluffy blue");
    expect_contains(error_sentence([&] {
                        nudge_parameter(state, {"logits", 0, 0});
                    }),
                    "logits is no parameter");
    expect_contains(error_sentence([&] {
                        nudge_parameter(state, {"unembedding", 0, 99});
                    }),
                    "unembedding has no cell (0, 99)");
    open_model(state, corpora / "creatures" / "model", "the");
    expect_contains(error_sentence([&] {
                        nudge_parameter(state, {"unembedding", 0, 0});
                    }),
                    "two tokens or more");
}

} // namespace
