// Every gradient of a whole model against central differences, in double: by every element of every
// parameter, and by every cell of every stage.
#include "loss.h"
#include "parameters.h"
#include "support/small_model.h"
#include "trace/trace.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace whirlygig;

constexpr double step = 1e-5;

struct Case {
    const char* name;
    Config config;
    std::vector<int> ids;
    std::uint64_t seed;
};

std::ostream& operator<<(std::ostream& stream, const Case& item) {
    return stream << item.name;
}

// The mean loss of the text, by a pass of its own.
double loss_of(const Model& model, const std::vector<int>& ids) {
    Activations activations;
    activations.ids = ids;
    activations.targets = next_tokens(ids);
    forward(model, activations);
    forward_loss(activations);
    double total = 0;
    for (std::size_t place = 0; place < activations.loss.size1(); ++place) {
        total += activations.loss(place, 0);
    }
    return total / static_cast<double>(activations.loss.size1());
}

void expect_slope(double analytic, double numeric, const std::string& where) {
    const double allowed = 1e-6 * std::max(std::abs(analytic), std::abs(numeric)) + 1e-8;
    EXPECT_LE(std::abs(analytic - numeric), allowed)
        << where << ": the gradient is " << analytic << ", the central difference " << numeric;
}

// Without a part; with two blocks, so that gradients come through a whole one.
Case without(const char* name, Without part, bool tied, std::uint64_t seed) {
    const std::size_t layers = tied ? 1 : 2;
    const Config config = support::config_of(6, 7, 2, 3, 5, layers, tied);
    return {name, support::without(part, config), {1, 5, 0, 2}, seed};
}

class Gradient : public testing::TestWithParam<Case> {};

TEST_P(Gradient, ByEveryParameterIsTheCentralDifference) {
    const Case& item = GetParam();
    auto model = std::make_shared<Model>(support::small_model(item.config, item.seed));
    const auto trace = make_trace(model, item.ids, Passes::forward_and_backward);
    const auto gradients = list_parameters(std::as_const(trace->parameter_gradient));
    const auto parameters = list_parameters(model->parameters);
    std::size_t compared = 0;
    for (std::size_t p = 0; p < parameters.size(); ++p) {
        for (std::size_t index = 0; index < parameters[p].values.size(); ++index) {
            Real& value = parameters[p].values[index];
            const Real before = value;
            value = before + step;
            const double above = loss_of(*model, item.ids);
            value = before - step;
            const double below = loss_of(*model, item.ids);
            value = before;
            expect_slope(gradients[p].values[index], (above - below) / (2 * step),
                         parameters[p].name + " " + std::to_string(index));
            ++compared;
        }
    }
    EXPECT_EQ(compared, count_parameters(item.config));
}

TEST_P(Gradient, ByEveryCellOfEveryStageIsTheCentralDifference) {
    const Case& item = GetParam();
    const auto model = std::make_shared<Model>(support::small_model(item.config, item.seed));
    const auto trace = make_trace(model, item.ids, Passes::forward_and_backward);
    for (const Stage& stage : trace->forward_stages) {
        const Stage& gradient = trace->stage("gradient." + stage.name);
        ASSERT_EQ(gradient.values.rows, stage.values.rows) << stage.name;
        ASSERT_EQ(gradient.values.columns, stage.values.columns) << stage.name;
        for (std::size_t row = 0; row < stage.values.rows; ++row) {
            for (std::size_t column = 0; column < stage.values.columns; ++column) {
                // The trace is this test's own, so its numbers may be changed.
                Real& cell =
                    const_cast<Real&>(stage.values.data[row * stage.values.columns + column]);
                const Real before = cell;
                cell = before + step;
                forward_from(*trace, stage.name);
                const double above = mean_loss(*trace);
                cell = before - step;
                forward_from(*trace, stage.name);
                const double below = mean_loss(*trace);
                cell = before;
                expect_slope(gradient.values(row, column), (above - below) / (2 * step),
                             stage.name + " (" + std::to_string(row) + ", " +
                                 std::to_string(column) + ")");
            }
        }
        forward_from(*trace, stage.name); // put the record right again
    }
}

INSTANTIATE_TEST_SUITE_P(
    Models, Gradient,
    testing::Values(
        Case{"untied", support::config_of(7, 8, 2, 3, 10, 2, false), {5, 0, 3, 6, 1}, 1},
        Case{"tied", support::config_of(9, 6, 3, 5, 11, 1, true), {4, 7, 4, 2}, 2},
        Case{
            "full_context", support::config_of(5, 7, 1, 4, 13, 3, false), {4, 0, 0, 3, 1, 4, 2}, 3},
        Case{"two_tokens", support::config_of(6, 3, 4, 2, 5, 1, true), {5, 2}, 4},
        without("without_mask", Without::mask, false, 5),
        without("without_positions", Without::positions, false, 6),
        without("without_positions_tied", Without::positions, true, 7),
        without("without_scale", Without::scale, false, 8),
        without("without_residual", Without::residual, false, 9),
        without("without_norm", Without::norm, false, 10),
        without("without_norm_tied", Without::norm, true, 13),
        without("without_mlp", Without::mlp, false, 12)),
    [](const auto& info) { return std::string(info.param.name); });

} // namespace
