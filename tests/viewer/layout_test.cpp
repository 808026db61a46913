// Every stage and every scene in three sizes: no text is cut off, and none lies on another.
#include "support/readable.h"
#include "support/viewer_screen.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

using namespace whirlygig;
using support::cut_off;
using support::expect_readable;
using support::overlapping;
using support::ViewerScreen;

namespace {

struct Size {
    float width, height;
};

constexpr Size sizes[] = {{1280, 720}, {1600, 1000}, {2560, 1440}};
const std::string corpora = WHIRLYGIG_CORPORA;

void look_at_every_stage(const std::string& model, const std::string& text) {
    for (const Size size : sizes) {
        ViewerScreen screen(model, text, size.width, size.height);
        for (std::size_t stage = 0; stage < screen.state.timeline.stages.size(); ++stage) {
            for (const double share : {0.4, 1.0}) {
                screen.state.scene = Scene::stages;
                screen.state.time = {stage, screen.state.timeline.done(stage).cells * share};
                screen.frame();
                screen.frame(); // what has scrolled is in its place now
                expect_readable(screen,
                                fmt::format("{} {} at {}, {}x{}", model.substr(corpora.size()),
                                            screen.state.timeline.stages[stage]->name, share,
                                            size.width, size.height));
            }
        }
    }
}

TEST(Layout, EveryStageOfTheCreaturesIsReadable) {
    look_at_every_stage(corpora + "/creatures/model", "the fluffy blue creature floated");
}

TEST(Layout, EveryStageOfTwoBlocksAndALongTextIsReadable) {
    look_at_every_stage(
        corpora + "/reviews/model",
        "the SpinTops were awful and the WhirlyGigs were really sturdy . stars : 4");
}

TEST(Layout, TheOverviewIsReadable) {
    for (const Size size : sizes) {
        for (const char* corpus : {"creatures", "reviews", "sorting"}) {
            ViewerScreen screen(corpora + "/" + corpus + "/model", "", size.width, size.height);
            screen.state.scene = Scene::model;
            for (const double share : {0.0, 0.3, 0.9}) {
                screen.state.time = screen.state.timeline.at_share(share);
                screen.frame();
                screen.frame();
                expect_readable(screen, fmt::format("overview of {} at {}x{}, {}", corpus,
                                                    size.width, size.height, share));
            }
        }
    }
}

void train_a_little(State& state) {
    begin_run(state);
    state.experiment.live->train({state.experiment.branch}, {5, std::nullopt});
    state.experiment.live->wait();
}

TEST(Layout, TheTrainingSceneIsReadable) {
    for (const Size size : sizes) {
        ViewerScreen screen(corpora + "/creatures/model", "", size.width, size.height);
        State& state = screen.state;
        state.scene = Scene::training;
        screen.frame();
        expect_readable(screen, "training before there is a run");
        for (const std::size_t layers : {1, 2}) {
            for (const std::size_t heads : {2, 4}) {
                state.experiment.choices.recipe.layers = layers;
                state.experiment.choices.recipe.heads = heads;
                train_a_little(state);
                for (const int view : {0, 1, 2}) {
                    state.experiment.view = static_cast<TrainingView>(view);
                    screen.frame();
                    screen.frame();
                    expect_readable(screen,
                                    fmt::format("training view {} with {} layers of {} heads at "
                                                "{}x{}",
                                                view, layers, heads, size.width, size.height));
                }
            }
        }
    }
}

TEST(Layout, PinnedCellsOfEveryStageAreReadable) {
    ViewerScreen screen(corpora + "/creatures/model", "the fluffy blue creature floated", 1600,
                        1000);
    for (std::size_t stage = 0; stage < screen.state.timeline.stages.size(); ++stage) {
        const Stage& it = *screen.state.timeline.stages[stage];
        screen.state.scene = Scene::stages;
        screen.state.time = screen.state.timeline.done(stage);
        screen.state.pinned = CellRef{it.name, it.values.rows - 1, it.values.columns / 2};
        screen.frame();
        screen.frame();
        expect_readable(screen, "a cell of " + it.name);
    }
}

TEST(Layout, OverlaysAreReadable) {
    for (const Size size : sizes) {
        ViewerScreen screen(corpora + "/creatures/model", "", size.width, size.height);
        screen.frame();
        const std::size_t below = screen.written.size();
        const auto above = [&] { // the overlay's own text, which is written last
            std::vector<WrittenText> text(
                screen.written.begin() + static_cast<std::ptrdiff_t>(below), screen.written.end());
            EXPECT_EQ(cut_off(text), "");
            EXPECT_EQ(overlapping(text), "");
            EXPECT_FALSE(text.empty());
        };
        screen.state.help_open = true;
        screen.frame();
        screen.frame();
        above();
        screen.state.help_open = false;
        screen.state.settings_open = true;
        screen.frame();
        screen.frame();
        above();
    }
}

} // namespace
