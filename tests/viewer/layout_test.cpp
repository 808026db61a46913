// Every stage and every scene in three sizes: no text is cut off, and none lies on another.
#include "support/viewer_screen.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace whirlygig;
using support::ViewerScreen;

namespace {

struct Size {
    float width, height;
};

constexpr Size sizes[] = {{1280, 720}, {1600, 1000}, {2560, 1440}};
const std::string corpora = WHIRLYGIG_CORPORA;

float overlap(float low_a, float high_a, float low_b, float high_b) {
    return std::min(high_a, high_b) - std::max(low_a, low_b);
}

bool is_seen(const WrittenText& text) {
    return overlap(text.low.x, text.high.x, text.clip_low.x, text.clip_high.x) > 1 &&
           overlap(text.low.y, text.high.y, text.clip_low.y, text.clip_high.y) > 1;
}

// Panels that scroll cut their text at the upper and the lower edge; nothing is cut at the sides.
std::string cut_off(const std::vector<WrittenText>& written) {
    constexpr float rounding = 1.5F;
    for (const WrittenText& text : written) {
        if (!is_seen(text)) continue;
        if (text.low.x < text.clip_low.x - rounding || text.high.x > text.clip_high.x + rounding)
            return text.text;
    }
    return "";
}

// A letter's box has empty room above and below: boxes may touch by a third of a line.
std::string overlapping(const std::vector<WrittenText>& written) {
    for (std::size_t a = 0; a < written.size(); ++a) {
        if (!is_seen(written[a])) continue;
        for (std::size_t b = a + 1; b < written.size(); ++b) {
            const WrittenText &one = written[a], &other = written[b];
            if (!is_seen(other)) continue;
            const float height = std::min(one.high.y - one.low.y, other.high.y - other.low.y);
            if (overlap(one.low.x, one.high.x, other.low.x, other.high.x) > 2 &&
                overlap(one.low.y, one.high.y, other.low.y, other.high.y) > height / 3)
                return fmt::format("“{}” and “{}” at {:.0f}, {:.0f}", one.text, other.text,
                                   other.low.x, other.low.y);
        }
    }
    return "";
}

void expect_readable(const ViewerScreen& screen, const std::string& where) {
    EXPECT_EQ(cut_off(screen.written), "") << where << ": cut off at the side";
    EXPECT_EQ(overlapping(screen.written), "") << where << ": on top of each other";
    EXPECT_GT(screen.written.size(), 10U) << where;
}

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
