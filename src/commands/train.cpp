// whirlygig train: learns from a corpus, shows how it goes, and saves a model's folder.
#include "commands/commands.h"
#include "commands/recipe_flags.h"
#include "error.h"
#include "study/known_floor.h"
#include "terminal/terminal.h"
#include "training/progress.h"
#include "training/training_data.h"
#include "training/training_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <memory>
#include <thread>

namespace whirlygig {
namespace {

namespace fs = std::filesystem;

struct TrainOptions {
    std::string corpus, out, recipe;
    RecipeFlags flags;
    std::uint64_t seed = 1;
    std::size_t threads = 0;
    bool resume = false, force = false, nudge = false;
};

// Set by ctrl-C (and by a polite kill): the run stops after the step that it is in.
volatile std::sig_atomic_t asked_to_stop = 0;
void ask_to_stop(int) {
    asked_to_stop = 1;
}

Recipe choose_recipe(const TrainOptions& options) {
    Recipe recipe; // the defaults suit any text file
    const fs::path of_corpus = fs::path(options.corpus) / "recipe.json";
    if (!options.recipe.empty()) {
        recipe = read_recipe(options.recipe);
    } else if (fs::exists(of_corpus)) {
        recipe = read_recipe(of_corpus);
    }
    return with_flags(recipe, options.flags);
}

void check_options(const TrainOptions& options) {
    if (options.out.empty()) fail("say with --out which folder to save the model in");
    if (options.resume && options.force) fail("--resume and --force contradict each other");
    if (!options.resume && options.corpus.empty()) {
        fail("say with --corpus what to train on: a folder such as data/creatures, or a text file");
    }
    if (options.threads > 1000) fail("--threads is {}; choose 1 to 1000", options.threads);
    if (fs::exists(options.out) && !fs::is_directory(options.out)) {
        fail("{} is not a folder; choose another --out", options.out);
    }
    if (!options.resume && !options.force && holds_model(options.out)) {
        fail("the folder {} holds a model already: add --resume to go on training it, --force to "
             "replace it, or choose another --out",
             options.out);
    }
}

TrainingRun resume_run(const TrainOptions& options) {
    TrainingRun run = read_training(options.out);
    if (!options.corpus.empty()) run.corpus = options.corpus;
    for (const auto& [name, value] : options.flags) {
        if (name == "steps") continue;
        fail("a run that goes on keeps its recipe, so {} can't be changed; only --steps and "
             "--threads can",
             name);
    }
    run.state.recipe = with_flags(run.state.recipe, options.flags);
    return run;
}

// One training run in the terminal.
class TrainSession {
public:
    TrainSession(const TrainOptions& chosen, TrainingRun started, const Corpus& corpus)
        : options(chosen),
          run(std::move(started)),
          terminal(look_at_terminal()),
          source(make_source(corpus, *run.wording.tokenizer, run.state.recipe)),
          held_out(make_held_out(corpus, *run.wording.tokenizer, run.state.recipe)),
          trainer(run.state, thread_count(),
                  chosen.nudge ? GradientBy::nudging : GradientBy::backpropagation) {
        progress.floor = known_floor(corpus, *run.wording.tokenizer, held_out);
        progress.steps = run.state.recipe.steps;
    }

    void train() {
        say_beginning();
        while (run.state.step < run.state.recipe.steps && !asked_to_stop)
            step();
        if (terminal.interactive) fmt::print("\n");
        save();
        say_end();
    }

private:
    using Clock = std::chrono::steady_clock;

    std::size_t thread_count() const {
        if (options.threads > 0) return options.threads;
        return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most_lanes);
    }

    void step() {
        const Recipe& recipe = run.state.recipe;
        const StepResult result = trainer.step(source);
        tokens += static_cast<double>(result.tokens);
        progress.step = result.step;
        progress.loss = result.loss.mean;
        const bool evaluate = is_evaluation_due(run.state);
        if (evaluate) {
            const double measured = trainer.record(result, held_out).held_out_loss;
            if (!std::isnan(measured)) progress.held_out = measured;
        }
        if (recipe.save_every > 0 && result.step % recipe.save_every == 0) save();
        if (recipe.snapshot_every > 0 && result.step % recipe.snapshot_every == 0) {
            if (!saved) save(); // which makes room for a snapshot of this run
            save_snapshot(options.out, run);
        }
        show(evaluate);
    }

    void show(bool evaluated) {
        const auto now = Clock::now();
        const double seconds = std::chrono::duration<double>(now - started).count();
        progress.tokens_a_second = seconds > 0 ? tokens / seconds : 0;
        const auto done = static_cast<double>(progress.step - first_step);
        const auto left = static_cast<double>(progress.steps - progress.step);
        progress.seconds_left = seconds * left / std::max(done, 1.0);
        if (!terminal.interactive) {
            if (evaluated) fmt::print("{}\n", progress_line(progress));
            std::fflush(stdout);
            return;
        }
        if (!evaluated && now - shown < std::chrono::milliseconds(100)) return;
        shown = now;
        fmt::print("\r\x1b[K{}", progress_bar(progress, terminal.width));
        std::fflush(stdout);
    }

    void save() {
        if (options.force && !saved) remove_training(options.out);
        saved = true;
        save_training(options.out, run);
    }

    void say_beginning() {
        const Config& config = run.state.model.config;
        fmt::print(
            "{} on {}: {} parameters ({} layers, {} heads, width {}), {} steps, {} threads\n",
            run.state.step > 0 ? "Going on" : "Training", run.corpus, count_parameters(config),
            config.layers, config.heads, config.width, run.state.recipe.steps, thread_count());
        if (options.nudge)
            fmt::print("Each step nudges every parameter up and down: {} losses of its batch\n",
                       2 * count_parameters(config));
        std::fflush(stdout);
    }

    std::string words_on_floor(double floor) const {
        if (run.state.model.config.is_causal())
            return fmt::format("No model can get below {:.4f}.", floor);
        return fmt::format("No model that sees only\nwhat came before can get below {:.4f}; this "
                           "one has no mask, so it reads the answer.",
                           floor);
    }

    void say_end() {
        if (run.state.step < run.state.recipe.steps) {
            fmt::print("Stopped after step {} and saved. To go on to the same numbers:\n"
                       "  whirlygig train --resume --out {}\n",
                       run.state.step, options.out);
            return;
        }
        fmt::print("Saved in {}.", options.out);
        if (progress.held_out) {
            fmt::print(" Loss on held-out text: {:.4f} nats per token,\n{}.", *progress.held_out,
                       loss_in_words(*progress.held_out));
        }
        if (progress.floor) fmt::print(" {}", words_on_floor(*progress.floor));
        if (options.nudge)
            fmt::print("\nA step took {:.3f} seconds, because it nudged every parameter.",
                       run.state.seconds / static_cast<double>(run.state.step));
        fmt::print("\nTry it: whirlygig generate --model {}\n", options.out);
    }

    const TrainOptions& options;
    TrainingRun run;
    Terminal terminal;
    ExampleSource source;
    std::vector<Example> held_out;
    Trainer trainer;
    Progress progress;
    double tokens = 0; // that went through the model since the program started
    Clock::time_point started = Clock::now(), shown = started;
    std::uint64_t first_step = run.state.step;
    bool saved = false;
};

void train(const TrainOptions& options) {
    check_options(options);
    TrainingRun resumed;
    if (options.resume) resumed = resume_run(options);
    const std::string path = options.resume ? resumed.corpus : options.corpus;
    const Corpus corpus = read_corpus(path);
    if (options.resume) check_same_corpus(resumed, corpus);
    TrainingRun run = options.resume
                          ? std::move(resumed)
                          : start_run(corpus, path, choose_recipe(options), options.seed);
    if (run.state.step >= run.state.recipe.steps) {
        fail("this run has made all its {} steps; add --steps with a larger number to go on",
             run.state.recipe.steps);
    }
    std::signal(SIGINT, ask_to_stop);
    std::signal(SIGTERM, ask_to_stop);
    TrainSession(options, std::move(run), corpus).train();
    if (asked_to_stop)
        throw CLI::RuntimeError(130); // as a shell reports a program that ctrl-C ended
}

} // namespace

void add_train_command(CLI::App& program) {
    const auto options = std::make_shared<TrainOptions>();
    CLI::App* command = program.add_subcommand("train", "Train a model on a corpus");
    command->add_option("--corpus", options->corpus,
                        "a folder such as data/creatures, or any UTF-8 text file");
    command->add_option("--out", options->out, "the folder to save the model in");
    command->add_option("--recipe", options->recipe,
                        "a recipe.json; otherwise the corpus's own, or the one for any text");
    command->add_option("--seed", options->seed, "the seed of all random numbers (1)");
    command->add_option("--threads", options->threads,
                        "threads to share the work over (as many as there are cores); "
                        "the result does not depend on it");
    command->add_flag("--resume", options->resume, "go on with the run in --out");
    command->add_flag("--force", options->force, "replace the model in --out");
    command->add_flag("--nudge", options->nudge,
                      "find each gradient by nudging every parameter, without backpropagation: "
                      "slow, and only for models of at most 500 parameters");
    add_recipe_flags(*command, options->flags);
    command->callback([options] { train(*options); });
}

} // namespace whirlygig
