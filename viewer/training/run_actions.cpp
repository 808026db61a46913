// What the controls of the training scene do.
#include "error.h"
#include "files/file.h"
#include "state.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace whirlygig {
namespace {

// A number that was typed; none when the box is empty. Throws an Error for anything else.
template <class Number>
std::optional<Number> typed_number(const char* what, const std::string& text) {
    if (text.empty()) return std::nullopt;
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !(number >= 0)) {
        fail("{} is \"{}\", but it is a number, or empty", what, text);
    }
    return number;
}

std::size_t thread_count() {
    return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most_lanes);
}

LiveTraining& live_training(Experiment& experiment) {
    if (!experiment.live)
        experiment.live = std::make_unique<LiveTraining>(LiveOptions{.threads = thread_count()});
    return *experiment.live;
}

Goal goal_of(const Experiment& experiment) {
    Goal goal;
    const std::uint64_t of_recipe = experiment.report().recipe.steps;
    goal.step = typed_number<std::uint64_t>("the step to stop at", experiment.goal_step)
                    .value_or(std::max<std::uint64_t>(of_recipe, experiment.report().step + 1));
    goal.loss = typed_number<double>("the loss to stop at", experiment.goal_loss);
    return goal;
}

// What goes wrong becomes a sentence in the header.
template <class Action>
void say_what_fails(State& state, Action action) {
    try {
        action(state.experiment);
    } catch (const std::exception& error) {
        state.message = error.what();
    }
}

std::size_t begin_branch(Experiment& experiment, const Recipe& recipe, const std::string& name) {
    const std::uint64_t seed =
        typed_number<std::uint64_t>("the seed", experiment.choices.seed).value_or(1);
    const std::string& corpus =
        experiment.corpora.at(static_cast<std::size_t>(experiment.choices.corpus));
    return live_training(experiment).begin(experiment.data / corpus, recipe, seed, name);
}

void look_at(Experiment& experiment, std::size_t branch) {
    experiment.branch = branch;
    experiment.step.reset();
    experiment.followed = true;
    take_reports(experiment);
}

std::string name_of_run(const Experiment& experiment, const Recipe& recipe) {
    return fmt::format("run {}: {}, rate {:.4g}", experiment.reports.size() + 1,
                       words_for(recipe.optimizer.kind), recipe.learning_rate);
}

} // namespace

const char* words_for(OptimizerKind kind) {
    switch (kind) {
    case OptimizerKind::gradient_descent:
        return "gradient descent";
    case OptimizerKind::momentum:
        return "momentum";
    case OptimizerKind::adam:
        return "Adam";
    case OptimizerKind::adamw:
        break;
    }
    return "AdamW";
}

void begin_run(State& state) {
    say_what_fails(state, [](Experiment& experiment) {
        const Recipe& recipe = experiment.choices.recipe;
        look_at(experiment, begin_branch(experiment, recipe, name_of_run(experiment, recipe)));
    });
}

void begin_both(State& state) {
    say_what_fails(state, [](Experiment& experiment) {
        Recipe adam = experiment.choices.recipe;
        adam.optimizer.kind = OptimizerKind::adam;
        Recipe plain = adam;
        plain.optimizer.kind = OptimizerKind::gradient_descent;
        // Plain descent needs larger strides: its own do not grow where the gradient is small.
        plain.learning_rate = std::max(0.1, adam.learning_rate * 10);
        const std::size_t first = begin_branch(experiment, plain, name_of_run(experiment, plain));
        take_reports(experiment);
        const std::size_t second = begin_branch(experiment, adam, name_of_run(experiment, adam));
        look_at(experiment, second);
        experiment.live->train({first, second}, goal_of(experiment));
    });
}

void train_or_pause(State& state) {
    if (!state.experiment.has_runs()) begin_run(state);
    say_what_fails(state, [](Experiment& experiment) {
        if (!experiment.has_runs()) return;
        if (experiment.live->training()) {
            experiment.live->pause();
            return;
        }
        experiment.step.reset();
        experiment.followed = true;
        experiment.live->set_pace(static_cast<double>(experiment.pace));
        experiment.live->train({experiment.branch}, goal_of(experiment));
    });
}

void make_one_step(State& state) {
    if (!state.experiment.has_runs()) begin_run(state);
    say_what_fails(state, [](Experiment& experiment) {
        if (!experiment.has_runs()) return;
        experiment.step.reset();
        experiment.followed = true;
        const std::uint64_t step = experiment.live->report(experiment.branch).step;
        experiment.live->train({experiment.branch}, {step + 1, std::nullopt});
        experiment.live->wait();
    });
}

void go_to_step(State& state, std::optional<std::uint64_t> step) {
    state.experiment.step = step;
    state.experiment.followed = true;
}

void step_through_snapshots(State& state, int by) {
    Experiment& experiment = state.experiment;
    if (!experiment.has_runs() || !experiment.shown) return;
    const std::vector<std::uint64_t>& steps = experiment.report().snapshots;
    const auto here = std::lower_bound(steps.begin(), steps.end(), experiment.shown->step);
    const auto to = std::clamp<std::ptrdiff_t>((here - steps.begin()) + by, 0,
                                               static_cast<std::ptrdiff_t>(steps.size()) - 1);
    const std::uint64_t step = steps[static_cast<std::size_t>(to)];
    if (step == experiment.report().step) {
        go_to_step(state, std::nullopt);
    } else {
        go_to_step(state, step);
    }
}

void fork_here(State& state) {
    say_what_fails(state, [](Experiment& experiment) {
        if (!experiment.has_runs() || !experiment.shown) fail("there is no run to fork yet");
        Recipe recipe = experiment.report().recipe;
        recipe.learning_rate = experiment.choices.recipe.learning_rate;
        recipe.optimizer = experiment.choices.recipe.optimizer;
        const std::uint64_t step = experiment.shown->step;
        look_at(experiment, experiment.live->fork(experiment.branch, step, recipe,
                                                  name_of_run(experiment, recipe)));
    });
}

void rewind_to_here(State& state) {
    say_what_fails(state, [](Experiment& experiment) {
        if (!experiment.has_runs() || !experiment.shown) fail("there is no run to take back yet");
        experiment.live->rewind(experiment.branch, experiment.shown->step);
        look_at(experiment, experiment.branch);
    });
}

void save_run(State& state) {
    say_what_fails(state, [&](Experiment& experiment) {
        if (!experiment.has_runs()) fail("there is no run to save yet");
        if (experiment.folder.empty()) fail("type the folder to save the run in");
        experiment.live->save(experiment.branch, experiment.folder);
        state.message = fmt::format("Saved the newest step in {}", experiment.folder);
    });
}

void load_run(State& state) {
    say_what_fails(state, [](Experiment& experiment) {
        if (experiment.folder.empty()) fail("type the folder of the run to load");
        const std::string name = fmt::format("run {}: loaded", experiment.reports.size() + 1);
        look_at(experiment, live_training(experiment).load(experiment.folder, name));
    });
}

void export_curves(State& state) {
    say_what_fails(state, [&](Experiment& experiment) {
        if (!experiment.has_runs()) fail("there are no curves yet");
        if (experiment.folder.empty()) fail("type the folder to write the curves into");
        std::string text = "run,step,loss,held_out_loss\n";
        for (const BranchReport& report : experiment.reports) {
            auto measured = report.measured.begin();
            for (const StepLoss& point : report.losses) {
                while (measured != report.measured.end() && measured->step < point.step)
                    ++measured;
                const bool here = measured != report.measured.end() &&
                                  measured->step == point.step &&
                                  !std::isnan(measured->held_out_loss);
                text += fmt::format("\"{}\",{},{:.7g},{}\n", report.name, point.step, point.loss,
                                    here ? fmt::format("{:.7g}", measured->held_out_loss) : "");
            }
        }
        const std::filesystem::path file = std::filesystem::path(experiment.folder) / "curves.csv";
        std::filesystem::create_directories(experiment.folder);
        write_file(file, text);
        state.message = fmt::format("Wrote the curves into {}", file.string());
    });
}

} // namespace whirlygig
