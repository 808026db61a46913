#include "training/step_record.h"

#include "support/error_sentence.h"
#include "training/live_training.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace whirlygig;

namespace {

const std::filesystem::path creatures = WHIRLYGIG_CORPORA "/creatures";

// A small model on the creatures, of sizes that are all different.
Recipe small_recipe(OptimizerKind kind) {
    Recipe recipe = read_recipe(creatures / "recipe.json");
    recipe.width = 12;
    recipe.heads = 3;
    recipe.hidden = 7;
    recipe.batch = 5;
    recipe.steps = 30;
    recipe.evaluate_every = 10;
    recipe.clip = 0.4;
    recipe.optimizer.kind = kind;
    recipe.optimizer.weight_decay = 0.2;
    return recipe;
}

constexpr OptimizerKind all_kinds[] = {OptimizerKind::gradient_descent, OptimizerKind::momentum,
                                       OptimizerKind::adam, OptimizerKind::adamw};

// A run that has made 30 steps.
struct TrainedRun {
    TrainedRun(const Recipe& chosen, std::uint64_t chosen_seed)
        : recipe(chosen),
          seed(chosen_seed),
          live({.threads = 2}),
          branch(live.begin(creatures, recipe, seed, "run")) {
        live.train({branch}, {recipe.steps, std::nullopt});
        live.wait();
    }

    TrainingState after(std::uint64_t step) const {
        return state_at(*live.snapshot(branch, step), live.config(branch), recipe, seed);
    }
    StepRecord next(std::uint64_t step) const {
        return make_step_record(after(step), live.source(branch));
    }

    Recipe recipe;
    std::uint64_t seed;
    LiveTraining live;
    std::size_t branch;
};

std::vector<Real> numbers_of(const Parameters& parameters) {
    std::vector<Real> numbers;
    for (const auto& parameter : list_parameters(parameters))
        numbers.insert(numbers.end(), parameter.values.begin(), parameter.values.end());
    return numbers;
}

void expect_equal(const Snapshot& one, const Snapshot& other) {
    EXPECT_EQ(one.step, other.step);
    EXPECT_EQ(numbers_of(one.parameters), numbers_of(other.parameters));
    EXPECT_EQ(one.optimizer.steps, other.optimizer.steps);
    EXPECT_EQ(one.optimizer.velocity, other.optimizer.velocity);
    EXPECT_EQ(one.optimizer.mean, other.optimizer.mean);
    EXPECT_EQ(one.optimizer.mean_square, other.optimizer.mean_square);
}

double length_of(const Parameters& gradient) {
    double squares = 0;
    for (const Real number : numbers_of(gradient))
        squares += static_cast<double>(number) * static_cast<double>(number);
    return std::sqrt(squares);
}

} // namespace

TEST(StepRecord, IsTheStepThatTheRunMade) {
    for (const OptimizerKind kind : all_kinds) {
        for (const std::uint64_t seed : {3, 8}) {
            const TrainedRun run(small_recipe(kind), seed);
            const BranchReport report = run.live.report(run.branch);
            for (const std::uint64_t step : {0, 1, 13, 29}) {
                const StepRecord record = run.next(step);
                EXPECT_EQ(record.step, step + 1);
                expect_equal(record.before, *run.live.snapshot(run.branch, step));
                expect_equal(record.after, *run.live.snapshot(run.branch, step + 1));
                EXPECT_EQ(record.loss.mean, report.losses.at(step).loss);
            }
        }
    }
}

TEST(StepRecord, KnowsWhatWasMeasured) {
    const TrainedRun run(small_recipe(OptimizerKind::adam), 4);
    for (const HistoryRow& row : run.live.report(run.branch).measured) {
        const StepRecord record = run.next(row.step - 1);
        EXPECT_EQ(record.loss.weighted, row.weighted_loss);
        EXPECT_EQ(record.gradient_norm, row.gradient_norm);
        EXPECT_EQ(record.learning_rate, row.learning_rate);
    }
}

TEST(StepRecord, KeepsTheBatchAndItsTokens) {
    const TrainedRun run(small_recipe(OptimizerKind::adam), 5);
    std::vector<Example> batch;
    draw_batch(run.live.source(run.branch), 5, 8, batch);
    const StepRecord record = run.next(7);
    ASSERT_EQ(record.batch.size(), 5u);
    std::size_t tokens = 0;
    for (std::size_t text = 0; text < batch.size(); ++text) {
        EXPECT_EQ(record.batch[text].ids, batch[text].ids);
        EXPECT_EQ(record.batch[text].targets, batch[text].targets);
        tokens += batch[text].ids.size();
    }
    EXPECT_EQ(record.tokens, tokens);
}

TEST(StepRecord, ALongGradientIsShortenedToTheLimit) {
    Recipe recipe = small_recipe(OptimizerKind::momentum);
    recipe.clip = 0.03;
    const StepRecord record = TrainedRun(recipe, 6).next(3);
    EXPECT_NEAR(length_of(record.batch_gradient), record.gradient_norm, 1e-6);
    EXPECT_NEAR(length_of(record.gradient), 0.03, 1e-5);
    EXPECT_NEAR(record.clip_factor, 0.03 / record.gradient_norm, 1e-5);
    EXPECT_LT(record.clip_factor, 0.5);
}

TEST(StepRecord, AShortGradientStaysAsItIs) {
    for (const double limit : {0.0, 1000.0}) { // 0: no limit
        Recipe recipe = small_recipe(OptimizerKind::momentum);
        recipe.clip = limit;
        const StepRecord record = TrainedRun(recipe, 6).next(3);
        EXPECT_EQ(numbers_of(record.batch_gradient), numbers_of(record.gradient));
        EXPECT_EQ(record.clip_factor, 1);
        EXPECT_GT(record.gradient_norm, 0);
    }
}

TEST(StepRecord, LeavesTheRunAlone) {
    TrainedRun run(small_recipe(OptimizerKind::adamw), 9);
    const std::vector<Real> before = numbers_of(run.live.snapshot(run.branch, 12)->parameters);
    const StepRecord first = run.next(12);
    EXPECT_EQ(numbers_of(run.live.snapshot(run.branch, 12)->parameters), before);
    expect_equal(run.next(12).after, first.after);
    run.live.rewind(run.branch, 12);
    run.live.train({run.branch}, {13, std::nullopt});
    run.live.wait();
    expect_equal(first.after, *run.live.snapshot(run.branch, 13));
}

TEST(StepRecord, OfAForkIsMadeWithItsOwnOptimiser) {
    TrainedRun run(small_recipe(OptimizerKind::adam), 7);
    const Recipe other = small_recipe(OptimizerKind::momentum);
    const std::size_t fork = run.live.fork(run.branch, 20, other, "fork");
    const StepRecord record =
        make_step_record(state_at(*run.live.snapshot(fork, 20), run.live.config(fork), other, 7),
                         run.live.source(fork));
    run.live.train({fork}, {21, std::nullopt});
    run.live.wait();
    expect_equal(record.after, *run.live.snapshot(fork, 21));
    EXPECT_TRUE(record.before.optimizer.velocity.empty());
    EXPECT_FALSE(record.after.optimizer.velocity.empty());
}

TEST(StepRecord, AStepThatWouldDivergeIsAnError) {
    const TrainedRun run(small_recipe(OptimizerKind::adam), 2);
    TrainingState state = run.after(5);
    const auto parameters = list_parameters(state.model.parameters);
    for (Real& number : parameters.front().values)
        number = std::numeric_limits<Real>::quiet_NaN();
    EXPECT_THROW(make_step_record(std::move(state), run.live.source(run.branch)), Error);
}
