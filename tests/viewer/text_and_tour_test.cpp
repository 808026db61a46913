// The text box and the guided tour, driven by scripts; other models, and a text of one token.
#include "support/creature_viewer.h"
#include "typed_text.h"

#include <fmt/format.h>

using namespace whirlygig;
using support::corpora;
using support::ViewerScreen;

namespace {

class TypedText : public support::CreatureViewer {
protected:
    std::vector<int> ids() const { return state.trace->ids; }
    std::vector<int> ids_of(const std::string& text) const { return state.folder.encode(text); }
};

TEST_F(TypedText, AKnownTextRunsThroughTheModel) {
    go("block.0.head.0.scores");
    screen.frame();
    EXPECT_TRUE(reads("5 of at most 20 tokens"));
    type("the spiky red dragon glowed in the cave");
    EXPECT_EQ(ids(), ids_of("the spiky red dragon glowed in the cave"));
    EXPECT_EQ(state.text.complaint, "");
    EXPECT_TRUE(reads("8 of at most 20 tokens"));
    EXPECT_EQ(stage(), "block.0.head.0.scores"); // the same stage of the new text
    EXPECT_EQ(state.moment().stage->values.rows, 8U);
    screen.run("expect \"Text\" = \"the spiky red dragon glowed in the cave\"");
}

TEST_F(TypedText, LettersInTheBoxAreNoKeys) {
    const Settings before = state.settings;
    screen.run("click \"Text\"\nkey l\nkey d\nkey p\nkey o\nkey t\nkey ?\nkey Space\nkey Left");
    EXPECT_EQ(state.settings.look, before.look);
    EXPECT_EQ(state.settings.digits_in_cells, before.digits_in_cells);
    EXPECT_EQ(state.settings.palette, before.palette);
    EXPECT_EQ(state.scene, Scene::stages);
    EXPECT_FALSE(state.tour.running || state.help_open || state.player.playing);
    EXPECT_EQ(state.time, state.timeline.start());
}

TEST_F(TypedText, TheSlashLeadsIntoTheBox) {
    screen.run("key /\nwait 2\nkey Ctrl+A\ntype \"the red\"\nkey Enter");
    EXPECT_EQ(ids(), ids_of("the red"));
}

TEST_F(TypedText, AnUnknownWordIsExplainedAndRepaired) {
    const std::vector<int> before = ids();
    type("the fluffy blu dragon");
    EXPECT_EQ(ids(), before);
    EXPECT_TRUE(reads("the word \"blu\" (word 3 of the text) is not in the vocabulary"));
    ASSERT_FALSE(state.text.suggestions.empty());
    screen.run("expect \"blue##offer\" = \"blue\"\nclick \"blue##offer\"");
    EXPECT_EQ(state.text.typed, "the fluffy blue dragon");
    EXPECT_EQ(ids(), ids_of("the fluffy blue dragon"));
    EXPECT_EQ(state.text.complaint, "");
    EXPECT_FALSE(reads("not in the vocabulary"));
    EXPECT_FALSE(has("blue##offer"));
}

TEST_F(TypedText, AnUnknownWordIsUnderlined) {
    type("zzz");
    EXPECT_TRUE(reads("no known word is like it"));
    const std::size_t painted = picture().size();
    state.text.typed = "the";
    EXPECT_GT(painted, picture().size());
}

// As it may come from the command line or the clipboard.
TEST_F(TypedText, BytesThatAreNoTextAreRefusedWithASentence) {
    const std::vector<int> before = ids();
    for (const std::string text : {"the \xff blue", "\xc3", "the zzz \xe2\x82"}) {
        show_text(state, text);
        EXPECT_EQ(ids(), before);
        EXPECT_FALSE(state.text.complaint.empty());
        EXPECT_EQ(state.text.typed, text);
        screen.run("wait 3");
        EXPECT_TRUE(reads(state.text.complaint.substr(0, 20))) << state.text.complaint;
    }
    show_text(state, "the blu \xff");
    ASSERT_FALSE(state.text.suggestions.empty());
    EXPECT_EQ(state.text.suggestions[0], "blue");
    EXPECT_EQ(unknown_pieces(state, state.text.typed), std::vector<std::string_view>{"blu"});
    show_text(state, "blu the zzz\xff"); // the word with the bad byte is none
    EXPECT_EQ(unknown_pieces(state, state.text.typed), std::vector<std::string_view>{"blu"});
}

TEST_F(TypedText, AnUnknownWordIsSaidWhileItIsTyped) {
    const std::vector<int> before = ids();
    screen.run("click \"Text\"\nkey Ctrl+A\ntype \"the blu\"");
    EXPECT_EQ(state.text.complaint, ""); // it can still become "blue"
    screen.run("type \" dr\"");
    EXPECT_EQ(wrong_pieces(state, state.text.typed), std::vector<std::string_view>{"blu"});
    EXPECT_TRUE(reads("\"blu\" is not in the vocabulary; did you mean blue"));
    EXPECT_TRUE(has("blue##offer"));
    EXPECT_EQ(ids(), before); // nothing was run
    screen.run("key Tab\nexpect \"Text\" = \"the blue dr\"");
    EXPECT_EQ(state.text.complaint, "");
    EXPECT_TRUE(has("dragon##offer"));
    screen.run("type \"x\"");
    EXPECT_TRUE(reads("\"drx\" is not in the vocabulary"));
}

TEST_F(TypedText, HalfAWordIsCompleted) {
    screen.run("click \"Text\"\nkey Ctrl+A\ntype \"the gr\"");
    EXPECT_TRUE(has("green##offer"));
    EXPECT_TRUE(has("growled##offer"));
    EXPECT_FALSE(has("blue##offer"));
    screen.run("type \"e\"");
    EXPECT_FALSE(has("growled##offer"));
}

TEST_F(TypedText, TooLongAndEmptyTextsAreRefusedWithASentence) {
    const std::vector<int> before = ids();
    std::string text = "the";
    for (int word = 0; word < 22; ++word)
        text += " and";
    type(text);
    EXPECT_EQ(ids(), before);
    EXPECT_TRUE(reads("the text has 23 tokens but the model's context is 20: leave out at least "
                      "3"));
    screen.run("click \"Text\"\nkey Ctrl+A\nkey Delete\nkey Enter");
    EXPECT_EQ(ids(), before);
    EXPECT_TRUE(reads("the text is empty: give at least one token"));
    type("the tiny");
    EXPECT_EQ(ids(), ids_of("the tiny"));
    EXPECT_TRUE(reads("2 of at most 20 tokens"));
}

TEST_F(TypedText, TabTakesTheFirstWordThatIsOffered) {
    const std::vector<int> before = ids();
    screen.run("click \"Text\"\nkey Ctrl+A\ntype \"the flu\"\nexpect \"fluffy##offer\"\nkey Tab");
    screen.run("expect \"Text\" = \"the fluffy\"");
    EXPECT_FALSE(has("fluffy##offer"));
    EXPECT_EQ(ids(), before); // Enter is still to come
    screen.run("type \" dra\"\nkey Tab\nexpect \"Text\" = \"the fluffy dragon\"\n"
               "key Tab\nexpect \"Text\" = \"the fluffy dragon\"\nkey Enter");
    EXPECT_EQ(ids(), ids_of("the fluffy dragon"));
}

TEST_F(TypedText, TabPutsTheFirstSuggestionInThePlaceOfTheUnknownWord) {
    type("the fluffy blu dragon");
    screen.run("key /\nwait 2\nkey Tab\nexpect \"Text\" = \"the fluffy blue dragon\"\nkey Enter");
    EXPECT_EQ(ids(), ids_of("the fluffy blue dragon"));
    EXPECT_EQ(state.text.complaint, "");
}

TEST_F(TypedText, TabWithNothingToTakeLeavesTheText) {
    screen.run("click \"Text\"\nkey Ctrl+A\ntype \"the xq\"\nkey Tab\ntype \"z\"");
    screen.run("expect \"Text\" = \"the xqz\"");
}

TEST_F(TypedText, TheHelpNamesTab) {
    key("?");
    EXPECT_TRUE(reads("take the first word that is offered"));
}

class GuidedTour : public support::CreatureViewer {
protected:
    static constexpr std::size_t stops = 11;

    // The first stop is the overview; the last stays where it is, and lets go of the cell.
    void expect_stop(std::size_t stop) {
        EXPECT_TRUE(reads(fmt::format("Tour, {} of {}", stop + 1, stops)));
        if (stop == 0) {
            EXPECT_EQ(state.scene, Scene::model);
            return;
        }
        const std::string endings[stops - 1] = {
            "embedding.tokens",  "queries", "keys",  "scores",        "masked",
            "attention_weights", "values",  "mixed", "probabilities", "probabilities"};
        EXPECT_EQ(state.scene, Scene::stages);
        EXPECT_TRUE(stage().ends_with(endings[stop - 1])) << stage();
        EXPECT_EQ(state.time, state.timeline.done(state.time.stage));
        const bool pins = stop > 1 && stop + 1 < stops;
        EXPECT_EQ(state.pinned ? state.pinned->matrix : "", pins ? stage() : "");
    }
};

TEST_F(GuidedTour, GoesToEachStageAndBack) {
    state.settings.tour_seen = false;
    click("Tour");
    for (std::size_t stop = 0; stop < stops; ++stop) {
        expect_stop(stop);
        if (stop + 1 < stops) click("Next##tour");
    }
    for (std::size_t stop = stops - 1; stop-- > 0;) {
        click("Back##tour");
        expect_stop(stop);
    }
    EXPECT_FALSE(has("Back##tour"));
    screen.run("key Left");
    EXPECT_EQ(state.tour.step, 0);
    screen.run("key Right\nkey Right");
    EXPECT_EQ(state.tour.step, 2);
    screen.run("key Left");
    EXPECT_EQ(state.tour.step, 1);
    while (has("Next##tour"))
        click("Next##tour");
    EXPECT_FALSE(state.settings.tour_seen);
    click("Done##tour");
    EXPECT_FALSE(state.tour.running);
    EXPECT_TRUE(state.settings.tour_seen);
    EXPECT_FALSE(reads("Tour, "));
}

TEST_F(GuidedTour, EndsWhenItIsSkipped) {
    for (const std::string way : {"click \"Skip##tour\"", "key Escape"}) {
        state.settings.tour_seen = false;
        screen.run("key t\nclick \"Next##tour\"\nexpect \"Skip##tour\"");
        EXPECT_EQ(stage(), "embedding.tokens");
        screen.run(way);
        EXPECT_FALSE(state.tour.running) << way;
        EXPECT_TRUE(state.settings.tour_seen) << way;
        EXPECT_FALSE(has("Skip##tour")) << way;
        EXPECT_EQ(stage(), "embedding.tokens") << way;
    }
}

TEST_F(GuidedTour, SaysThePercentagesOfTheTrace) {
    click("Tour");
    while (!stage().ends_with("attention_weights"))
        click("Next##tour");
    const CellRef cell = *state.pinned;
    const double weight = state.moment().stage->values(cell.row, cell.column);
    EXPECT_TRUE(reads(fmt::format("{:.0f} % of its attention", 100 * weight))) << words();
    EXPECT_GT(weight, 0.2);
}

// Whatever text and model: each of these must do something, and none may throw.
void press_everything(ViewerScreen& screen) {
    State& state = screen.state;
    for (const Level level : {Level::model, Level::stage, Level::row, Level::cell, Level::term}) {
        screen.run(std::string("click \"Level: ") + name_of(level) + "\"\nkey Home");
        EXPECT_EQ(state.time, state.timeline.start());
        screen.run("key Right\nkey Right");
        EXPECT_NE(state.time, state.timeline.start());
        screen.run("key Left\nkey Left\nkey Left");
        EXPECT_EQ(state.time.stage, 0U);
        const Time before = state.time;
        screen.run("click \"Play\"\nwait 5\nclick \"Play\"");
        EXPECT_NE(state.time, before);
    }
    for (const Scene scene : {Scene::model, Scene::stages}) {
        state.scene = scene;
        for (int part = 0; part <= 20; ++part) {
            screen.run(fmt::format("click \"Timeline\" {}", part / 20.0));
            EXPECT_NEAR(state.timeline.share(state.time), part / 20.0, 0.002);
        }
    }
    screen.run("click \"Tour\"");
    while (state.controls.find("Next##tour") != nullptr)
        screen.run("click \"Next##tour\"");
    screen.run("click \"Done##tour\"\nkey Escape\nkey End\nkey Space\nkey Space\nkey ?\n"
               "key ?\nclick \"Settings\"\nclick \"Settings\"\nkey l\nkey d\nkey p\nkey 0");
    for (std::size_t stage = 0; stage < state.timeline.stages.size(); ++stage) {
        const Stage& it = *state.timeline.stages[stage];
        state.time = {stage, 0.5};
        screen.frame();
        state.time = state.timeline.done(stage);
        state.pinned = CellRef{it.name, it.values.rows - 1, it.values.columns - 1};
        screen.frame();
        EXPECT_NE(
            state.controls.find(fmt::format(
                "value of {}", cell_label(it.name, it.values.rows - 1, it.values.columns - 1))),
            nullptr)
            << it.name;
    }
}

TEST(OtherModels, TakeEveryControl) {
    for (const char* corpus : {"induction", "sorting", "reviews", "creatures_long"}) {
        SCOPED_TRACE(corpus);
        ViewerScreen screen(corpora + "/" + corpus + "/model", "", 1600, 1000);
        screen.frame();
        EXPECT_EQ(screen.state.timeline.stages.size(),
                  screen.state.folder.model->config.heads == 1 ? 119U : 163U);
        press_everything(screen);
    }
}

TEST(OtherModels, OpenOneAfterTheOther) {
    ViewerScreen screen(corpora + "/creatures/model", "", 1600, 1000);
    for (const char* corpus : {"induction", "sorting", "reviews", "creatures_long"}) {
        screen.run("click \"Scene: Stages\"\nkey End");
        open_model(screen.state, corpora + "/" + corpus + "/model", "");
        screen.run("wait 2\nexpect \"Text\"");
        EXPECT_EQ(screen.state.controls.find("Text")->state, screen.state.text.typed);
        EXPECT_EQ(screen.state.folder.encode(screen.state.text.typed), screen.state.trace->ids);
    }
}

TEST(OneToken, HasNoLossAndTakesEveryControl) {
    ViewerScreen screen(corpora + "/creatures/model", "the", 1600, 1000);
    State& state = screen.state;
    EXPECT_EQ(state.timeline.stages.back()->name, "probabilities");
    press_everything(screen);
    state.pinned = CellRef{"unembedding", 3, 5};
    screen.frame();
    EXPECT_EQ(state.controls.find("Nudge"), nullptr);
    EXPECT_EQ(state.controls.find("gradient.loss"), nullptr);
}

} // namespace
