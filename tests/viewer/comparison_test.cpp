// A pass from a file beside the one that is shown.
#include "support/creature_viewer.h"
#include "support/error_sentence.h"
#include "support/temporary_folder.h"

#include "files/trace_file.h"

#include <fmt/format.h>

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

TEST_F(ComparisonTest, RefusesWhatIsNoTrace) {
    const std::string missing = (folder / "none.safetensors").string();
    expect_contains(error_sentence([&] { open_comparison(state, missing); }), missing);
    const std::string model = support::corpora + "/creatures/model/model.safetensors";
    expect_contains(error_sentence([&] { open_comparison(state, model); }), model);
    EXPECT_FALSE(state.comparison.file);
}

} // namespace
