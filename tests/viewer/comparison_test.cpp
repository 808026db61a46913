// A pass from a file beside the one that is shown.
#include "support/creature_viewer.h"
#include "support/error_sentence.h"
#include "support/temporary_folder.h"

#include "files/trace_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

using namespace whirlygig;

namespace {

class ComparisonTest : public support::CreatureViewer {
protected:
    // The same pass, in which a cell can be spoiled.
    std::unique_ptr<Trace> again() const {
        return make_trace(state.folder.model, state.trace->ids, Passes::forward_and_backward);
    }

    void compare_with(const Trace& trace) {
        write_trace(folder / "there.safetensors", trace, state.folder.wording);
        open_comparison(state, folder / "there.safetensors");
        screen.frame();
        screen.frame();
    }

    TemporaryFolder folder;
};

const Stage& stage_at(const Trace& trace, std::size_t number) {
    const std::size_t forward = trace.forward_stages.size();
    return number < forward ? trace.forward_stages[number]
                            : trace.backward_stages[number - forward];
}

double largest_in(const Numbers& numbers) {
    double largest = 0;
    for (std::size_t index = 0; index < numbers.rows * numbers.columns; ++index) {
        const double size = std::abs(numbers.data[index]);
        if (std::isfinite(size)) largest = std::max(largest, size);
    }
    return largest;
}

// Adds to the last finite number of the stage's middle row or, where there is none, of another.
CellRef spoil(const Stage& stage, double by) {
    for (std::size_t turn = 0; turn < stage.values.rows; ++turn) {
        const std::size_t row = (stage.values.rows / 2 + turn) % stage.values.rows;
        for (std::size_t column = stage.values.columns; column-- > 0;) {
            if (!std::isfinite(stage.values(row, column))) continue;
            Real& number =
                const_cast<Real*>(stage.values.data)[row * stage.values.columns + column];
            number += static_cast<Real>(by);
            return {stage.name, row, column};
        }
    }
    ADD_FAILURE() << stage.name << " has no finite number";
    return {};
}

TEST_F(ComparisonTest, FindsAWrongCellInEachKindOfStage) {
    std::set<Operation> seen;
    for (std::size_t number = 0; number < state.timeline.stages.size(); ++number) {
        const auto trace = again();
        const Stage& stage = stage_at(*trace, number);
        if (!seen.insert(stage.operation).second) continue;
        const CellRef cell = spoil(stage, 0.25);
        compare_with(*trace);
        ASSERT_EQ(state.comparison.complaint, "");
        ASSERT_FALSE(state.comparison.difference.stages.empty()) << stage.name;
        EXPECT_EQ(state.comparison.difference.stages.front().name, stage.name);
        ASSERT_TRUE(state.pinned) << stage.name;
        EXPECT_EQ(*state.pinned, cell);
        EXPECT_EQ(this->stage(), stage.name);
        const std::optional<Diagnosis> found = diagnose(state, cell);
        ASSERT_TRUE(found) << stage.name;
        EXPECT_FALSE(found->follows) << stage.name;
        EXPECT_EQ(found->different_inputs, 0u) << stage.name;
        EXPECT_NEAR(found->there - found->here, 0.25, 1e-5) << stage.name;
        EXPECT_NEAR(found->expected, found->here, 1e-4) << stage.name;
        EXPECT_TRUE(reads("here it goes wrong")) << stage.name;
    }
    EXPECT_GE(seen.size(), 22u);
}

// What counts as a difference depends on how large the stage's numbers are, for the cell as for
// what goes into it.
TEST_F(ComparisonTest, ACellIsMeasuredByItsStage) {
    for (std::size_t number = 0; number < state.timeline.stages.size(); ++number) {
        const double limit = 1e-4 * largest_in(state.timeline.stages[number]->values);
        if (limit < 1e-7) continue; // a gradient by key biases: see below
        for (const double times : {0.9, 3.0}) {
            const auto trace = again();
            const CellRef cell = spoil(stage_at(*trace, number), times * limit);
            compare_with(*trace);
            SCOPED_TRACE(fmt::format("{} {}", cell.matrix, times));
            const std::optional<Diagnosis> found = diagnose(state, cell);
            ASSERT_TRUE(found);
            EXPECT_EQ(found->differs, times > 1);
            EXPECT_EQ(state.comparison.difference.stages.size(), times > 1 ? 1u : 0u);
            EXPECT_EQ(found->follows, times < 1);
            EXPECT_EQ(found->different_inputs, 0u);
            EXPECT_EQ(reads("here it goes wrong"), times > 1);
        }
    }
}

// The terms of this sum cancel out: it is 0 but for what rounding does to them.
TEST_F(ComparisonTest, WhatRoundingMayDoIsNotWrong) {
    const std::string stage = "gradient.block.0.head.1.key_bias";
    auto trace = again();
    const CellRef cell = spoil(trace->stage(stage), 5e-8); // below the floor of 1e-7
    compare_with(*trace);
    EXPECT_FALSE(diagnose(state, cell)->differs);
    EXPECT_TRUE(diagnose(state, cell)->follows);
    EXPECT_TRUE(reads("No number differs"));
    trace = again();
    spoil(trace->stage(stage), 1e-5);
    compare_with(*trace);
    EXPECT_FALSE(diagnose(state, cell)->follows);
    EXPECT_TRUE(reads("here it goes wrong"));
}

TEST_F(ComparisonTest, LaterStagesFollowFromAnEarlierMistake) {
    const auto trace = again();
    trace->activations.blocks[0].attention.heads[1].scores(3, 1) += Real(0.75);
    forward_from(*trace, "block.0.head.1.scores");
    compare_with(*trace);
    EXPECT_EQ(this->stage(), "block.0.head.1.scores");
    EXPECT_EQ(*state.pinned, (CellRef{"block.0.head.1.scores", 3, 1}));
    click("Next stage##difference");
    EXPECT_EQ(this->stage(), "block.0.head.1.scaled");
    std::optional<Diagnosis> found = diagnose(state, *state.pinned);
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->follows);
    EXPECT_EQ(found->different_inputs, 1u);
    EXPECT_TRUE(reads("it went wrong before"));
    click("Next stage##difference");
    click("Next stage##difference");
    EXPECT_EQ(this->stage(), "block.0.head.1.attention_weights");
    EXPECT_TRUE(diagnose(state, *state.pinned)->follows);
    click("First difference");
    EXPECT_EQ(this->stage(), "block.0.head.1.scores");
}

TEST_F(ComparisonTest, EqualPassesAndOtherTextsAreSaidToBeSo) {
    compare_with(*again());
    EXPECT_TRUE(reads("No number differs in any of the 91 stages"));
    EXPECT_FALSE(has("First difference"));
    type("the spiky robot");
    EXPECT_FALSE(state.comparison.complaint.empty());
    EXPECT_TRUE(state.comparison.difference.stages.empty());
    type("the fluffy blue creature floated");
    EXPECT_TRUE(reads("No number differs"));
}

// As when one scrubs through the steps of a training.
TEST_F(ComparisonTest, WithAnotherModelNothingIsComparedUntilTheRightOneIsBack) {
    const auto spoiled = again();
    spoil(spoiled->stage("logits"), 0.25);
    compare_with(*spoiled);
    const std::shared_ptr<const Model> right = state.folder.model;
    const auto show_model = [&](std::shared_ptr<const Model> model) {
        ModelFolder shown = read_model_folder(support::corpora + "/creatures/model");
        shown.model = std::move(model);
        show_folder(state, std::move(shown));
        screen.frame();
        screen.frame();
    };
    ASSERT_EQ(state.comparison.difference.stages.size(), 1u);
    auto other = std::make_shared<Model>(*right);
    other->parameters.final_norm.shift(2) += Real(0.5);
    show_model(other);
    expect_contains(state.comparison.complaint,
                    (folder / "there.safetensors").string() + " was made with other parameters");
    EXPECT_TRUE(reads("was made with other parameters"));
    EXPECT_TRUE(state.comparison.difference.stages.empty());
    EXPECT_FALSE(diagnose(state, {"logits", 1, 2}));
    EXPECT_FALSE(has("First difference"));
    type("the spiky robot"); // another text through the same model
    expect_contains(state.comparison.complaint, "other parameters");
    type("the fluffy blue creature floated");
    expect_contains(state.comparison.complaint, "other parameters");
    show_model(right);
    EXPECT_EQ(state.comparison.complaint, "");
    EXPECT_EQ(state.comparison.difference.stages.size(), 1u);
    // The same numbers in another place are the same parameters.
    show_model(std::make_shared<Model>(*right));
    EXPECT_EQ(state.comparison.complaint, "");
    // A file that is opened beside another model than its own.
    show_model(other);
    state.comparison = {};
    open_comparison(state, folder / "there.safetensors");
    expect_contains(state.comparison.complaint, "other parameters");
}

TEST_F(ComparisonTest, RefusesWhatIsNoTrace) {
    const std::string missing = (folder / "none.safetensors").string();
    expect_contains(error_sentence([&] { open_comparison(state, missing); }), missing);
    const std::string model = support::corpora + "/creatures/model/model.safetensors";
    expect_contains(error_sentence([&] { open_comparison(state, model); }), model);
    EXPECT_FALSE(state.comparison.file);
}

} // namespace
