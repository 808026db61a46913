#include "state.h"

#include "error.h"
#include "panels/matrix_words.h"
#include "parameters.h"
#include "typed_text.h"

#include <algorithm>

namespace whirlygig {
namespace {

// Corpora whose first sentences tell a story of their own; other models get their first tokens.
constexpr const char* creatures_text = "the fluffy blue creature";

bool is_known(const ModelFolder& folder, const std::string& text) {
    try {
        return !folder.encode(text).empty();
    } catch (const Error&) {
        return false;
    }
}

std::string text_that_suits(const ModelFolder& folder) {
    for (const char* text :
         {creatures_text, "the SpinTops were awful and the WhirlyGigs were superb . stars :",
          "4 2 5 2 5 8 3 7 >", "m u a h v k m u"}) {
        if (is_known(folder, text)) return text;
    }
    std::vector<int> ids;
    const std::size_t tokens =
        std::min<std::size_t>({folder.model->config.context, 5, folder.model->config.vocabulary});
    for (std::size_t id = 0; id < tokens; ++id)
        ids.push_back(static_cast<int>(id));
    return folder.wording.text(ids);
}

// What was said of a pass that stopped goes with that pass.
void forget_stop(State& state) {
    if (state.trace && state.trace->stopped) state.message.clear();
}

void take_trace(State& state, const std::vector<int>& ids) {
    const Passes passes = ids.size() > 1 ? Passes::forward_and_backward : Passes::forward;
    std::unique_ptr<Trace> trace = make_trace_while_possible(state.folder.model, ids, passes);
    const std::string stage = state.trace ? state.moment().stage->name : "";
    const bool was_done = state.trace && state.moment().done;
    state.explanations->forget();
    state.last_arrangement.reset();
    forget_stop(state);
    state.trace = std::move(trace);
    state.text.run = state.text.typed;
    state.timeline = Timeline(*state.trace);
    name_stages(state);
    if (state.trace->stopped) {
        state.message = state.trace->stopped->stage == "gradient"
                            ? "There is no way back: " + state.trace->stopped->sentence
                            : state.trace->stopped->stage + " could not be computed";
    }
    state.nudge.reset();
    state.hovered.reset();
    state.time = state.timeline.start();
    // The same stage of the new text, finished, so that one sees what the change did.
    if (const std::optional<std::size_t> number = state.timeline.find(stage))
        state.time = was_done ? state.timeline.done(*number) : Time{*number, 0};
    if (!state.pinned) return;
    const std::optional<Numbers> numbers = find_numbers(state, state.pinned->matrix);
    if (!numbers || state.pinned->row >= numbers->rows || state.pinned->column >= numbers->columns)
        state.pinned.reset();
}

// A stage is seen when it is done, a parameter where it is read: by the current stage or else by
// the first one.
Time where_to_see(const State& state, const std::string& matrix) {
    const Timeline& timeline = state.timeline;
    if (const std::optional<std::size_t> number = timeline.find(matrix))
        return timeline.done(*number);
    if (reads(*state.moment().stage, matrix)) return state.time;
    for (std::size_t number = 0; number < timeline.stages.size(); ++number) {
        if (reads(*timeline.stages[number], matrix)) return timeline.done(number);
    }
    return state.time;
}

// The words that the text's first unknown one may have been meant to be.
std::vector<std::string> suggestions_for(const State& state) {
    const std::vector<std::string_view> unknown = unknown_pieces(state, state.text.typed);
    if (unknown.empty()) return {};
    return state.folder.wording.tokenizer->suggestions(unknown.front());
}

} // namespace

const CellRef* State::shown_cell() const {
    if (pinned) return &*pinned;
    return hovered ? &*hovered : nullptr;
}

void open_model(State& state, const std::filesystem::path& folder, const std::string& text) {
    state.folder = read_model_folder(folder);
    state.folder_path = folder;
    state.folder_typed = folder.string();
    forget_stop(state);
    state.trace.reset();
    state.pinned.reset();
    state.text.typed = text.empty() ? text_that_suits(state.folder) : text;
    take_trace(state, state.folder.encode(state.text.typed));
    state.text.complaint.clear();
    // The first picture is a prediction.
    state.time = state.timeline.done(state.timeline.stage_number("probabilities"));
    state.player = {};
    // Runs go on, but it is not their model that is shown now.
    state.experiment.followed = false;
    state.experiment.shown.reset();
    state.experiment.heads.clear();
    state.experiment.samples.clear();
}

void show_folder(State& state, ModelFolder folder) {
    if (!is_known(folder, state.text.typed)) {
        state.text.typed = text_that_suits(folder);
        state.pinned.reset();
    }
    state.folder = std::move(folder);
    take_trace(state, state.folder.encode(state.text.typed));
    state.text.complaint.clear();
}

void show_text(State& state, const std::string& text) {
    state.text.typed = text;
    state.text.suggestions.clear();
    try {
        take_trace(state, state.folder.encode(text));
        state.text.complaint.clear();
    } catch (const Error& error) {
        state.text.complaint = error.what();
        state.text.suggestions = suggestions_for(state);
    }
}

void play_or_pause(State& state) {
    state.player.playing = !state.player.playing;
    const bool opening =
        state.player.fresh && state.moment().stage->name == "probabilities" && state.moment().done;
    if (state.player.playing && (opening || state.time == state.timeline.end()))
        state.time = state.timeline.start();
    state.player.fresh = false;
    state.player.held = 0;
}

void show_stage(State& state, Time time, std::optional<CellRef> pinned) {
    state.scene = Scene::stages;
    state.time = time;
    state.pinned = std::move(pinned);
}

void end_tour(State& state) {
    state.tour = {};
    state.settings.tour_seen = true;
}

void follow(State& state, const CellRef& cell) {
    state.nudge.reset();
    state.player.playing = false;
    state.followed.reset();
    if (state.pinned) state.followed = FollowedLink{*state.pinned, cell};
    show_stage(state, where_to_see(state, cell.matrix), cell);
}

const Stage* stage_named(const State& state, const std::string& name) {
    const std::optional<std::size_t> number = state.timeline.find(name);
    return number ? state.timeline.stages[*number] : nullptr;
}

std::optional<Numbers> find_numbers(const State& state, const std::string& matrix) {
    if (const Stage* stage = stage_named(state, matrix)) return stage->values;
    for (const auto& parameter : list_parameters(state.folder.model->parameters)) {
        if (parameter.name == matrix)
            return Numbers{parameter.values.data(), parameter.rows, parameter.columns};
    }
    return std::nullopt;
}

bool is_parameter(const State& state, const std::string& matrix) {
    const auto parameters = list_parameters(std::as_const(state.folder.model->parameters));
    return std::any_of(parameters.begin(), parameters.end(),
                       [&](const auto& parameter) { return parameter.name == matrix; });
}

} // namespace whirlygig
