// Training: step by step, each from its own batch. All that a run needs to go on later, to the same
// bits, is in one plain struct.
#pragma once

#include "training/batch.h"
#include "training/optimizer.h"
#include "training/recipe.h"

#include <chrono>
#include <cstdint>
#include <limits>
#include <vector>

namespace whirlygig {

// What was measured at a step. Losses in nats per target.
struct HistoryRow {
    std::uint64_t step = 0;   // counted from 1
    double learning_rate = 0; // of the step
    double loss = 0;          // of the step's batch before the step; see BatchLoss::mean
    double weighted_loss = 0; // the same, see BatchLoss::weighted
    double held_out_loss = 0; // after the step; NaN when there is no held-out text
    double gradient_norm = 0; // before clipping
    double seconds = 0;       // of training and measuring, since step 0
};

struct TrainingState {
    Recipe recipe;
    std::uint64_t seed = 0;
    std::uint64_t step = 0; // steps done
    double seconds = 0;     // that they took
    Model model;
    OptimizerState optimizer;
    std::vector<HistoryRow> history;
};

// A run that has not begun: parameters drawn from the seed. Throws an Error for a recipe that is
// impossible, or whose training would need more than 16 GiB.
TrainingState start_training(const Recipe& recipe, std::size_t vocabulary, std::uint64_t seed);

// An estimate of the memory that training takes, in bytes.
double training_bytes(const Recipe& recipe, std::size_t vocabulary);

struct StepResult {
    std::uint64_t step = 0;   // the step that was done, counted from 1
    double learning_rate = 0; // of this step
    BatchLoss loss;           // of its batch, before the step
    double gradient_norm = 0; // before clipping
    std::size_t tokens = 0;   // that went through the model
};

// True after the steps at which the recipe asks for a look at the held-out text: the first, the
// last and every evaluate_every-th.
bool is_evaluation_due(const TrainingState& state);

// How a step finds its gradient: by a forward and a backward pass, or by nudging each parameter,
// which takes two forward passes for every one of them.
enum class GradientBy { backpropagation, nudging };
constexpr std::size_t most_nudged = 500; // parameters: more would take too long

class Trainer {
public:
    // Goes on with `training`, which belongs to the caller and stays where it is. The results are
    // the same for any number of threads; more than batch_lanes of its config don't make it faster.
    // Throws an Error when a model of more than most_nudged parameters should be nudged.
    Trainer(TrainingState& training, std::size_t threads,
            GradientBy found_by = GradientBy::backpropagation);

    // Draws the next step's batch from the source and learns from it. Throws an Error when training
    // has diverged: the loss or the gradient is no longer a finite number. The parameters are then
    // still those from before the step.
    StepResult step(const ExampleSource& source);

    // The same with a given batch.
    StepResult learn(const std::vector<Example>& examples);

    // Appends a row to the history: the step's result and the loss of the held-out examples (NaN
    // when there are none).
    const HistoryRow& record(const StepResult& result, const std::vector<Example>& held_out);

private:
    BatchLoss compute_gradient(const std::vector<Example>& examples);
    BatchLoss nudge_every_parameter(const std::vector<Example>& examples);

    TrainingState& state;
    GradientBy gradient_by;
    Workers workers;
    BatchGradient gradient;
    std::vector<NamedParameter<Real>> parameters; // of state.model
    std::vector<Example> batch;
};

} // namespace whirlygig
