// One step of training with all that it was made from, to be looked at in slow motion.
#pragma once

#include "training/snapshots.h"

#include <cstdint>
#include <vector>

namespace whirlygig {

// Its parameters and what the optimiser remembers are in the order of list_parameters. It takes as
// much memory as two snapshots and two gradients: with Adam eight times the parameters.
struct StepRecord {
    std::uint64_t step = 0;     // the step that was made, counted from 1
    OptimizerOptions optimizer; // its kind and numbers,
    double clip = 0;            // the longest gradient that it lets through (0: any),
    double learning_rate = 0;   // and how far it went

    // 1. Batch, and 2. forward: the texts that were read, and how many tokens they have.
    std::vector<Example> batch;
    std::size_t tokens = 0;
    // 3. Loss: of the batch, before the step.
    BatchLoss loss;
    // 4. Backward: the gradient of the weighted loss, how long it was, and what it was multiplied
    // with so that it is not too long.
    Parameters batch_gradient; // before clipping
    double gradient_norm = 0;  // of it
    double clip_factor = 1;
    Parameters gradient; // after clipping
    // 5. Update.
    Snapshot before, after;
};

// Makes the step that follows the state, just as Trainer::step does and to the same bits, but on
// this copy: a run that goes on from the same state is not touched. It takes the memory of training
// (see training_bytes) while it works. Throws an Error when training would diverge in this step.
StepRecord make_step_record(TrainingState state, const ExampleSource& source);

// The state of a run with this recipe and seed at a snapshot. Throws an Error when the snapshot is
// of a model with other sizes.
TrainingState state_at(const Snapshot& snapshot, const Config& config, const Recipe& recipe,
                       std::uint64_t seed);

} // namespace whirlygig
