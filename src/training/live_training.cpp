#include "training/live_training.h"

#include "error.h"
#include "text/corpus.h"
#include "training/training_data.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace whirlygig {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto newest_every = std::chrono::milliseconds(200);

} // namespace

struct LiveTraining::Branch {
    Branch(TrainingRun started, const Corpus& corpus, const LiveOptions& options)
        : run(std::move(started)),
          source(make_source(corpus, *run.wording.tokenizer, run.state.recipe)),
          held_out(make_held_out(corpus, *run.wording.tokenizer, run.state.recipe)),
          trainer(run.state, options.threads),
          snapshots(options.snapshot_bytes) {
        report.corpus = run.corpus;
        report.recipe = run.state.recipe;
        report.seed = run.state.seed;
        report.measured = run.state.history;
        report.first_step = report.step = run.state.step;
    }

    TrainingRun run;
    ExampleSource source;
    std::vector<Example> held_out;
    Trainer trainer;
    Snapshots snapshots;
    BranchReport report;

    Clock::time_point newest{};                            // when the newest snapshot was taken
    double seconds_before = run.state.seconds, tokens = 0; // what tokens_a_second is measured on
};

LiveTraining::LiveTraining(LiveOptions chosen)
    : options(chosen),
      worker([this](const std::stop_token& stop) { work(stop); }) {}

LiveTraining::~LiveTraining() = default;

std::size_t LiveTraining::begin(const std::filesystem::path& corpus, const Recipe& recipe,
                                std::uint64_t seed, const std::string& name) {
    stop_training();
    const Corpus texts = read_corpus(corpus);
    auto branch =
        std::make_unique<Branch>(start_run(texts, corpus.string(), recipe, seed), texts, options);
    branch->report.name = name;
    return add(std::move(branch));
}

std::size_t LiveTraining::load(const std::filesystem::path& folder, const std::string& name) {
    stop_training();
    TrainingRun run = read_training(folder);
    const Corpus texts = read_corpus(run.corpus);
    check_same_corpus(run, texts);
    auto branch = std::make_unique<Branch>(std::move(run), texts, options);
    branch->report.name = name;
    for (const HistoryRow& row : branch->run.state.history)
        branch->report.losses.push_back({row.step, row.loss});
    return add(std::move(branch));
}

std::size_t LiveTraining::fork(std::size_t number, std::uint64_t step, const Recipe& recipe,
                               const std::string& name) {
    stop_training();
    const Branch& parent = branch_at(number);
    const std::shared_ptr<const Snapshot> from = parent.snapshots.at_or_before(step);
    if (!from) fail("there is no snapshot of {} at step {} or before", parent.report.name, step);
    const Corpus texts = read_corpus(parent.run.corpus);
    check_same_corpus(parent.run, texts);
    TrainingRun run = parent.run;
    run.state.recipe = recipe;
    check_recipe(recipe);
    restore(run.state, *from);
    auto branch = std::make_unique<Branch>(std::move(run), texts, options);
    branch->report.name = name;
    branch->report.parent = number;
    for (const StepLoss& point : parent.report.losses) {
        if (point.step <= from->step) branch->report.losses.push_back(point);
    }
    return add(std::move(branch));
}

void LiveTraining::rewind(std::size_t number, std::uint64_t step) {
    stop_training();
    const std::lock_guard lock(mutex);
    Branch& branch = *list.at(number);
    const std::shared_ptr<const Snapshot> to = branch.snapshots.at_or_before(step);
    if (!to) fail("there is no snapshot of {} at step {} or before", branch.report.name, step);
    restore(branch.run.state, *to);
    branch.snapshots.forget_after(to->step);
    BranchReport& report = branch.report;
    report.step = to->step;
    report.measured = branch.run.state.history;
    report.trouble.clear();
    std::erase_if(report.losses, [&](const StepLoss& point) { return point.step > to->step; });
    ++version;
}

void LiveTraining::save(std::size_t number, const std::filesystem::path& folder) {
    stop_training();
    save_training(folder, branch_at(number).run);
}

void LiveTraining::train(const std::vector<std::size_t>& branches, const Goal& wanted) {
    stop_training();
    const std::lock_guard lock(mutex);
    for (const std::size_t branch : branches) {
        if (branch >= list.size()) fail("there is no branch {}", branch);
        list[branch]->report.trouble.clear();
    }
    active = branches;
    goal = wanted;
    asked_to_pause = false;
    working = true;
    changed.notify_all();
}

void LiveTraining::set_pace(double steps_a_second) {
    const std::lock_guard lock(mutex);
    pace = steps_a_second;
    changed.notify_all();
}

void LiveTraining::pause() {
    const std::lock_guard lock(mutex);
    asked_to_pause = true;
    changed.notify_all();
}

void LiveTraining::wait() const {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return !working; });
}

bool LiveTraining::training() const {
    const std::lock_guard lock(mutex);
    return working;
}

std::size_t LiveTraining::branches() const {
    const std::lock_guard lock(mutex);
    return list.size();
}

BranchReport LiveTraining::report(std::size_t branch) const {
    const std::lock_guard lock(mutex);
    const Branch& found = *list.at(branch);
    BranchReport report = found.report;
    for (const auto& snapshot : found.snapshots.all())
        report.snapshots.push_back(snapshot->step);
    report.snapshot_bytes = found.snapshots.bytes();
    return report;
}

std::uint64_t LiveTraining::changes() const {
    const std::lock_guard lock(mutex);
    return version;
}

std::shared_ptr<const Snapshot> LiveTraining::snapshot(std::size_t branch,
                                                       std::uint64_t step) const {
    const std::lock_guard lock(mutex);
    return list.at(branch)->snapshots.at_or_before(step);
}

Config LiveTraining::config(std::size_t branch) const {
    return branch_at(branch).run.state.model.config;
}

const Wording& LiveTraining::wording(std::size_t branch) const {
    return branch_at(branch).run.wording;
}

const ExampleSource& LiveTraining::source(std::size_t branch) const {
    return branch_at(branch).source;
}

const std::vector<Example>& LiveTraining::held_out(std::size_t branch) const {
    return branch_at(branch).held_out;
}

std::size_t LiveTraining::add(std::unique_ptr<Branch> branch) {
    const std::lock_guard lock(mutex);
    list.push_back(std::move(branch));
    for (const auto& each : list)
        each->snapshots.limit(options.snapshot_bytes / list.size());
    take_snapshot_of(*list.back());
    return list.size() - 1;
}

void LiveTraining::stop_training() {
    pause();
    wait();
}

LiveTraining::Branch& LiveTraining::branch_at(std::size_t number) const {
    const std::lock_guard lock(mutex);
    if (number >= list.size()) fail("there is no branch {}", number);
    return *list[number];
}

void LiveTraining::work(const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    while (changed.wait(lock, stop, [this] { return working; })) {
        train_in_turn(lock, stop);
        for (const std::size_t branch : active)
            take_snapshot_of(*list[branch]);
        working = false;
        changed.notify_all();
    }
    working = false;
    changed.notify_all();
}

void LiveTraining::train_in_turn(std::unique_lock<std::mutex>& lock, const std::stop_token& stop) {
    const auto stopped = [&] { return asked_to_pause || stop.stop_requested(); };
    bool moved = true;
    while (moved && !stopped()) {
        const Clock::time_point began = Clock::now();
        moved = false;
        for (const std::size_t number : active) {
            Branch& branch = *list[number];
            if (stopped() || has_reached(branch)) continue;
            make_step(lock, branch);
            moved = true;
        }
        if (pace <= 0 || !moved) continue;
        const auto turn =
            std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / pace));
        changed.wait_until(lock, stop, began + turn, stopped);
    }
}

bool LiveTraining::has_reached(const Branch& branch) const {
    if (!branch.report.trouble.empty() || branch.report.step >= goal.step) return true;
    if (!goal.loss || branch.report.measured.empty()) return false;
    return branch.report.measured.back().held_out_loss <= *goal.loss;
}

// The lock is open while the step is made: the branch's run belongs to this thread until then.
void LiveTraining::make_step(std::unique_lock<std::mutex>& lock, Branch& branch) {
    TrainingState& state = branch.run.state;
    StepResult result;
    bool measured = false;
    std::string trouble;
    lock.unlock();
    try {
        result = branch.trainer.step(branch.source);
        measured = is_evaluation_due(state);
        if (measured) branch.trainer.record(result, branch.held_out);
    } catch (const std::exception& error) {
        trouble = error.what();
    }
    lock.lock();
    ++version;
    BranchReport& report = branch.report;
    report.trouble = trouble;
    if (!trouble.empty()) return;
    report.step = result.step;
    report.losses.push_back({result.step, result.loss.mean});
    if (measured) report.measured.push_back(state.history.back());
    branch.tokens += static_cast<double>(result.tokens);
    const double seconds = state.seconds - branch.seconds_before;
    if (seconds > 0) report.tokens_a_second = branch.tokens / seconds;
    if (seconds > 1) {
        branch.seconds_before = state.seconds;
        branch.tokens = 0;
    }
    const bool newest_is_old = Clock::now() - branch.newest > newest_every;
    if (branch.snapshots.wants(result.step) || newest_is_old) take_snapshot_of(branch);
}

void LiveTraining::take_snapshot_of(Branch& branch) {
    branch.snapshots.take(branch.run.state);
    branch.newest = Clock::now();
    ++version;
}

} // namespace whirlygig
