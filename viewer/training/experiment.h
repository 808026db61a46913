// Training runs in the viewer: which there are, which one is looked at, and at which of its steps.
// The model of that step is the one that every scene shows.
#pragma once

#include "study/attention_patterns.h"
#include "training/live_training.h"
#include "training/step_record.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace whirlygig {

struct State;
class Survey;

// What the next run will be, as it stands in the controls.
struct RunChoices {
    int corpus = 0; // of Experiment::corpora
    Recipe recipe;
    std::string seed = "1";
};

// What the training scene shows.
enum class TrainingView { curves, one_step, landscape };

// What a head of the shown model does on held-out text.
struct HeadReport {
    std::size_t block = 0, head = 0;
    PatternScores patterns;
};

// The step that follows a snapshot, made once to be looked at.
struct RecordedStep {
    std::shared_ptr<const Snapshot> follows; // none: nothing was made yet
    std::shared_ptr<const StepRecord> record;
    std::string trouble; // why there is no record
};

struct Experiment {
    std::filesystem::path data;         // the folder of the corpora that come with the program,
    std::vector<std::string> corpora;   // and their names
    std::unique_ptr<LiveTraining> live; // none before the first run begins
    bool followed = false; // the model that all scenes show is the one that is looked at here
    RunChoices choices;
    TrainingView view = TrainingView::curves;
    std::string goal_step, goal_loss; // as typed; empty: the recipe's steps, any loss
    float pace = 0;                   // steps a second; 0: as fast as it goes
    std::string folder;               // as typed, where runs are saved and loaded

    std::size_t branch = 0;            // the one that is looked at,
    std::optional<std::uint64_t> step; // and where it was scrubbed to; none: the newest

    // Copies of what the worker has, taken when it changed.
    std::vector<BranchReport> reports;
    std::uint64_t version = 0; // of the reports
    std::optional<double> floor;
    std::string floor_of; // the corpus that `floor` belongs to

    // Of the snapshot that is shown.
    std::shared_ptr<const Snapshot> shown;
    std::vector<HeadReport> heads;
    std::vector<std::string> samples; // texts that the model makes up, always from the same seeds

    // The landscape that was measured last, or is being measured.
    std::shared_ptr<Survey> survey;
    bool random_plane = false;

    std::size_t shown_branch = 0; // to which `shown` belongs
    RecordedStep next_step;       // from `shown`, see step_after_shown

    const BranchReport& report() const { return reports.at(branch); }
    bool has_runs() const { return !reports.empty(); }
};

// Looks which corpora there are, and takes the recipe of `preferred` (or of the first) into the
// choices.
void find_corpora(Experiment& experiment, const std::filesystem::path& data,
                  const std::string& preferred);

// Takes the corpus's own recipe into the choices. Throws an Error when it can't be read.
void choose_corpus(Experiment& experiment, int corpus);

const char* words_for(OptimizerKind kind); // "gradient descent"

// Takes what the worker has to say that is new.
void take_reports(Experiment& experiment);

// Once for each frame: takes the worker's news, and shows the snapshot that is looked at in all
// scenes.
void follow_training(State& state);

// What the controls do. What goes wrong becomes state.message.
void begin_run(State& state);
// Plain gradient descent and Adam from the same start, trained in turn.
void begin_both(State& state);
void train_or_pause(State& state);
void make_one_step(State& state);
void go_to_step(State& state, std::optional<std::uint64_t> step); // none: the newest
void step_through_snapshots(State& state, int by);                // −1: the one before
void fork_here(State& state);
void rewind_to_here(State& state);
void save_run(State& state);
void load_run(State& state);
void export_curves(State& state); // as CSV, beside what save_run writes

} // namespace whirlygig
