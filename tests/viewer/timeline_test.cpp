#include "timeline.h"

#include "support/small_model.h"

#include <gtest/gtest.h>

namespace whirlygig {
namespace {

class TimelineTest : public testing::Test {
protected:
    TimelineTest()
        : trace(make_trace(std::make_shared<Model>(support::small_model(
                               support::config_of(7, 6, 2, 3, 5, 2, false), 4)),
                           {3, 0, 5, 2}, Passes::forward_and_backward)),
          timeline(*trace) {}

    std::size_t number(const std::string& name) const { return timeline.stage_number(name); }

    std::unique_ptr<Trace> trace;
    Timeline timeline;
};

TEST_F(TimelineTest, GoesForwardsAndThenBackwards) {
    ASSERT_EQ(timeline.stages.size(), trace->forward_stages.size() + trace->backward_stages.size());
    EXPECT_EQ(timeline.stages.front()->name, "embedding.tokens");
    EXPECT_EQ(timeline.stages[trace->forward_stages.size() - 1]->name, "loss");
    EXPECT_EQ(timeline.stages[trace->forward_stages.size()]->name, "gradient.loss");
}

TEST_F(TimelineTest, AMomentNamesTheCellAndTheTerm) {
    const std::size_t scores = number("block.0.head.0.scores");
    const Stage& stage = *timeline.stages[scores];
    const auto head_width = static_cast<double>(stage.made_from[0].numbers.columns);
    const double columns = static_cast<double>(stage.values.columns);
    // Row 2, column 1, in the middle of its second term.
    const Moment moment = timeline.moment({scores, 2 * columns + 1 + 1.5 / head_width});
    EXPECT_EQ(moment.row, 2U);
    EXPECT_EQ(moment.column, 1U);
    EXPECT_EQ(moment.term, 1U);
    EXPECT_EQ(moment.terms, stage.made_from[0].numbers.columns);
    EXPECT_NEAR(moment.fraction, 0.5, 1e-9);
    EXPECT_FALSE(moment.done);
}

TEST_F(TimelineTest, ADoneStageShowsItsLastCell) {
    const std::size_t stage = number("logits");
    const Moment moment = timeline.moment(timeline.done(stage));
    EXPECT_TRUE(moment.done);
    EXPECT_EQ(moment.row + 1, timeline.stages[stage]->values.rows);
    EXPECT_EQ(moment.column + 1, timeline.stages[stage]->values.columns);
    EXPECT_EQ(moment.fraction, 1);
}

// Steps to the right until the end, then back: at every level the same places, none left out.
TEST_F(TimelineTest, StepsBackLeadWhereTheStepsForwardCameFrom) {
    for (const Level level : {Level::stage, Level::row, Level::cell, Level::term}) {
        std::vector<Time> forwards = {timeline.start()};
        while (forwards.size() < 100000) {
            const Time next = timeline.step(forwards.back(), level, 1);
            if (next == forwards.back()) break;
            forwards.push_back(next);
        }
        EXPECT_EQ(forwards.back(), timeline.end()) << name_of(level);
        Time time = timeline.end();
        for (std::size_t index = forwards.size() - 1; index-- > 0;) {
            const Time before = timeline.step(time, level, -1);
            // The end of one stage and the start of the next look alike in the middle of stepping.
            if (before.stage == forwards[index].stage) {
                EXPECT_NEAR(before.cells, forwards[index].cells, 1e-6)
                    << name_of(level) << " step " << index;
            }
            time = forwards[index];
        }
    }
}

TEST_F(TimelineTest, AStageHasAsManyStepsAsRowsCellsAndTerms) {
    const std::size_t stage = number("block.1.head.0.scores");
    const Numbers& values = timeline.stages[stage]->values;
    const std::size_t terms = terms_of(*timeline.stages[stage]);
    const auto steps = [&](Level level) {
        std::size_t count = 0;
        for (Time time{stage, 0}; time.stage == stage && time != timeline.done(stage); ++count)
            time = timeline.step(time, level, 1);
        return count;
    };
    EXPECT_EQ(steps(Level::row), values.rows);
    EXPECT_EQ(steps(Level::cell), values.rows * values.columns);
    EXPECT_EQ(steps(Level::term), values.rows * values.columns * terms);
    EXPECT_EQ(steps(Level::stage), 1U);
}

TEST_F(TimelineTest, PlayingForwardsAndBackwardsMeetsTheSameMoments) {
    const std::size_t stage = number("block.0.mlp.hidden");
    for (const Level level : {Level::stage, Level::row, Level::cell, Level::term}) {
        const Time from = timeline.at_cell(stage, 1, 2);
        const Time there = timeline.play(from, level, 0.25);
        EXPECT_GT(there.cells, from.cells);
        const Time back = timeline.play(there, level, -0.25);
        EXPECT_EQ(back.stage, stage);
        EXPECT_NEAR(back.cells, from.cells, 1e-9) << name_of(level);
    }
}

TEST_F(TimelineTest, PlayingEndsAStageBeforeItBeginsTheNext) {
    const Time late = timeline.play({0, 0}, Level::stage, 1000);
    EXPECT_EQ(late, timeline.done(0));
    EXPECT_EQ(timeline.play(late, Level::stage, 0.01), (Time{1, 0}));
    EXPECT_EQ(timeline.play(timeline.end(), Level::stage, 1), timeline.end());
    EXPECT_EQ(timeline.play({1, 0}, Level::stage, -0.01), timeline.done(0));
    EXPECT_EQ(timeline.play({0, 0}, Level::stage, -1), (Time{0, 0}));
}

TEST_F(TimelineTest, TheShareIsMonotonousAndCanBeTakenBack) {
    double before = -1;
    for (std::size_t stage = 0; stage < timeline.stages.size(); ++stage) {
        const Time middle{stage, timeline.done(stage).cells / 2};
        const double share = timeline.share(middle);
        EXPECT_GT(share, before);
        before = share;
        const Time again = timeline.at_share(share);
        EXPECT_EQ(again.stage, stage);
        EXPECT_NEAR(again.cells, middle.cells, 1e-6);
    }
    EXPECT_EQ(timeline.at_share(1), timeline.end());
    EXPECT_EQ(timeline.at_share(-3), timeline.start());
}

TEST_F(TimelineTest, ModelStepsGoFromPartToPart) {
    Time time = timeline.start();
    std::vector<std::string> parts;
    for (int step = 0; step < 100; ++step) {
        const Time next = timeline.step(time, Level::model, 1);
        if (next == time) break;
        time = next;
        parts.push_back(timeline.stages[time.stage]->name);
    }
    EXPECT_EQ(parts.front(), "block.0.attention.norm");
    EXPECT_LT(parts.size(), timeline.stages.size() / 2);
}

TEST_F(TimelineTest, AnUnknownStageIsAnError) {
    EXPECT_THROW(timeline.stage_number("block.7.scores"), std::exception);
}

} // namespace
} // namespace whirlygig
