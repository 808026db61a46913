// A pass in which a function throws: everything before its stage is there, nothing after it is made
// up.
#include "support/error_sentence.h"
#include "support/small_model.h"
#include "trace/stage_functions.h"
#include "trace/trace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace {

using namespace whirlygig;

const std::vector<int> text = {5, 0, 3, 6};

std::shared_ptr<Model> healthy_model() {
    return std::make_shared<Model>(
        support::small_model(support::config_of(7, 8, 2, 3, 10, 2, false), 1));
}

// The softmax of block 1, head 0 has nothing to share out.
std::shared_ptr<Model> model_that_stops() {
    auto model = healthy_model();
    fill(model->parameters.blocks[1].attention.heads[0].query.bias,
         std::numeric_limits<Real>::quiet_NaN());
    return model;
}

std::vector<Real> values_of(const Stage& stage) {
    return {stage.values.data, stage.values.data + stage.values.rows * stage.values.columns};
}

TEST(StoppedTrace, APassThatDoesNotStopIsTheUsualOne) {
    const auto whole = make_trace(healthy_model(), text, Passes::forward_and_backward);
    const auto tried =
        make_trace_while_possible(healthy_model(), text, Passes::forward_and_backward);
    EXPECT_FALSE(tried->stopped);
    ASSERT_EQ(tried->backward_stages.size(), whole->backward_stages.size());
    EXPECT_EQ(values_of(tried->stage("gradient.embedding.sum")),
              values_of(whole->stage("gradient.embedding.sum")));
}

TEST(StoppedTrace, SaysAtWhichStageAndWhy) {
    const auto trace =
        make_trace_while_possible(model_that_stops(), text, Passes::forward_and_backward);
    ASSERT_TRUE(trace->stopped);
    EXPECT_EQ(trace->stopped->stage, "block.1.head.0.attention_weights");
    EXPECT_NE(trace->stopped->sentence.find("row 0"), std::string::npos);
    EXPECT_TRUE(trace->backward_stages.empty());
}

TEST(StoppedTrace, EverythingBeforeIsThereAndAllHasItsShape) {
    const auto whole = make_trace(healthy_model(), text, Passes::forward);
    const auto trace = make_trace_while_possible(model_that_stops(), text, Passes::forward);
    ASSERT_EQ(trace->forward_stages.size(), whole->forward_stages.size());
    bool reached = false;
    for (std::size_t number = 0; number < whole->forward_stages.size(); ++number) {
        const Stage& stage = trace->forward_stages[number];
        const Stage& expected = whole->forward_stages[number];
        EXPECT_EQ(stage.name, expected.name);
        EXPECT_EQ(stage.values.rows, expected.values.rows) << stage.name;
        EXPECT_EQ(stage.values.columns, expected.values.columns) << stage.name;
        reached = reached || stage.name == trace->stopped->stage;
        const std::vector<Real> values = values_of(stage);
        const bool spoilt = stage.name.starts_with("block.1.head.0."); // by the bias
        if (!reached && !spoilt) {
            EXPECT_EQ(values, values_of(expected)) << stage.name;
        }
        if (reached) {
            EXPECT_TRUE(std::all_of(values.begin(), values.end(), [](Real x) { return x == 0; }))
                << stage.name;
        }
    }
    EXPECT_TRUE(reached);
}

TEST(StoppedTrace, TextsThatDoNotFitAreRefusedAsEver) {
    const auto refuse = [](std::vector<int> ids) {
        return error_sentence(
            [&] { make_trace_while_possible(model_that_stops(), ids, Passes::forward); });
    };
    EXPECT_NE(refuse(std::vector<int>(9, 1)).find("context is 8"), std::string::npos);
    EXPECT_NE(refuse({1, 7}).find("token id 7"), std::string::npos);
}

TEST(StageFunctions, EveryStageButACopyIsMadeBySomeFunction) {
    const auto trace = make_trace(healthy_model(), text, Passes::forward_and_backward);
    for (const auto* stages : {&trace->forward_stages, &trace->backward_stages}) {
        for (const Stage& stage : *stages) {
            const bool none =
                stage.operation == Operation::copy || stage.operation == Operation::mean_share;
            EXPECT_EQ(function_of(stage).empty(), none) << stage.name;
        }
    }
    for (const auto& [stage, function] : std::vector<std::pair<std::string, std::string>>{
             {"embedding.positions", "look_up_positions"},
             {"embedding.sum", "add"},
             {"block.0.head.1.keys", "linear_forward"},
             {"block.0.head.1.scores", "attention_scores"},
             {"block.1.head.0.scaled", "scale_scores"},
             {"block.1.head.0.masked", "causal_mask_forward"},
             {"block.1.head.0.attention_weights", "softmax_forward"},
             {"block.1.head.0.mixed", "mix_values"},
             {"block.1.attention.output", "linear_forward"},
             {"logits", "product_a_bt"},
             {"gradient.block.1.head.0.values", "mix_values_backward"},
             {"gradient.block.1.head.0.queries", "attention_scores_backward"},
             {"gradient.block.0.mlp.hidden", "gelu_backward"},
             {"gradient.block.0.mlp.norm.shift", "layer_norm_backward"},
             {"gradient.embedding.token_table", "embedding_backward"}})
        EXPECT_EQ(function_of(trace->stage(stage)), function) << stage;
}

} // namespace
