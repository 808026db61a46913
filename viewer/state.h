// Everything that the viewer knows, in one place. Scenes and panels read it, draw it and change it.
#pragma once

#include "comparison.h"
#include "controls.h"
#include "draw/ink.h"
#include "explained.h"
#include "files/model_folder.h"
#include "recorder.h"
#include "settings.h"
#include "terminal/stage_labels.h"
#include "theme.h"
#include "timeline.h"
#include "training/experiment.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace whirlygig {

enum class Scene { model, stages, training };

// One number of a stage or of a parameter.
struct CellRef {
    std::string matrix; // "block.0.head.1.scores", "gradient.logits", "unembedding"
    std::size_t row = 0, column = 0;

    bool operator==(const CellRef&) const = default;
};

// What was found by moving one parameter a little both ways.
struct Nudge {
    CellRef parameter;
    double step = 0; // ε
    double loss_below = 0, loss_above = 0;
    double difference = 0;   // (above − below) / 2ε
    double gradient = 0;     // by backpropagation
    bool wants_sight = true; // the next frame scrolls to it
};

struct Player {
    bool playing = false;
    bool fresh = true; // nothing was played yet: the first time begins at the start
    double held = 0;   // seconds for which a stage that is done has been shown
};

// A link that was followed, from the cell that was shown then.
struct FollowedLink {
    CellRef from, to;
};

// The link of the cell panel that was chosen by keys.
struct ChosenLink {
    CellRef shown = {};                     // the cell whose links these are
    std::optional<std::size_t> number = {}; // counted from the top
    std::size_t count = 0;                  // of all links that the panel has drawn
    bool wants_sight = false;               // the next frame scrolls to it
    bool wants_follow = false;              // the next frame follows it
};

struct Tour {
    bool running = false;
    int step = 0;
    double seconds = 0; // spent in this step
};

// A text as it is typed, and what is wrong with it.
struct TextBox {
    std::string typed;
    std::string run;                      // the text that the trace is of
    std::string complaint;                // one sentence; empty when the text was taken
    std::vector<std::string> suggestions; // words to put in the place of the unknown one
    bool wants_focus = false;             // the next frame puts the cursor into it
};

struct LastArrangement; // of the stage's matrices: stages/arrangement.h

struct State {
    // The model and the text that runs through it.
    std::filesystem::path folder_path;
    std::string folder_typed; // in the settings, where another folder can be opened
    ModelFolder folder;
    std::unique_ptr<Trace> trace;
    Timeline timeline; // of the trace
    TextBox text;

    // What is looked at.
    Scene scene = Scene::stages;
    Time time;
    Level level = Level::stage;
    Player player;
    std::optional<CellRef> hovered, pinned; // hovered: in this frame
    std::optional<FollowedLink> followed;   // the last one
    std::optional<Nudge> nudge;
    ChosenLink link;
    float zoom = 1;
    ImVec2 pan = {0, 0};
    Tour tour;
    bool help_open = false, settings_open = false;
    std::optional<std::size_t> stage_in_sight; // to which the list of stages has scrolled
    std::string message;                       // one sentence for the user; empty: none

    Experiment experiment; // training runs
    Exports exports;
    Comparison comparison; // with a pass from a file

    Settings settings;
    Theme theme;
    Controls controls;
    bool quit = false;

    // What was found in an earlier frame and still holds for this trace.
    std::shared_ptr<const LastArrangement> last_arrangement;
    std::shared_ptr<Explanations> explanations = std::make_shared<Explanations>();

    // How the cell of a stage was computed.
    std::shared_ptr<const Expression> explained(const Stage& stage, std::size_t row,
                                                std::size_t column) const {
        return explanations->of(stage, row, column);
    }
    TracedText traced_text() const { return {*trace, folder.wording}; }
    Moment moment() const { return timeline.moment(time); }
    const CellRef* shown_cell() const; // the pinned one, otherwise the hovered one, or none
};

// Reads the model and shows the text, or without one a text that suits the model. Throws an Error.
void open_model(State& state, const std::filesystem::path& folder, const std::string& text);

// Runs the text through the model; what is wrong with it lands in state.text.complaint, and the
// old one stays.
void show_text(State& state, const std::string& text);

// Another model in the place of the one that is shown, say of another step of its training: what is
// looked at stays. A text that it does not know gives way to one that suits it.
void show_folder(State& state, ModelFolder folder);

// Plays from here; from the start when nothing was played yet, or when the end is reached. Pauses
// what plays.
void play_or_pause(State& state);

// Shows the stages at this time, with the cell pinned or none.
void show_stage(State& state, Time time, std::optional<CellRef> pinned);

// Ends the guided tour, which from now on begins only on request.
void end_tour(State& state);

// Goes to the stage, or to the first one that uses the parameter, and pins the cell.
void follow(State& state, const CellRef& cell);

// The stage of this name; nullptr for a parameter.
const Stage* stage_named(const State& state, const std::string& name);

// The numbers of a stage or a parameter by its name; none if there is no such matrix.
std::optional<Numbers> find_numbers(const State& state, const std::string& matrix);
bool is_parameter(const State& state, const std::string& matrix);

} // namespace whirlygig
