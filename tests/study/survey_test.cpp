// Measuring the landscape around a run on a thread of its own.
#include "study/survey.h"

#include "support/error_sentence.h"
#include "training/training_data.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

using namespace whirlygig;

namespace {

const std::filesystem::path creatures = WHIRLYGIG_CORPORA "/creatures";

// A short run of a small model.
class SurveyTest : public testing::Test {
protected:
    SurveyTest() {
        Recipe recipe = read_recipe(creatures / "recipe.json");
        recipe.width = 10;
        recipe.hidden = 6;
        recipe.batch = 3;
        branch = live.begin(creatures, recipe, 4, "run");
        live.train({branch}, {23, std::nullopt});
        live.wait();
    }

    SurveyOrder order(SurveyPlane plane) const {
        SurveyOrder order;
        order.plane = plane;
        order.config = live.config(branch);
        for (const std::uint64_t step : live.report(branch).snapshots)
            order.snapshots.push_back(live.snapshot(branch, step));
        order.centre = live.snapshot(branch, 23);
        order.examples.assign(live.held_out(branch).begin(), live.held_out(branch).begin() + 7);
        order.points = 5;
        return order;
    }

    static void finish(const Survey& survey) {
        while (!survey.landscape() && survey.trouble().empty())
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }

    LiveTraining live{{.threads = 1}};
    std::size_t branch = 0;
};

TEST_F(SurveyTest, MeasuresTheLossWhileTrainingGoesOn) {
    for (const SurveyPlane plane : {SurveyPlane::of_the_run, SurveyPlane::random}) {
        const SurveyOrder asked = order(plane);
        live.train({branch}, {100000, std::nullopt});
        const Survey survey(asked);
        finish(survey);
        live.pause();
        live.wait();
        ASSERT_EQ(survey.trouble(), "");
        EXPECT_EQ(survey.progress(), 1);
        const SurveyedLandscape& found = *survey.landscape();
        EXPECT_EQ(found.centre, 23u);
        EXPECT_EQ(found.path.size(), asked.snapshots.size());
        EXPECT_EQ(found.path[5].step, asked.snapshots[5]->step);
        Workers workers(1);
        const Model centre{asked.config, asked.centre->parameters};
        EXPECT_EQ(found.landscape.loss(2, 2), batch_loss(centre, asked.examples, workers).mean);
        EXPECT_EQ(found.levels.size(), found.lines.size());
        live.rewind(branch, 23);
    }
}

TEST_F(SurveyTest, TheRunsPlaneHoldsItsWholePath) {
    const Survey survey(order(SurveyPlane::of_the_run));
    finish(survey);
    const SurveyedLandscape& found = *survey.landscape();
    const LandscapeSize& size = found.landscape.size;
    for (const PathPoint& point : found.path) {
        EXPECT_LT(std::abs(point.place.nearest.first), size.first_reach) << point.step;
        EXPECT_LT(std::abs(point.place.nearest.second), size.second_reach) << point.step;
    }
    EXPECT_GT(found.shares[0], 0.5);
    EXPECT_NEAR(found.path.back().place.off_plane, 0, 1e-5);
}

TEST_F(SurveyTest, StopsWhenItIsDropped) {
    SurveyOrder large = order(SurveyPlane::random);
    large.points = 2001; // would take hours
    const auto began = std::chrono::steady_clock::now();
    { const Survey survey(large); }
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

TEST_F(SurveyTest, WithoutARunItSaysSo) {
    const Survey survey(SurveyOrder{});
    finish(survey);
    expect_contains(survey.trouble(), "there is no run");
    EXPECT_FALSE(survey.landscape());
}

} // namespace
