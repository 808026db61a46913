// Moments of a training run that one can go back to, within a limit of memory.
#pragma once

#include "training/trainer.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace whirlygig {

// All that a run needs to go on from a step to the same numbers, together with its recipe and seed.
// Random numbers need no keeping: the batch of a step is drawn from the seed and the step alone.
struct Snapshot {
    std::uint64_t step = 0; // steps done
    double seconds = 0;     // that they took
    Parameters parameters;
    OptimizerState optimizer;
};

Snapshot take_snapshot(const TrainingState& state);

// Takes the run back to the snapshot; what was measured after it is forgotten. The recipe stays as
// it is, but what another kind of optimiser remembered is of no use and is left out.
void restore(TrainingState& state, const Snapshot& snapshot);

// How much memory it takes, in bytes.
std::size_t bytes_of(const Snapshot& snapshot);

// The snapshots of a run in the order of their steps. When there are too many for the memory, every
// second one is dropped, and from then on only every second one is taken; the first and the newest
// always stay.
class Snapshots {
public:
    explicit Snapshots(std::size_t most_bytes)
        : most(most_bytes) {}

    // Takes a snapshot of the run, whose step comes after all that are there, or is that of the
    // newest, which it then replaces. Throws an Error for an earlier step.
    void take(const TrainingState& state);

    // True when a snapshot at this step would stay; others only stand until the next one comes.
    bool wants(std::uint64_t step) const { return step % spacing == 0; }

    void limit(std::size_t most_bytes);
    void forget_after(std::uint64_t step);

    const std::vector<std::shared_ptr<const Snapshot>>& all() const { return list; }

    // The last one that was taken at this step or before it; nullptr if there is none.
    std::shared_ptr<const Snapshot> at_or_before(std::uint64_t step) const;

    std::size_t bytes() const;

private:
    bool belongs(std::size_t index) const;
    void thin();

    std::size_t most;
    std::uint64_t spacing = 1; // of the steps whose snapshots are kept
    std::vector<std::shared_ptr<const Snapshot>> list;
};

} // namespace whirlygig
