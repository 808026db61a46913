// One step in slow motion, driven as a user does.
#include "support/creature_viewer.h"
#include "support/readable.h"
#include "trace/expression.h"

#include <fmt/format.h>

#include <set>

using namespace whirlygig;

namespace {

class StepView : public support::CreatureViewer {
protected:
    void open() {
        click("Scene: Training");
        click("View: One step");
    }
    // A run that has made so many steps.
    void run(int steps) {
        open();
        for (int step = 0; step < steps; ++step)
            click("One step");
        screen.frame();
    }
    std::string state_of(const std::string& label) const {
        const Control* control = state.controls.find(label);
        if (control == nullptr) ADD_FAILURE() << "there is no " << label;
        return control == nullptr ? "" : control->state;
    }
    const StepRecord& record() const { return *state.experiment.next_step.record; }

    // Of the newest snapshot, as it is written.
    std::string newest(const CellRef& cell) const {
        const Experiment& experiment = state.experiment;
        const auto snapshot = experiment.live->snapshot(0, experiment.report().step);
        for (const auto& parameter : list_parameters(snapshot->parameters)) {
            if (parameter.name != cell.matrix) continue;
            return number_text(
                static_cast<double>(parameter.values[cell.row * parameter.columns + cell.column]),
                6);
        }
        ADD_FAILURE() << "there is no parameter " << cell.matrix;
        return "";
    }
};

TEST_F(StepView, SaysWhatToPressBeforeThereIsARun) {
    open();
    EXPECT_TRUE(reads("Press Train, or One step.")) << words();
    EXPECT_FALSE(has("1 Batch"));
    click("One step");
    screen.frame();
    EXPECT_TRUE(has("1 Batch"));
    EXPECT_FALSE(reads("Press Train, or One step."));
    EXPECT_TRUE(reads("Step 2, which comes next"));
}

TEST_F(StepView, TheLastLineIsTheParameterOfTheNextSnapshot) {
    for (const OptimizerKind kind : {OptimizerKind::gradient_descent, OptimizerKind::momentum,
                                     OptimizerKind::adam, OptimizerKind::adamw}) {
        for (const double clip : {0.0, 0.02}) {
            state.experiment = {};
            find_corpora(state.experiment, support::corpora, "creatures");
            Recipe& recipe = state.experiment.choices.recipe;
            recipe.optimizer.kind = kind;
            recipe.optimizer.weight_decay = 0.5;
            recipe.learning_rate = 0.5;
            recipe.clip = clip;
            state.pinned.reset();
            run(2);
            for (const CellRef& cell :
                 {CellRef{"unembedding", 3, 7}, CellRef{"block.0.head.1.key_weights", 30, 2},
                  CellRef{"block.0.mlp.up_bias", 0, 11}}) {
                go_to_step(state, 1);
                state.pinned = cell;
                screen.frame();
                screen.frame();
                const std::string before = state_of("Number before");
                const std::string after = state_of("Number after");
                EXPECT_EQ(state_of("Step line: new value"), "= " + after);
                EXPECT_EQ(after, newest(cell)) << cell.matrix << " with clip " << clip;
                EXPECT_NE(after, before);
                EXPECT_TRUE(reads(before + " → " + after));
            }
        }
    }
}

TEST_F(StepView, BeginsWithTheLargestGradientOfAll) {
    run(3);
    double largest = 0;
    std::string expected;
    for (const auto& parameter : list_parameters(record().gradient)) {
        for (std::size_t number = 0; number < parameter.values.size(); ++number) {
            const double size = std::abs(static_cast<double>(parameter.values[number]));
            if (size <= largest) continue;
            largest = size;
            expected = fmt::format("{} {} {}", parameter.name, number / parameter.columns,
                                   number % parameter.columns);
        }
    }
    EXPECT_EQ(state_of("Chosen number"), expected);
    EXPECT_FALSE(state.pinned);
}

TEST_F(StepView, AnotherCellIsChosenByAClick) {
    run(2);
    state.pinned = CellRef{"block.0.attention.output_weights", 0, 0};
    screen.frame();
    const std::string line = state_of("Step line: gradient");
    screen.run("click block.0.attention.output_weights 5 17");
    screen.frame();
    EXPECT_EQ(state_of("Chosen number"), "block.0.attention.output_weights 5 17");
    EXPECT_EQ(state.pinned, (CellRef{"block.0.attention.output_weights", 5, 17}));
    EXPECT_NE(state_of("Step line: gradient"), line);
    for (const auto& parameter : list_parameters(record().gradient)) {
        if (parameter.name != "block.0.attention.output_weights") continue;
        EXPECT_EQ(state_of("Step line: gradient"),
                  "= " + number_text(static_cast<double>(parameter.values[5 * 32 + 17]), 4));
    }
}

TEST_F(StepView, CellsShowHowFarTheStepMovesThem) {
    run(2);
    state.pinned = CellRef{"final.norm.gain", 0, 4};
    screen.frame();
    const auto number = [](const Snapshot& snapshot) {
        for (const auto& parameter : list_parameters(snapshot.parameters)) {
            if (parameter.name == "final.norm.gain") return parameter.values[9];
        }
        return Real(0);
    };
    EXPECT_EQ(
        state_of("final.norm.gain 0 9"),
        number_text(static_cast<double>(number(record().after) - number(record().before)), 4));
    screen.run("hover final.norm.gain 0 9");
    EXPECT_TRUE(reads("Under the pointer: number 9 of 32; the step moves it by"));
}

TEST_F(StepView, ButtonsGoRoundThroughAllParameters) {
    run(1);
    const std::size_t parameters = list_parameters(record().gradient).size();
    const std::string first = state_of("Chosen number");
    std::set<std::string> seen;
    for (std::size_t press = 0; press < parameters; ++press) {
        click("▶##parameter");
        screen.frame();
        seen.insert(state_of("Chosen number"));
    }
    EXPECT_EQ(seen.size(), parameters);
    EXPECT_EQ(state_of("Chosen number"), first);
    click("◀##parameter");
    screen.frame();
    EXPECT_NE(state_of("Chosen number"), first);
    click("▶##parameter");
    screen.frame();
    EXPECT_EQ(state_of("Chosen number"), first);
}

TEST_F(StepView, ATextOfTheBatchOpensInTheStages) {
    run(2);
    const Example example = record().batch[1];
    std::vector<int> ids = example.ids;
    ids.push_back(example.targets.back());
    const std::string text = state.folder.wording.text(ids);
    EXPECT_EQ(state_of("Batch text 2"), text);
    click("Batch text 2");
    EXPECT_EQ(state.scene, Scene::stages);
    EXPECT_EQ(state.text.typed, text);
    EXPECT_EQ(state.trace->activations.ids, ids);
    EXPECT_EQ(state.time, state.timeline.start());
    // It runs through the model that was shown.
    EXPECT_EQ(state.folder.model->parameters.unembedding(2, 3),
              record().before.parameters.unembedding(2, 3));
}

TEST_F(StepView, EachBoxLeadsToWhereItHappens) {
    run(2);
    const std::string first = state_of("Batch text 1"), second = state_of("Batch text 2");
    const auto goes_to = [&](const char* box) {
        state.scene = Scene::training;
        show_text(state, "the fluffy blue creature");
        screen.frame();
        click(box);
        EXPECT_EQ(state.scene, Scene::stages) << box;
        return stage();
    };
    EXPECT_EQ(goes_to("1 Batch"), "embedding.tokens");
    EXPECT_TRUE(state.text.typed == first || state.text.typed == second); // or right on a text
    EXPECT_EQ(goes_to("2 Forward"), "embedding.tokens");
    EXPECT_EQ(state.text.typed, first);
    EXPECT_EQ(goes_to("3 Loss"), "loss");
    EXPECT_EQ(goes_to("4 Backward"), "gradient.loss");
    EXPECT_EQ(state.text.typed, first);
    EXPECT_FALSE(state.moment().done);
    state.scene = Scene::training;
    screen.frame();
    click("5 Update");
    screen.frame();
    EXPECT_EQ(state.scene, Scene::training);
    ASSERT_TRUE(state.pinned);
    EXPECT_EQ(state_of("Chosen number"), fmt::format("{} {} {}", state.pinned->matrix,
                                                     state.pinned->row, state.pinned->column));
}

TEST_F(StepView, SaysWhetherTheGradientWasClipped) {
    state.experiment.choices.recipe.clip = 0.01;
    run(1);
    EXPECT_TRUE(reads("Over 0.01: clipped, times")) << words();
    EXPECT_TRUE(has("Step line: clipping"));
    state.experiment.choices.recipe.clip = 900;
    click("New run");
    screen.frame();
    EXPECT_TRUE(reads("Within 900: not clipped.")) << words();
    EXPECT_FALSE(has("Step line: clipping"));
    state.experiment.choices.recipe.clip = 0;
    click("New run");
    screen.frame();
    EXPECT_TRUE(reads("This run never clips.")) << words();
}

TEST_F(StepView, TheStepIsMadeOnceForEachSnapshot) {
    run(2);
    const std::shared_ptr<const StepRecord> first = state.experiment.next_step.record;
    for (int frame = 0; frame < 5; ++frame)
        screen.frame();
    EXPECT_EQ(state.experiment.next_step.record, first);
    EXPECT_EQ(first->step, 3u);
    click("One step");
    screen.frame();
    EXPECT_EQ(state.experiment.next_step.record->step, 4u);
    go_to_step(state, 0);
    screen.frame();
    EXPECT_EQ(state.experiment.next_step.record->step, 1u);
    // Another branch with the same number of steps has a step of its own.
    click("New run");
    screen.frame();
    EXPECT_EQ(state.experiment.next_step.follows, state.experiment.shown);
    EXPECT_EQ(state.experiment.shown_branch, 1u);
}

TEST_F(StepView, WaitsWhileAnotherModelIsOpen) {
    run(2);
    open_model(state, support::corpora + "/reviews/model", "");
    screen.frame();
    EXPECT_TRUE(reads("Another model is open: press Newest")) << words();
    EXPECT_FALSE(has("1 Batch"));
    click("View: Curves");
    screen.frame();
    click("View: One step");
    click("Newest");
    screen.frame();
    screen.frame();
    EXPECT_TRUE(has("1 Batch"));
    EXPECT_EQ(state.folder.model->config.vocabulary, state.experiment.live->config(0).vocabulary);
}

TEST(StepViewLayout, IsReadableInEverySize) {
    struct Size {
        float width, height;
    };
    for (const Size size : {Size{1280, 720}, Size{1600, 1000}, Size{2560, 1440}}) {
        support::ViewerScreen screen(support::corpora + "/creatures/model", "", size.width,
                                     size.height);
        screen.run("click \"Scene: Training\"\nclick \"View: One step\"");
        screen.frame();
        support::expect_readable(screen, "the invitation");
        for (const OptimizerKind kind : {OptimizerKind::gradient_descent, OptimizerKind::momentum,
                                         OptimizerKind::adam, OptimizerKind::adamw}) {
            Recipe& recipe = screen.state.experiment.choices.recipe;
            recipe.optimizer.kind = kind;
            recipe.clip = kind == OptimizerKind::momentum ? 100 : 0.02;
            recipe.optimizer.weight_decay = 0.1;
            screen.run("click \"New run\"\nclick \"One step\"\nclick \"One step\"");
            for (const char* matrix : {"", "embedding.token_table", "block.0.head.1.query_weights",
                                       "block.0.mlp.down_weights", "final.norm.gain"}) {
                screen.state.pinned.reset();
                if (*matrix != '\0') screen.state.pinned = CellRef{matrix, 0, 3};
                screen.frame();
                screen.frame();
                ASSERT_NE(screen.state.controls.find("Step line: new value"), nullptr);
                support::expect_readable(screen,
                                         fmt::format("{} by {} at {}x{}", matrix, words_for(kind),
                                                     size.width, size.height));
            }
        }
    }
}

} // namespace
