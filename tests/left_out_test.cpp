// Models that were trained without a part: the same numbers as plain loops that lack it, the same
// stages as a whole model less those of the part, and no parameter that nothing is computed with.
#include "left_out.h"

#include "loss.h"
#include "trace/trace.h"

#include "support/matrices.h"
#include "support/plain_model.h"
#include "support/small_model.h"

#include <set>

using namespace whirlygig;
using namespace support;

namespace {

const Config sizes{
    .vocabulary = 7, .context = 9, .width = 6, .heads = 2, .hidden = 10, .layers = 2};
const std::vector<int> ids{5, 0, 3, 6, 1};

std::unique_ptr<Trace> trace_without(Without part, const Config& config = sizes) {
    const auto model = std::make_shared<Model>(small_model(without(part, config), 3));
    return make_trace(model, ids, Passes::forward_and_backward);
}

std::vector<std::string> forward_names(const Trace& trace) {
    std::vector<std::string> names;
    for (const Stage& stage : trace.forward_stages)
        names.push_back(stage.name);
    return names;
}

// Whether the stage is there only in models with this part.
bool belongs_to(Without part, const std::string& stage) {
    switch (part) {
    case Without::mask:
        return stage.ends_with(".masked");
    case Without::positions:
        return stage == "embedding.positions" || stage == "embedding.sum";
    case Without::scale:
        return stage.ends_with(".scaled");
    case Without::residual:
        return stage.ends_with(".residual");
    case Without::norm:
        return stage.ends_with(".norm");
    case Without::mlp:
        return stage.find(".mlp.") != stage.npos;
    default:
        return false;
    }
}

class LeftOut : public testing::TestWithParam<Without> {};

TEST_P(LeftOut, ThePassIsThatOfPlainLoops) {
    for (const bool tied : {false, true}) {
        Config config = sizes;
        config.tied = tied;
        const auto trace = trace_without(GetParam(), config);
        const Model& model = *trace->model;
        const plain::Named stages =
            plain::decoder(plain::by_name(model.parameters), model.config, ids, next_tokens(ids));
        std::size_t compared = 0;
        for (const Stage& stage : trace->forward_stages) {
            const auto expected = stages.find(stage.name);
            if (expected == stages.end()) continue;
            SCOPED_TRACE(stage.name);
            for (std::size_t row = 0; row < expected->second.size(); ++row) {
                for (std::size_t column = 0; column < stage.values.columns; ++column)
                    EXPECT_NEAR(stage.values(row, column), expected->second[row][column], 2e-5);
            }
            ++compared;
        }
        EXPECT_EQ(compared, stages.size());
    }
}

TEST_P(LeftOut, ItsStagesAreLeftOutAndNoOther) {
    const auto whole = trace_without(Without::nothing), trace = trace_without(GetParam());
    std::vector<std::string> expected = forward_names(*whole);
    std::erase_if(expected, [](const std::string& name) { return belongs_to(GetParam(), name); });
    EXPECT_LT(expected.size(), whole->forward_stages.size());
    EXPECT_EQ(forward_names(*trace), expected);
    std::set<std::string> known;
    for (const auto& parameter : list_parameters(trace->model->parameters))
        known.insert(parameter.name);
    for (const auto* stages : {&trace->forward_stages, &trace->backward_stages}) {
        for (const Stage& stage : *stages) {
            for (const Operand& operand : stage.made_from)
                EXPECT_TRUE(known.contains(operand.name)) << stage.name << ": " << operand.name;
            EXPECT_TRUE(known.insert(stage.name).second) << stage.name << " is there twice";
        }
    }
    for (const std::string& name : expected)
        EXPECT_TRUE(known.contains("gradient." + name)) << name;
}

TEST_P(LeftOut, WhatIsCountedIsWhatThereIsAndAllOfItMatters) {
    const auto trace = trace_without(GetParam());
    std::size_t count = 0;
    for (const auto& parameter : list_parameters(trace->parameter_gradient)) {
        count += parameter.values.size();
        Real largest = 0;
        for (const Real number : parameter.values)
            largest = std::max(largest, std::abs(number));
        const bool no_effect = parameter.name.ends_with("key_bias"); // in any model
        if (!no_effect) {
            EXPECT_GT(largest, 1e-6) << parameter.name;
        }
    }
    EXPECT_EQ(count, count_parameters(trace->model->config));
}

TEST_P(LeftOut, ThePassGoesOnFromEveryStage) {
    const auto trace = trace_without(GetParam());
    const double loss = mean_loss(*trace);
    for (const Stage& stage : trace->forward_stages) {
        if (stage.name == "loss") continue;
        Real& cell = const_cast<Real&>(stage.values.data[0]);
        const Real before = cell;
        cell += Real(0.5);
        forward_from(*trace, stage.name);
        // The first place may look at one key only, whatever its query is.
        const bool no_effect = stage.name.ends_with("queries") || stage.name.ends_with("scores") ||
                               stage.name.ends_with("scaled") || stage.name.ends_with("masked");
        if (!no_effect || GetParam() == Without::mask) {
            EXPECT_NE(mean_loss(*trace), loss) << stage.name;
        }
        cell = before;
        forward_from(*trace, stage.name);
        EXPECT_EQ(mean_loss(*trace), loss) << stage.name;
    }
}

INSTANTIATE_TEST_SUITE_P(Parts, LeftOut, testing::ValuesIn(all_parts()),
                         [](const auto& info) { return std::string(name_of(info.param).name); });

TEST(Without, EveryPartHasItsName) {
    for (const WithoutName& entry : without_names) {
        EXPECT_EQ(without_called(entry.name), entry.part);
        EXPECT_EQ(name_of(entry.part).name, entry.name);
    }
    EXPECT_FALSE(without_called("legs").has_value());
}

TEST(Without, PositionsStayZeroWhateverIsDrawn) {
    Model model{without(Without::positions, sizes), {}};
    Random random(1);
    initialize(model, Initialization::readable, random);
    for (const Real number : model.parameters.embedding.position_table.data())
        EXPECT_EQ(number, 0);
}

} // namespace
