// The training scene, driven as a user does.
#include "study/directions.h"
#include "study/survey.h"
#include "support/creature_viewer.h"
#include "support/temporary_folder.h"
#include "training/training_data.h"

#include "files/file.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

using namespace whirlygig;

namespace {

class TrainingScene : public support::CreatureViewer {
protected:
    TrainingScene() { click("Scene: Training"); }

    Experiment& experiment = state.experiment;

    void settle() {
        while (experiment.live && experiment.live->training()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            screen.frame();
        }
        screen.frame();
        screen.frame();
    }

    void type_into(const std::string& box, const std::string& text) {
        screen.run(fmt::format("click \"{}\"\nkey Ctrl+A\ntype \"{}\"\nkey Enter", box, text));
    }

    // Trains a small number of steps.
    void train_to(std::uint64_t step) {
        type_into("until step##goal", std::to_string(step));
        click("Train");
        settle();
        ASSERT_EQ(experiment.report().step, step) << state.message;
    }

    void scrub_to(std::uint64_t step) {
        const auto steps = std::max<std::uint64_t>(experiment.report().recipe.steps, 1);
        const double share = static_cast<double>(step) / static_cast<double>(steps);
        screen.run(fmt::format("click \"Training step\" {:.5f}", share));
        settle();
    }
};

// The logits of the text after so many steps of a trainer alone.
std::vector<Real> logits_after(std::uint64_t steps, std::uint64_t seed,
                               const std::vector<int>& ids) {
    const std::filesystem::path folder = support::corpora + "/creatures";
    const Corpus corpus = read_corpus(folder);
    const Recipe recipe = read_recipe(folder / "recipe.json");
    TrainingRun run = start_run(corpus, folder.string(), recipe, seed);
    const ExampleSource source = make_source(corpus, *run.wording.tokenizer, recipe);
    Trainer trainer(run.state, 1);
    while (run.state.step < steps)
        trainer.step(source);
    Activations pass;
    pass.ids = ids;
    forward(run.state.model, pass);
    return {pass.logits.data().begin(), pass.logits.data().end()};
}

std::vector<Real> shown_logits(const State& state) {
    const Matrix& logits = state.trace->activations.logits;
    return {logits.data().begin(), logits.data().end()};
}

TEST_F(TrainingScene, TrainsUnderTheRecipesLoss) {
    EXPECT_TRUE(reads("Watch it learn"));
    click("Train");
    settle();
    EXPECT_EQ(experiment.report().step, experiment.report().recipe.steps);
    EXPECT_LT(experiment.report().measured.back().held_out_loss, 0.70);
    EXPECT_TRUE(reads("floor 0.659"));
    EXPECT_TRUE(reads("as unsure as between 2.0 equally likely tokens"));
}

TEST_F(TrainingScene, EverySceneShowsTheStepThatOneScrubsTo) {
    for (const std::uint64_t seed : {1, 6}) {
        type_into("seed##seed", std::to_string(seed));
        click("New run");
        train_to(60);
        for (const std::uint64_t step : {40, 13, 0}) {
            scrub_to(step);
            ASSERT_EQ(experiment.shown->step, step);
            EXPECT_EQ(shown_logits(state), logits_after(step, seed, state.trace->ids));
        }
        click("Newest");
        EXPECT_EQ(shown_logits(state), logits_after(60, seed, state.trace->ids));
    }
    click("Scene: Stages");
    EXPECT_TRUE(reads("training step 60"));
    scrub_to(0);
    EXPECT_TRUE(reads("training step 0"));
    EXPECT_EQ(shown_logits(state), logits_after(0, 6, state.trace->ids));
}

TEST_F(TrainingScene, PausesAndGoesOn) {
    screen.run("click \"pace\" 0.3");
    click("Train");
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    click("Train"); // now it says Pause
    settle();
    const std::uint64_t paused = experiment.report().step;
    EXPECT_GT(paused, 0u);
    EXPECT_LT(paused, 100u);
    screen.run("click \"pace\" 0");
    click("One step");
    settle();
    EXPECT_EQ(experiment.report().step, paused + 1);
    train_to(110);
    EXPECT_EQ(shown_logits(state), logits_after(110, 1, state.trace->ids));
}

TEST_F(TrainingScene, IsSteeredByKeys) {
    key("v"); // back to the stages,
    EXPECT_EQ(state.scene, Scene::stages);
    key("v"); // and here again
    for (int step = 0; step < 3; ++step) {
        key("Right");
        settle();
    }
    EXPECT_EQ(experiment.report().step, 3u);
    key("Left");
    EXPECT_EQ(experiment.shown->step, 2u);
    key("Home");
    EXPECT_EQ(experiment.shown->step, 0u);
    key("Right");
    EXPECT_EQ(experiment.shown->step, 1u);
    EXPECT_EQ(experiment.report().step, 3u) << "a snapshot was there";
    key("End");
    EXPECT_EQ(experiment.shown->step, 3u);
    type_into("until step##goal", "9");
    ImGui::SetWindowFocus(nullptr);
    key("Space");
    settle();
    EXPECT_EQ(experiment.report().step, 9u);
}

TEST_F(TrainingScene, StopsAtTheLossThatWasTyped) {
    type_into("until loss##goal", "2.5");
    click("Train");
    settle();
    EXPECT_LE(experiment.report().measured.back().held_out_loss, 2.5);
    EXPECT_LT(experiment.report().step, experiment.report().recipe.steps);
    type_into("until loss##goal", "soon");
    click("Train");
    EXPECT_TRUE(reads("the loss to stop at is \"soon\""));
}

TEST_F(TrainingScene, ForksWithAnotherRate) {
    train_to(40);
    scrub_to(20);
    screen.run("click \"rate\" 0.9");
    click("Fork here");
    ASSERT_EQ(experiment.reports.size(), 2u);
    EXPECT_EQ(experiment.branch, 1u);
    EXPECT_EQ(experiment.report().first_step, 20u);
    EXPECT_NE(experiment.report().recipe.learning_rate, experiment.reports[0].recipe.learning_rate);
    EXPECT_EQ(experiment.report().seed, experiment.reports[0].seed);
    train_to(40);
    EXPECT_EQ(experiment.reports[0].losses[19].loss, experiment.reports[1].losses[19].loss);
    EXPECT_NE(experiment.reports[0].losses[39].loss, experiment.reports[1].losses[39].loss);
    click("branch 1");
    EXPECT_EQ(experiment.branch, 0u);
    EXPECT_EQ(shown_logits(state), logits_after(40, 1, state.trace->ids));
}

TEST_F(TrainingScene, GoesBackAndComesToTheSameAgain) {
    train_to(30);
    scrub_to(12);
    click("Go back here");
    EXPECT_EQ(experiment.report().step, 12u);
    train_to(30);
    EXPECT_EQ(shown_logits(state), logits_after(30, 1, state.trace->ids));
}

TEST_F(TrainingScene, TrainsDescentBesideAdam) {
    type_into("until step##goal", "60");
    click("Descent and Adam");
    settle();
    ASSERT_EQ(experiment.reports.size(), 2u);
    EXPECT_EQ(experiment.reports[0].recipe.optimizer.kind, OptimizerKind::gradient_descent);
    EXPECT_EQ(experiment.reports[1].recipe.optimizer.kind, OptimizerKind::adam);
    EXPECT_EQ(experiment.reports[0].losses[0].loss, experiment.reports[1].losses[0].loss);
    EXPECT_EQ(experiment.reports[0].step, 60u);
    EXPECT_EQ(experiment.reports[1].step, 60u);
    EXPECT_LT(experiment.reports[1].losses.back().loss, experiment.reports[0].losses.back().loss);
}

TEST_F(TrainingScene, SavesLoadsAndExports) {
    const TemporaryFolder folder;
    click("Save");
    EXPECT_TRUE(reads("there is no run to save yet"));
    train_to(25);
    type_into("folder##files", (folder / "run").string());
    click("Save");
    EXPECT_TRUE(reads("Saved the newest step"));
    click("CSV");
    const std::string curves = read_file(folder / "run" / "curves.csv");
    EXPECT_EQ(std::count(curves.begin(), curves.end(), '\n'), 26);
    EXPECT_NE(curves.find("run,step,loss,held_out_loss\n"), std::string::npos);
    click("Load");
    ASSERT_EQ(experiment.reports.size(), 2u) << state.message;
    EXPECT_EQ(experiment.report().step, 25u);
    train_to(30);
    EXPECT_EQ(shown_logits(state), logits_after(30, 1, state.trace->ids));
    type_into("folder##files", (folder / "nothing").string());
    click("Load");
    EXPECT_TRUE(reads("there is no training run to go on with"));
}

TEST_F(TrainingScene, MeasuresTheLandscapeAroundTheRun) {
    train_to(30);
    click("View: Landscape");
    for (const char* plane : {"Directions: random", "Directions: the run's own"}) {
        click(plane);
        click("Measure");
        while (!experiment.survey->landscape() && experiment.survey->trouble().empty()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            screen.frame();
        }
        ASSERT_EQ(experiment.survey->trouble(), "");
        const std::shared_ptr<const SurveyedLandscape> found = experiment.survey->landscape();
        const Landscape& landscape = found->landscape;
        // In the middle is the model that is shown: its loss on the same texts, measured anew.
        std::vector<Example> examples = experiment.live->held_out(0);
        examples.resize(found->examples);
        Workers workers(2);
        const double middle = batch_loss(*state.folder.model, examples, workers).mean;
        EXPECT_EQ(landscape.loss(landscape.size.rows / 2, landscape.size.columns / 2), middle);
        EXPECT_EQ(found->centre, 30u);
        // And at a corner, with the parameters moved by hand.
        std::vector<Real> moved = landscape.plane.centre;
        const double first = landscape.first_at(0), second = landscape.second_at(0);
        for (std::size_t i = 0; i < moved.size(); ++i) {
            moved[i] = static_cast<Real>(
                static_cast<double>(moved[i]) +
                first * static_cast<double>(landscape.plane.directions[0].numbers[i]) +
                second * static_cast<double>(landscape.plane.directions[1].numbers[i]));
        }
        Model corner = *state.folder.model;
        unflatten(moved, corner.parameters);
        const double there = batch_loss(corner, examples, workers).mean;
        EXPECT_NEAR(landscape.loss(0, 0), there, 1e-4 * there);
        EXPECT_EQ(found->path.front().step, 0u);
        EXPECT_NEAR(found->path.back().place.off_plane, 0, 1e-4);
        EXPECT_TRUE(reads("in the middle the model after step 30"));
    }
    screen.run("click \"Landscape\" 0.02"); // near the run's beginning
    screen.frame();
    EXPECT_LT(experiment.shown->step, 15u);
}

TEST_F(TrainingScene, StopsMeasuring) {
    click("View: Landscape");
    click("Measure");
    EXPECT_TRUE(reads("Train a run first"));
    train_to(5);
    click("Measure");
    click("Measure"); // now it says Stop, unless it was very quick
    screen.frame();
    EXPECT_TRUE(!experiment.survey || experiment.survey->landscape());
}

TEST_F(TrainingScene, AnotherCorpusBringsItsRecipeAndATextThatItKnows) {
    const std::string before = state.text.typed;
    while (experiment.corpora[static_cast<std::size_t>(experiment.choices.corpus)] != "reviews")
        click("Corpus");
    EXPECT_EQ(experiment.choices.recipe.layers, 2u);
    click("New run");
    EXPECT_NE(state.text.typed, before);
    EXPECT_EQ(state.folder.model->config.layers, 2u);
    click("Scene: Overview");
    EXPECT_TRUE(reads("2 blocks of 2 heads"));
}

TEST_F(TrainingScene, WhatDivergesSaysSo) {
    click("Optimiser"); // from Adam to AdamW
    click("Optimiser"); // and round to gradient descent
    ASSERT_EQ(experiment.choices.recipe.optimizer.kind, OptimizerKind::gradient_descent);
    experiment.choices.recipe.learning_rate = 500;
    experiment.choices.recipe.clip = 0;
    click("New run");
    click("Train");
    settle();
    EXPECT_TRUE(reads("training diverged"));
    click("Scene: Stages");
    EXPECT_TRUE(reads(state.moment().stage->title));
}

} // namespace
