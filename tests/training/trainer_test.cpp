#include "training/trainer.h"

#include "support/error_sentence.h"
#include "support/small_model.h"
#include "support/training_mistakes.h"
#include "training/schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace whirlygig;

namespace {

constexpr bool in_double = sizeof(Real) == 8;
constexpr double rounding = in_double ? 1e-12 : 1e-5;

// The parameters as one row of numbers, to compare.
std::vector<Real> numbers_of(const Parameters& parameters) {
    std::vector<Real> numbers;
    for (const auto& parameter : list_parameters(parameters))
        numbers.insert(numbers.end(), parameter.values.begin(), parameter.values.end());
    return numbers;
}

// Sequences of different lengths over a vocabulary of 7, with an answer that counts more.
Recipe small_recipe() {
    Recipe recipe;
    recipe.context = 9;
    recipe.width = 6;
    recipe.heads = 2;
    recipe.hidden = 5;
    recipe.layers = 2;
    recipe.batch = 11;
    recipe.steps = 20;
    recipe.warm_up = 3;
    recipe.learning_rate = 0.02;
    recipe.answer_from_end = 2;
    recipe.answer_length = 1;
    recipe.answer_weight = 3;
    return recipe;
}

constexpr std::size_t vocabulary = 7;

std::vector<std::vector<int>> small_sequences(std::uint64_t seed, std::size_t count) {
    Random random(seed);
    std::vector<std::vector<int>> sequences(count);
    for (auto& sequence : sequences) {
        sequence.resize(4 + random.below(6));
        sequence[0] = static_cast<int>(random.below(vocabulary));
        // Every token says which two can follow: that can be learned.
        for (std::size_t place = 1; place < sequence.size(); ++place) {
            const int step = 1 + static_cast<int>(random.below(2));
            sequence[place] = (3 * sequence[place - 1] + step) % static_cast<int>(vocabulary);
        }
    }
    return sequences;
}

ExampleSource small_source(const Recipe& recipe) {
    return source_from_sequences(small_sequences(5, 40), recipe);
}

std::vector<Example> small_batch(const Recipe& recipe, std::size_t count) {
    return held_out_examples(small_sequences(8, count), recipe);
}

// Trains to the last step and returns the losses and norms on the way.
std::vector<double> train(TrainingState& state, std::size_t threads, std::uint64_t last) {
    const ExampleSource source = small_source(state.recipe);
    Trainer trainer(state, threads);
    std::vector<double> seen;
    while (state.step < last) {
        const StepResult result = trainer.step(source);
        seen.insert(seen.end(), {result.learning_rate, result.loss.weighted, result.loss.mean,
                                 result.gradient_norm});
    }
    return seen;
}

} // namespace

// Σ w·loss / Σ w over all targets of the batch, and the mean over those with w > 0, in plain loops.
TEST(BatchLoss, IsWeightedOverTheWholeBatch) {
    Recipe recipe = small_recipe();
    const Model model = support::small_model(make_config(recipe, vocabulary), 3);
    std::vector<Example> batch = small_batch(recipe, 11);
    batch[2].weights[1] = 0;
    batch[4].weights[0] = 0.25;
    double weighted = 0, weights = 0, sum = 0, count = 0;
    for (const Example& example : batch) {
        Activations activations;
        activations.ids = example.ids;
        forward(model, activations);
        for (std::size_t place = 0; place < example.targets.size(); ++place) {
            const auto target = static_cast<std::size_t>(example.targets[place]);
            const double probability = activations.probabilities(place, target);
            weighted -= example.weights[place] * std::log(probability);
            weights += example.weights[place];
            if (example.weights[place] == 0) continue;
            sum -= std::log(probability);
            ++count;
        }
    }
    Workers workers(2);
    const BatchLoss loss = batch_loss(model, batch, workers);
    EXPECT_NEAR(loss.weighted, weighted / weights, rounding * loss.weighted);
    EXPECT_NEAR(loss.mean, sum / count, rounding * loss.mean);
    EXPECT_GT(std::abs(loss.mean - loss.weighted), 1e-3) << "the weights should matter here";

    BatchGradient gradient(model.config);
    const BatchLoss again = gradient.compute(model, batch, workers);
    EXPECT_EQ(again.weighted, loss.weighted);
    EXPECT_EQ(again.mean, loss.mean);
}

// The gradient of a batch is the sum of its examples' gradients, each by its share of the weights.
TEST(BatchGradient, IsTheSumOverTheExamplesOneByOne) {
    Recipe recipe = small_recipe();
    for (const std::size_t size : {1, 7, 8, 13, 32}) {
        for (const bool tied : {false, true}) {
            recipe.tied = tied;
            const Model model = support::small_model(make_config(recipe, vocabulary), 4);
            const std::vector<Example> batch = small_batch(recipe, size);
            Workers workers(3);
            BatchGradient whole(model.config), single(model.config);
            const BatchLoss loss = whole.compute(model, batch, workers);
            std::vector<double> sum(count_parameters(model.config));
            double total = 0, loss_sum = 0;
            for (const Example& example : batch) {
                double weight = 0;
                for (const double w : example.weights)
                    weight += w;
                loss_sum += weight * single.compute(model, {example}, workers).weighted;
                const std::vector<Real> numbers = numbers_of(single.gradient());
                for (std::size_t i = 0; i < sum.size(); ++i)
                    sum[i] += weight * static_cast<double>(numbers[i]);
                total += weight;
            }
            EXPECT_NEAR(loss.weighted, loss_sum / total, 10 * rounding);
            const std::vector<Real> numbers = numbers_of(whole.gradient());
            double largest = 0;
            for (std::size_t i = 0; i < sum.size(); ++i) {
                largest = std::max(largest, std::abs(sum[i] / total));
                ASSERT_NEAR(numbers[i], sum[i] / total, 10 * rounding) << "parameter " << i;
            }
            EXPECT_GT(largest, 0.01);
        }
    }
}

TEST(BatchGradient, KeepsNothingOfTheBatchBefore) {
    const Recipe recipe = small_recipe();
    const Model model = support::small_model(make_config(recipe, vocabulary), 4);
    Workers workers(1);
    BatchGradient used(model.config), fresh(model.config);
    used.compute(model, small_batch(recipe, 20), workers);
    used.compute(model, small_batch(recipe, 3), workers); // fewer than the lanes
    fresh.compute(model, small_batch(recipe, 3), workers);
    EXPECT_EQ(numbers_of(used.gradient()), numbers_of(fresh.gradient()));
}

TEST(BatchGradient, LargerModelsHaveFewerLanes) {
    Recipe recipe;
    recipe.width = 16;
    EXPECT_EQ(batch_lanes(make_config(recipe, 30)), most_lanes);
    recipe.width = 64;
    EXPECT_EQ(batch_lanes(make_config(recipe, 65)), 4u);
    recipe.width = 512;
    EXPECT_EQ(batch_lanes(make_config(recipe, 65)), 2u);
}

TEST(BatchGradient, ABatchWithoutTargetsThatCountIsRefused) {
    const Recipe recipe = small_recipe();
    const Model model = support::small_model(make_config(recipe, vocabulary), 4);
    Workers workers(2);
    BatchGradient gradient(model.config);
    std::vector<Example> batch = small_batch(recipe, 1);
    batch[0].weights.assign(batch[0].weights.size(), 0);
    for (const auto& bad : {std::vector<Example>{}, batch}) {
        expect_contains(error_sentence([&] { gradient.compute(model, bad, workers); }),
                        "no target");
        expect_contains(error_sentence([&] { batch_loss(model, bad, workers); }), "no target");
    }
}

TEST(Trainer, TheSameBitsForAnyNumberOfThreads) {
    for (const std::size_t batch : {1, 7, 19, 32}) {
        Recipe recipe = small_recipe();
        recipe.batch = batch;
        if (batch == 19) recipe.hidden = 6001; // a model with fewer lanes
        TrainingState expected = start_training(recipe, vocabulary, 17);
        const std::vector<double> expected_losses = train(expected, 1, 6);
        const std::vector<Example> held_out = small_batch(recipe, 21);
        Workers alone(1);
        const BatchLoss expected_loss = batch_loss(expected.model, held_out, alone);
        for (const std::size_t threads : {2, 3, 8, 20}) {
            TrainingState state = start_training(recipe, vocabulary, 17);
            EXPECT_EQ(train(state, threads, 6), expected_losses);
            EXPECT_EQ(numbers_of(state.model.parameters), numbers_of(expected.model.parameters))
                << threads << " threads, batch " << batch;
            Workers workers(threads);
            EXPECT_EQ(batch_loss(state.model, held_out, workers).mean, expected_loss.mean);
        }
    }
}

TEST(Trainer, ACopiedStateGoesOnToTheSameBits) {
    for (const OptimizerKind kind : {OptimizerKind::gradient_descent, OptimizerKind::momentum,
                                     OptimizerKind::adam, OptimizerKind::adamw}) {
        Recipe recipe = small_recipe();
        recipe.optimizer.kind = kind;
        TrainingState state = start_training(recipe, vocabulary, 2);
        train(state, 2, 7);
        TrainingState copy = state;
        const std::vector<double> expected = train(state, 2, 15);
        EXPECT_EQ(train(copy, 3, 15), expected);
        EXPECT_EQ(numbers_of(copy.model.parameters), numbers_of(state.model.parameters));
        EXPECT_EQ(copy.optimizer.steps, 15u);
    }
}

TEST(Trainer, ADifferentSeedTrainsSomethingElse) {
    TrainingState one = start_training(small_recipe(), vocabulary, 1);
    TrainingState two = start_training(small_recipe(), vocabulary, 2);
    EXPECT_NE(numbers_of(one.model.parameters), numbers_of(two.model.parameters));
    two.model.parameters = one.model.parameters; // the batches differ, too
    EXPECT_NE(train(one, 1, 1), train(two, 1, 1));
}

// From a token, each of two followers is as likely: no model gets below log 2.
TEST(Trainer, LearnsUntilOnlyTheUnpredictableIsLeft) {
    for (const OptimizerKind kind : {OptimizerKind::gradient_descent, OptimizerKind::momentum,
                                     OptimizerKind::adam, OptimizerKind::adamw}) {
        Recipe recipe = small_recipe();
        recipe.answer_length = 0;
        recipe.steps = 200;
        recipe.optimizer.kind = kind;
        recipe.learning_rate = kind == OptimizerKind::gradient_descent ? 0.5
                               : kind == OptimizerKind::momentum       ? 0.05
                                                                       : 0.02;
        TrainingState state = start_training(recipe, vocabulary, 1);
        const ExampleSource source = source_from_sequences(small_sequences(5, 400), recipe);
        const std::vector<Example> held_out = small_batch(recipe, 100);
        Trainer trainer(state, 2);
        StepResult result = trainer.step(source);
        const double first = trainer.record(result, held_out).held_out_loss;
        EXPECT_GT(first, 1.8); // about log 7 = 1.95: every token as likely
        while (state.step < recipe.steps)
            result = trainer.step(source);
        const double last = trainer.record(result, held_out).held_out_loss;
        EXPECT_LT(last, 0.80) << "kind " << static_cast<int>(kind);
        EXPECT_GT(last, 0.66); // log 2 = 0.69
    }
}

// Three steps with the same batch: what each tells, how far it goes.
TEST(TrainingStep, GradientThenClippingThenAStrideDown) {
    support::Teacher teacher("training_step");
    for (const double limit : {0.05, 0.4, 1e6}) {
        Recipe recipe = small_recipe();
        recipe.optimizer.kind = OptimizerKind::momentum;
        recipe.optimizer.momentum = 0.75;
        recipe.clip = limit;
        recipe.learning_rate = 0.3;
        const TrainingState start = start_training(recipe, vocabulary, 1);
        const std::vector<Example> batch = small_batch(recipe, 5);
        const std::string given =
            fmt::format("three steps with the same batch, momentum 0.75, clip {}; a row for each "
                        "step:\nresult.loss, result.gradient_norm, how far the parameters moved, "
                        "and state.optimizer.steps\n",
                        limit);
        TrainingState state = start;
        Trainer trainer(state, 1);
        support::Grid got;
        const bool ran = teacher.runs(given, [&] {
            for (int step = 0; step < 3; ++step) {
                const std::vector<Real> before = numbers_of(state.model.parameters);
                const StepResult result = trainer.learn(batch);
                const std::vector<Real> after = numbers_of(state.model.parameters);
                double moved = 0;
                for (std::size_t i = 0; i < before.size(); ++i)
                    moved += std::pow(static_cast<double>(after[i]) - before[i], 2);
                got.push_back({result.loss.weighted, result.gradient_norm, std::sqrt(moved),
                               static_cast<double>(state.optimizer.steps)});
            }
        });
        if (!ran) return;
        teacher.compare(
            {given, mistakes::steps_with({}, start, batch), mistakes::training_step(start, batch)},
            got);
    }
}

TEST(TrainingStep, TakesTheRecipesOptimizer) {
    support::Teacher teacher("training_step");
    for (const OptimizerKind kind : {OptimizerKind::gradient_descent, OptimizerKind::adam}) {
        Recipe recipe = small_recipe();
        recipe.optimizer.kind = kind;
        recipe.learning_rate = 0.003;
        recipe.clip = 0; // nothing is clipped
        TrainingState state = start_training(recipe, vocabulary, 1);
        Trainer trainer(state, 1);
        if (!teacher.runs("", [&] { trainer.learn(small_batch(recipe, 5)); })) return;
        const bool adam = kind == OptimizerKind::adam;
        teacher.expect(state.optimizer.mean.empty() != adam,
                       "The recipe says which optimiser it is to be: give optimizer_step "
                       "recipe.optimizer and state.optimizer.");
    }
}

TEST(TrainingStep, StopsBeforeAStrideInNoDirection) {
    support::Teacher teacher("training_step");
    TrainingState state = start_training(small_recipe(), vocabulary, 1);
    Trainer trainer(state, 1);
    std::vector<Example> batch = small_batch(small_recipe(), 5);
    // So steep that the gradient by the stream is beyond the largest number; the loss is not.
    for (Real& number : state.model.parameters.embedding.token_table.data())
        number *= static_cast<Real>(1e-3);
    for (Real& number : state.model.parameters.embedding.position_table.data())
        number *= static_cast<Real>(1e-3);
    const std::vector<Real> before = numbers_of(state.model.parameters);
    state.model.parameters.final_norm.gain(0) = std::numeric_limits<Real>::max() / 64;
    state.model.parameters.unembedding(0, 0) = 0;
    std::string sentence;
    try {
        trainer.learn(batch);
    } catch (const NotWrittenYet&) {
        throw;
    } catch (const Error& error) {
        sentence = error.what();
    }
    teacher.expect(sentence.find("diverged") != sentence.npos,
                   "The gradient is no longer a finite number, but the step goes on: call "
                   "check_finite(result) between clipping and the stride.");
}

TEST(Trainer, AStepIsClippedAndFollowsTheSchedule) {
    Recipe recipe = small_recipe();
    recipe.optimizer.kind = OptimizerKind::gradient_descent;
    recipe.clip = 0.01;
    recipe.learning_rate = 3;
    TrainingState state = start_training(recipe, vocabulary, 1);
    const std::vector<Real> before = numbers_of(state.model.parameters);
    Trainer trainer(state, 1);
    const StepResult result = trainer.learn(small_batch(recipe, 5));
    EXPECT_EQ(result.step, 1u);
    EXPECT_DOUBLE_EQ(result.learning_rate, 1.0); // a third of the warm-up
    EXPECT_EQ(result.learning_rate, learning_rate_at(recipe, 1));
    EXPECT_GT(result.gradient_norm, 0.1) << "the norm is told as it was before clipping";
    const std::vector<Real> after = numbers_of(state.model.parameters);
    double moved = 0;
    for (std::size_t i = 0; i < before.size(); ++i)
        moved += std::pow(static_cast<double>(after[i]) - static_cast<double>(before[i]), 2);
    EXPECT_NEAR(std::sqrt(moved), 0.01, 1e-5);
}

TEST(Trainer, DivergenceIsToldAndLeavesTheParametersAlone) {
    Recipe recipe = small_recipe();
    recipe.optimizer.kind = OptimizerKind::gradient_descent;
    for (const Real bad : {std::numeric_limits<Real>::quiet_NaN(),
                           std::numeric_limits<Real>::infinity(), Real(1e30)}) {
        TrainingState state = start_training(recipe, vocabulary, 1);
        train(state, 2, 4);
        for (Real& number : state.model.parameters.blocks[0].mlp.up.weights.data())
            number = bad;
        if (bad == Real(1e30)) state.model.parameters.final_norm.gain(2) = Real(1e38);
        if (bad == Real(1e30) && in_double) state.model.parameters.final_norm.gain(2) = 1e308;
        const std::vector<Real> before = numbers_of(state.model.parameters);
        const std::string sentence = error_sentence([&] { train(state, 2, 5); });
        expect_contains(sentence, "diverged at step 5");
        expect_contains(sentence, "lower learning_rate");
        EXPECT_EQ(state.step, 4u);
        const std::vector<Real> after = numbers_of(state.model.parameters);
        for (std::size_t i = 0; i < before.size(); ++i)
            ASSERT_TRUE(after[i] == before[i] || std::isnan(before[i]));
    }
}

TEST(Trainer, AnAbsurdRateDivergesWithASentence) {
    Recipe recipe = small_recipe();
    recipe.optimizer.kind = OptimizerKind::momentum;
    recipe.optimizer.momentum = 0.9999;
    recipe.learning_rate = 1000;
    recipe.clip = 0;
    recipe.warm_up = 0;
    recipe.decay = 1;
    recipe.steps = 300;
    TrainingState state = start_training(recipe, vocabulary, 1);
    try {
        train(state, 2, recipe.steps); // whether it diverges is no matter, but how
    } catch (const Error& error) {
        expect_contains(error.what(), "training diverged at step");
    }
}

TEST(Trainer, OtherErrorsStayAsTheyAre) {
    const Recipe recipe = small_recipe();
    TrainingState state = start_training(recipe, vocabulary, 1);
    std::vector<Example> batch = small_batch(recipe, 3);
    batch[1].ids[0] = 7;
    Trainer trainer(state, 2);
    expect_contains(error_sentence([&] { trainer.learn(batch); }), "not in the vocabulary");
}

TEST(Trainer, EachEvaluationIsARowOfTheHistory) {
    Recipe recipe = small_recipe();
    recipe.steps = 10;
    recipe.evaluate_every = 4;
    TrainingState state = start_training(recipe, vocabulary, 1);
    const ExampleSource source = small_source(recipe);
    const std::vector<Example> held_out = small_batch(recipe, 9);
    Trainer trainer(state, 2);
    std::vector<std::uint64_t> steps;
    double seconds = 0;
    while (state.step < recipe.steps) {
        const StepResult result = trainer.step(source);
        if (!is_evaluation_due(state)) continue;
        const HistoryRow row = trainer.record(result, held_out);
        steps.push_back(row.step);
        EXPECT_EQ(row.loss, result.loss.mean);
        EXPECT_EQ(row.weighted_loss, result.loss.weighted);
        EXPECT_EQ(row.gradient_norm, result.gradient_norm);
        EXPECT_EQ(row.learning_rate, result.learning_rate);
        Workers workers(1);
        EXPECT_EQ(row.held_out_loss, batch_loss(state.model, held_out, workers).mean);
        EXPECT_GT(row.seconds, seconds);
        seconds = row.seconds;
    }
    EXPECT_EQ(steps, (std::vector<std::uint64_t>{1, 4, 8, 10}));
    EXPECT_EQ(state.history.size(), 4u);
    EXPECT_TRUE(std::isnan(trainer.record({}, {}).held_out_loss));
}

TEST(Trainer, WhatWouldNeedTooMuchMemoryIsRefused) {
    Recipe recipe;
    EXPECT_LT(training_bytes(recipe, 100), 1e8);
    recipe.width = recipe.hidden = 4096;
    recipe.layers = 32;
    expect_contains(error_sentence([&] { start_training(recipe, 100, 1); }), "GiB");
    recipe = Recipe();
    recipe.context = 4096;
    recipe.heads = 64;
    expect_contains(error_sentence([&] { start_training(recipe, 100, 1); }), "GiB");
    recipe = Recipe();
    expect_contains(error_sentence([&] { start_training(recipe, 9'999'999, 1); }), "GiB");
}

// The smallest step by nudging goes where backpropagation goes.
TEST(Trainer, NudgingEveryParameterFindsTheSameGradient) {
    Recipe recipe = small_recipe();
    recipe.width = 4;
    recipe.layers = 1;
    recipe.optimizer.kind = OptimizerKind::gradient_descent;
    recipe.clip = 0;
    TrainingState quick = start_training(recipe, vocabulary, 4);
    TrainingState slow = quick;
    const std::vector<Real> before = numbers_of(quick.model.parameters);
    ASSERT_LE(before.size(), most_nudged);
    const std::vector<Example> batch = small_batch(recipe, 5);
    const StepResult result = Trainer(quick, 1).learn(batch);
    const StepResult nudged = Trainer(slow, 2, GradientBy::nudging).learn(batch);
    EXPECT_NEAR(nudged.loss.weighted, result.loss.weighted, rounding);
    EXPECT_NEAR(nudged.gradient_norm, result.gradient_norm, 1e-3 * result.gradient_norm);
    const std::vector<Real> there = numbers_of(quick.model.parameters);
    const std::vector<Real> also_there = numbers_of(slow.model.parameters);
    for (std::size_t i = 0; i < before.size(); ++i) {
        const double step = there[i] - before[i], nudged_step = also_there[i] - before[i];
        EXPECT_NEAR(nudged_step, step, 2e-3 * result.learning_rate) << "parameter " << i;
    }
}

TEST(Trainer, ALargeModelIsNotNudged) {
    TrainingState state = start_training(small_recipe(), vocabulary, 4);
    expect_contains(error_sentence([&] { Trainer(state, 1, GradientBy::nudging); }), "at most 500");
}
