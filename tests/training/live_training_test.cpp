#include "training/live_training.h"

#include "support/error_sentence.h"
#include "support/temporary_folder.h"
#include "training/schedule.h"
#include "training/training_data.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace whirlygig;

namespace {

const std::filesystem::path creatures = WHIRLYGIG_CORPORA "/creatures";

// A small model on the creatures, of sizes that are all different.
Recipe small_recipe() {
    Recipe recipe = read_recipe(creatures / "recipe.json");
    recipe.width = 12;
    recipe.heads = 3;
    recipe.hidden = 7;
    recipe.batch = 5;
    recipe.steps = 40;
    recipe.evaluate_every = 10;
    return recipe;
}

std::vector<double> losses_of(const BranchReport& report) {
    std::vector<double> losses;
    for (const StepLoss& point : report.losses)
        losses.push_back(point.loss);
    return losses;
}

// The same run, made by a trainer alone.
std::vector<double> losses_alone(const Recipe& recipe, std::uint64_t seed) {
    const Corpus corpus = read_corpus(creatures);
    TrainingRun run = start_run(corpus, creatures.string(), recipe, seed);
    const ExampleSource source = make_source(corpus, *run.wording.tokenizer, recipe);
    Trainer trainer(run.state, 1);
    std::vector<double> losses;
    while (run.state.step < recipe.steps)
        losses.push_back(trainer.step(source).loss.mean);
    return losses;
}

void train(LiveTraining& live, std::size_t branch, std::uint64_t step) {
    live.train({branch}, {step, std::nullopt});
    live.wait();
}

TEST(LiveTraining, MakesTheStepsThatATrainerMakes) {
    for (const std::uint64_t seed : {3, 8}) {
        LiveTraining live({.threads = 2});
        const std::size_t branch = live.begin(creatures, small_recipe(), seed, "first");
        EXPECT_EQ(live.report(branch).losses.size(), 0u);
        train(live, branch, 40);
        const BranchReport report = live.report(branch);
        EXPECT_EQ(report.step, 40u);
        EXPECT_EQ(report.name, "first");
        EXPECT_EQ(losses_of(report), losses_alone(small_recipe(), seed));
        ASSERT_EQ(report.measured.size(), 5u); // after steps 1, 10, 20, 30 and 40
        EXPECT_EQ(report.measured[1].step, 10u);
        EXPECT_GT(report.tokens_a_second, 0);
        EXPECT_FALSE(live.training());
    }
}

TEST(LiveTraining, PausingChangesNothing) {
    LiveTraining live({.threads = 1});
    const std::size_t branch = live.begin(creatures, small_recipe(), 5, "paused");
    live.set_pace(200);
    for (int pause = 0; pause < 5; ++pause) {
        live.train({branch}, {40, std::nullopt});
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        live.pause();
        live.wait();
    }
    const std::uint64_t reached = live.report(branch).step;
    EXPECT_GT(reached, 0u);
    EXPECT_LT(reached, 40u) << "200 steps a second can't make 40 in a tenth of one";
    live.set_pace(0);
    train(live, branch, 40);
    EXPECT_EQ(losses_of(live.report(branch)), losses_alone(small_recipe(), 5));
}

TEST(LiveTraining, CanBeStoppedAtAnyMoment) {
    for (int milliseconds = 0; milliseconds < 12; milliseconds += 3) {
        LiveTraining live({.threads = 2});
        live.train({live.begin(creatures, small_recipe(), 2, "short")}, {100000, std::nullopt});
        std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    }
}

TEST(LiveTraining, ASnapshotIsTheModelOfItsStep) {
    LiveTraining live({.threads = 1});
    const std::size_t branch = live.begin(creatures, small_recipe(), 4, "seen");
    train(live, branch, 40);
    const BranchReport report = live.report(branch);
    Workers workers(1);
    for (const HistoryRow& row : report.measured) {
        const std::shared_ptr<const Snapshot> snapshot = live.snapshot(branch, row.step);
        ASSERT_TRUE(snapshot);
        EXPECT_EQ(snapshot->step, row.step);
        const Model model{live.config(branch), snapshot->parameters};
        const double loss = batch_loss(model, live.held_out(branch), workers).mean;
        EXPECT_EQ(loss, row.held_out_loss) << "after step " << row.step;
    }
}

TEST(LiveTraining, RewoundItMakesTheSameStepsAgain) {
    LiveTraining live({.threads = 1});
    const std::size_t branch = live.begin(creatures, small_recipe(), 6, "again");
    train(live, branch, 40);
    const std::vector<double> before = losses_of(live.report(branch));
    live.rewind(branch, 17);
    const BranchReport rewound = live.report(branch);
    EXPECT_EQ(rewound.step, 17u);
    EXPECT_EQ(rewound.losses.size(), 17u);
    EXPECT_EQ(rewound.measured.back().step, 10u);
    EXPECT_EQ(rewound.snapshots.back(), 17u);
    train(live, branch, 40);
    EXPECT_EQ(losses_of(live.report(branch)), before);
}

TEST(LiveTraining, AForkSharesThePastAndNotTheFuture) {
    LiveTraining live({.threads = 1});
    const std::size_t trunk = live.begin(creatures, small_recipe(), 7, "trunk");
    train(live, trunk, 30);
    Recipe other = small_recipe();
    other.learning_rate *= 3;
    const std::size_t faster = live.fork(trunk, 20, other, "faster");
    const std::size_t same = live.fork(trunk, 20, small_recipe(), "same");
    EXPECT_EQ(live.report(faster).parent, trunk);
    EXPECT_EQ(live.report(faster).first_step, 20u);
    live.train({faster, same}, {30, std::nullopt});
    live.wait();
    const std::vector<double> of_trunk = losses_of(live.report(trunk));
    const std::vector<double> of_faster = losses_of(live.report(faster));
    EXPECT_EQ(losses_of(live.report(same)), of_trunk);
    ASSERT_EQ(of_faster.size(), 30u);
    for (std::size_t i = 0; i < 21; ++i) // step 21's loss is measured before its step
        EXPECT_EQ(of_faster[i], of_trunk[i]);
    EXPECT_NE(of_faster[29], of_trunk[29]);
}

TEST(LiveTraining, AForkMayUseAnotherOptimiser) {
    LiveTraining live({.threads = 1});
    const std::size_t trunk = live.begin(creatures, small_recipe(), 9, "adam");
    Recipe plain = small_recipe();
    plain.optimizer.kind = OptimizerKind::gradient_descent;
    plain.learning_rate = 0.1;
    plain.clip = 0;
    plain.warm_up = 0;
    plain.decay = 1;
    const std::size_t other = live.fork(trunk, 0, plain, "plain");
    live.train({trunk, other}, {1, std::nullopt});
    live.wait();
    EXPECT_EQ(losses_of(live.report(trunk)), losses_of(live.report(other))); // the same start
    // Plain descent moved against the gradient by 0.1 of it; here from differences of snapshots.
    const auto before = live.snapshot(other, 0), after = live.snapshot(other, 1);
    Workers workers(1);
    std::vector<Example> batch;
    draw_batch(live.source(other), 9, 1, batch);
    BatchGradient gradient(live.config(other));
    gradient.compute({live.config(other), before->parameters}, batch, workers);
    const auto old = list_parameters(before->parameters), now = list_parameters(after->parameters);
    for (std::size_t i = 0; i < old.size(); ++i) {
        for (std::size_t n = 0; n < old[i].values.size(); ++n) {
            const double moved =
                static_cast<double>(now[i].values[n]) - static_cast<double>(old[i].values[n]);
            const double expected = -0.1 * static_cast<double>(gradient.list()[i].values[n]);
            EXPECT_NEAR(moved, expected, 1e-6) << old[i].name << " " << n;
        }
    }
}

TEST(LiveTraining, StopsAtALoss) {
    Recipe recipe = small_recipe();
    recipe.steps = 400;
    LiveTraining live({.threads = 2});
    const std::size_t branch = live.begin(creatures, recipe, 3, "goal");
    live.train({branch}, {400, 2.0});
    live.wait();
    const BranchReport report = live.report(branch);
    EXPECT_LT(report.step, 400u);
    EXPECT_LE(report.measured.back().held_out_loss, 2.0);
    ASSERT_GE(report.measured.size(), 2u);
    EXPECT_GT(report.measured[report.measured.size() - 2].held_out_loss, 2.0);
}

TEST(LiveTraining, OneThatDivergesSaysSoAndLeavesTheOthersAlone) {
    Recipe wild = small_recipe();
    wild.optimizer.kind = OptimizerKind::adamw;
    wild.optimizer.weight_decay = 1;
    wild.learning_rate = 1000; // each step makes matrices 999 times as large, with the other sign
    wild.clip = 0;
    wild.warm_up = 0;
    wild.steps = 400;
    LiveTraining live({.threads = 1});
    const std::size_t calm = live.begin(creatures, small_recipe(), 1, "calm");
    const std::size_t lost = live.begin(creatures, wild, 1, "lost");
    live.train({lost, calm}, {40, std::nullopt});
    live.wait();
    EXPECT_NE(live.report(lost).trouble.find("diverged"), std::string::npos);
    EXPECT_LT(live.report(lost).step, 40u);
    EXPECT_EQ(live.report(calm).step, 40u);
    EXPECT_EQ(live.report(calm).trouble, "");
}

TEST(LiveTraining, SavesWhatTheTerminalReadsAndLoadsIt) {
    const TemporaryFolder folder;
    LiveTraining live({.threads = 1});
    const std::size_t branch = live.begin(creatures, small_recipe(), 12, "kept");
    train(live, branch, 23);
    live.save(branch, folder / "run");
    EXPECT_EQ(read_training(folder / "run").state.step, 23u);
    const std::size_t loaded = live.load(folder / "run", "loaded");
    EXPECT_EQ(live.report(loaded).step, 23u);
    live.train({branch, loaded}, {40, std::nullopt});
    live.wait();
    EXPECT_EQ(live.report(loaded).losses.back().loss, live.report(branch).losses.back().loss);
    const std::string missing = (folder / "nothing").string();
    EXPECT_NE(error_sentence([&] { live.load(missing, "none"); }).find(missing), std::string::npos);
    EXPECT_EQ(live.branches(), 2u);
}

TEST(Snapshots, StayWithinTheirMemoryAndKeepBothEnds) {
    const Corpus corpus = read_corpus(creatures);
    TrainingRun run = start_run(corpus, creatures.string(), small_recipe(), 2);
    const std::size_t one = bytes_of(take_snapshot(run.state));
    Snapshots snapshots(one * 7);
    for (std::uint64_t step = 0; step <= 50; ++step) {
        run.state.step = step;
        run.state.model.parameters.final_norm.gain(0) = static_cast<Real>(step);
        snapshots.take(run.state);
        EXPECT_LE(snapshots.bytes(), one * 7);
        EXPECT_EQ(snapshots.all().front()->step, 0u);
        EXPECT_EQ(snapshots.all().back()->step, step);
    }
    // From 0 to 48 every 8th or finer would be 7 with the newest; they are evenly spread.
    std::vector<std::uint64_t> steps;
    for (const auto& snapshot : snapshots.all()) {
        steps.push_back(snapshot->step);
        EXPECT_EQ(snapshot->parameters.final_norm.gain(0), static_cast<Real>(snapshot->step));
    }
    EXPECT_EQ(steps, (std::vector<std::uint64_t>{0, 16, 32, 48, 50}));
    EXPECT_EQ(snapshots.at_or_before(31)->step, 16u);
    EXPECT_EQ(snapshots.at_or_before(1000)->step, 50u);
    snapshots.forget_after(32);
    EXPECT_EQ(snapshots.all().back()->step, 32u);
    run.state.step = 5;
    EXPECT_NE(error_sentence([&] { snapshots.take(run.state); }).find("step 5"), std::string::npos);
}

} // namespace
