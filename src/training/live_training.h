// Training while one watches: a thread of its own makes the steps, and whoever draws asks it for
// copies of what there is so far.
//
// A run is a branch. From any snapshot of a branch another one can fork off, with another rate or
// optimiser, and several can be trained side by side, a step of each in turn.
#pragma once

#include "training/snapshots.h"
#include "training/training_run.h"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace whirlygig {

// Of the mean batch loss of each step, in nats per target, before the step.
struct StepLoss {
    std::uint64_t step = 0; // counted from 1
    double loss = 0;
};

// What is known of a branch at a moment: a copy that nobody else changes.
struct BranchReport {
    std::string name;
    std::string corpus; // the folder or file that it learns from
    Recipe recipe;
    std::uint64_t seed = 0;
    std::optional<std::size_t> parent; // the branch that it forked off from,
    std::uint64_t first_step = 0;      // after this step
    std::uint64_t step = 0;            // steps done
    std::vector<StepLoss> losses;
    std::vector<HistoryRow> measured;     // with the held-out loss
    double tokens_a_second = 0;           // of training alone, over the last second
    std::vector<std::uint64_t> snapshots; // the steps that one can go back to
    std::size_t snapshot_bytes = 0;       // that they take
    std::string trouble;                  // why it can't go on; empty: it can
};

// When to stop: at this step of each branch, or when its held-out loss is as low as this.
struct Goal {
    std::uint64_t step = 0;
    std::optional<double> loss;
};

struct LiveOptions {
    std::size_t threads = 1;
    std::size_t snapshot_bytes = std::size_t{100} << 20; // of all branches together
};

class LiveTraining {
public:
    explicit LiveTraining(LiveOptions chosen);
    LiveTraining(const LiveTraining&) = delete;
    LiveTraining& operator=(const LiveTraining&) = delete;
    ~LiveTraining(); // stops after the step that is being made

    // Each gives the new branch's number. All of them pause what is being trained. They throw an
    // Error for a corpus, recipe or folder that can't be used.
    std::size_t begin(const std::filesystem::path& corpus, const Recipe& recipe, std::uint64_t seed,
                      const std::string& name);
    std::size_t load(const std::filesystem::path& folder, const std::string& name);
    // From the last snapshot at this step or before it.
    std::size_t fork(std::size_t number, std::uint64_t step, const Recipe& recipe,
                     const std::string& name);

    // Takes the branch back to the last snapshot at this step or before it. Training from there
    // makes the same steps again, to the last bit: its seed stays.
    void rewind(std::size_t number, std::uint64_t step);
    // As whirlygig train saves it.
    void save(std::size_t number, const std::filesystem::path& folder);

    // Trains these branches, a step of each in turn, until each has reached the goal.
    void train(const std::vector<std::size_t>& branches, const Goal& wanted);
    // At most so many steps a second of each branch, so that one can watch; 0: as fast as it goes.
    void set_pace(double steps_a_second);
    void pause();      // after the step that is being made
    void wait() const; // until nothing is being trained

    bool training() const;
    std::size_t branches() const;
    BranchReport report(std::size_t branch) const;
    // How often a report would have changed; it costs nothing to ask.
    std::uint64_t changes() const;

    // The last snapshot at this step or before it. The newest is taken every fifth of a second
    // while training, and at its end.
    std::shared_ptr<const Snapshot> snapshot(std::size_t branch, std::uint64_t step) const;
    Config config(std::size_t branch) const;
    const Wording& wording(std::size_t branch) const;
    // What the branch learns from, and what its loss is measured on.
    const ExampleSource& source(std::size_t branch) const;
    const std::vector<Example>& held_out(std::size_t branch) const;

private:
    struct Branch;

    std::size_t add(std::unique_ptr<Branch> branch);
    void stop_training();
    Branch& branch_at(std::size_t number) const;
    void work(const std::stop_token& stop);
    void train_in_turn(std::unique_lock<std::mutex>& lock, const std::stop_token& stop);
    bool has_reached(const Branch& branch) const;
    void make_step(std::unique_lock<std::mutex>& lock, Branch& branch);
    void take_snapshot_of(Branch& branch);

    LiveOptions options;
    mutable std::mutex mutex; // guards what follows; a branch's run only while nobody trains it
    mutable std::condition_variable_any changed;
    std::vector<std::unique_ptr<Branch>> list;
    std::vector<std::size_t> active;
    Goal goal;
    double pace = 0;
    bool working = false, asked_to_pause = false;
    std::uint64_t version = 0;

    std::jthread worker; // last, so that it ends before what it uses
};

} // namespace whirlygig
