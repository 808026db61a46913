#include "training/snapshots.h"

#include "error.h"

#include <algorithm>

namespace whirlygig {
namespace {

std::size_t count(const std::vector<std::vector<Real>>& rows) {
    std::size_t numbers = 0;
    for (const std::vector<Real>& row : rows)
        numbers += row.size();
    return numbers;
}

// True when what the optimiser remembered is what this kind remembers.
bool remembers_as(OptimizerKind kind, const OptimizerState& state) {
    const bool adam = kind == OptimizerKind::adam || kind == OptimizerKind::adamw;
    const bool momentum = kind == OptimizerKind::momentum;
    return state.mean.empty() != adam && state.velocity.empty() != momentum;
}

} // namespace

Snapshot take_snapshot(const TrainingState& state) {
    return {state.step, state.seconds, state.model.parameters, state.optimizer};
}

void restore(TrainingState& state, const Snapshot& snapshot) {
    state.step = snapshot.step;
    state.seconds = snapshot.seconds;
    // Number by number, so that a trainer's lists still point into the parameters.
    const auto from = list_parameters(snapshot.parameters);
    const auto to = list_parameters(state.model.parameters);
    if (from.size() != to.size()) fail("this snapshot is of a model with other parameters");
    for (std::size_t i = 0; i < to.size(); ++i) {
        if (from[i].values.size() != to[i].values.size())
            fail("{} has another shape in this snapshot", to[i].name);
        std::copy(from[i].values.begin(), from[i].values.end(), to[i].values.begin());
    }
    state.optimizer = {};
    if (remembers_as(state.recipe.optimizer.kind, snapshot.optimizer))
        state.optimizer = snapshot.optimizer;
    std::erase_if(state.history, [&](const HistoryRow& row) { return row.step > snapshot.step; });
}

std::size_t bytes_of(const Snapshot& snapshot) {
    std::size_t numbers = count(snapshot.optimizer.velocity) + count(snapshot.optimizer.mean) +
                          count(snapshot.optimizer.mean_square);
    for (const auto& parameter : list_parameters(snapshot.parameters))
        numbers += parameter.values.size();
    return numbers * sizeof(Real);
}

void Snapshots::take(const TrainingState& state) {
    if (!list.empty() && state.step < list.back()->step) {
        fail("a snapshot of step {} can't follow that of step {}", state.step, list.back()->step);
    }
    // The newest one only stays for good when its step is one of those that are kept.
    if (!list.empty() && (state.step == list.back()->step || !belongs(list.size() - 1)))
        list.pop_back();
    list.push_back(std::make_shared<const Snapshot>(take_snapshot(state)));
    thin();
}

void Snapshots::limit(std::size_t most_bytes) {
    most = most_bytes;
    thin();
}

void Snapshots::forget_after(std::uint64_t step) {
    std::erase_if(list, [&](const auto& snapshot) { return snapshot->step > step; });
}

std::shared_ptr<const Snapshot> Snapshots::at_or_before(std::uint64_t step) const {
    const auto after = std::upper_bound(
        list.begin(), list.end(), step,
        [](std::uint64_t wanted, const auto& snapshot) { return wanted < snapshot->step; });
    return after == list.begin() ? nullptr : *(after - 1);
}

std::size_t Snapshots::bytes() const {
    std::size_t sum = 0;
    for (const auto& snapshot : list)
        sum += bytes_of(*snapshot);
    return sum;
}

bool Snapshots::belongs(std::size_t index) const {
    return index == 0 || wants(list[index]->step);
}

void Snapshots::thin() {
    while (list.size() > 2 && bytes() > most) {
        spacing *= 2;
        std::vector<std::shared_ptr<const Snapshot>> kept;
        kept.reserve(list.size());
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (belongs(i) || i + 1 == list.size()) kept.push_back(list[i]);
        }
        list = std::move(kept);
    }
}

} // namespace whirlygig
