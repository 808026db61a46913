// whirlygig-viewer: every number of a transformer, to look at.
#include "error.h"
#include "session.h"
#include "terminal/step_session.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>

namespace whirlygig {
namespace {

struct ViewerOptions {
    std::string model = WHIRLYGIG_DATA "/creatures/model";
    std::string text, scene, stage, cell, compare, size = "1600x1000", look, settings, level;
    std::string shot, play, script;
    double progress = 1, scale = 0;

    bool without_screen() const { return !shot.empty() || !play.empty() || !script.empty(); }
};

void add_options(CLI::App& program, ViewerOptions& options) {
    program.add_option("--model", options.model, "a model's folder (the creatures without it)");
    program.add_option("--text", options.text, "the text that runs through the model");
    program.add_option("--scene", options.scene, "what to show: model, stages or training");
    program.add_option("--stage", options.stage, "a stage's name, as in whirlygig step --list");
    program.add_option("--cell", options.cell, "a cell of the stage to pin: ROW,COLUMN");
    program.add_option("--compare", options.compare,
                       "a trace file (whirlygig trace --out) to compare this model's pass with");
    program.add_option("--progress", options.progress, "how far the stage is, 0 to 1");
    program.add_option("--level", options.level, "how fine to play: model, stage, row, cell, term");
    program.add_option("--size", options.size, "of the picture, for example 1280x720");
    program.add_option("--look", options.look, "dark or light");
    program.add_option("--scale", options.scale, "how large letters and cells are, 0.75 to 2");
    program.add_option("--settings", options.settings,
                       "the file that remembers settings, in the place of your own");
    program.add_option("--shot", options.shot, "write a picture (PNG) and end");
    program.add_option("--play", options.play, "write an animation (GIF) and end");
    program.add_option("--script", options.script, "press what the script says and end");
}

struct Size {
    int width = 0, height = 0;
};

Size parse_size(const std::string& text) {
    Size size;
    char end = 0;
    if (std::sscanf(text.c_str(), "%dx%d%c", &size.width, &size.height, &end) != 2 ||
        size.width < 800 || size.height < 500 || size.width > 7680 || size.height > 4320)
        fail("--size is {}, but it is WIDTHxHEIGHT from 800x500 to 7680x4320", text);
    return size;
}

Settings settings_of(const ViewerOptions& options) {
    Settings settings;
    std::string complaint;
    const bool own = !options.settings.empty();
    if (own || !options.without_screen())
        settings = read_settings(own ? std::filesystem::path(options.settings) : settings_file(),
                                 complaint);
    if (!complaint.empty()) fmt::print(stderr, "whirlygig-viewer: {}\n", complaint);
    if (options.look == "light") settings.look = Look::light;
    if (options.look == "dark") settings.look = Look::dark;
    if (!options.look.empty() && options.look != "light" && options.look != "dark")
        fail("--look is {}, but there are only dark and light", options.look);
    if (options.scale != 0 && !(options.scale >= 0.75 && options.scale <= 2))
        fail("--scale is {}, but it goes from 0.75 to 2", options.scale);
    if (options.scale != 0) settings.font_scale = static_cast<float>(options.scale);
    return settings;
}

void go_to_stage(State& state, const ViewerOptions& options) {
    const std::size_t number = state.timeline.stage_number(options.stage);
    const Time done = state.timeline.done(number);
    if (!(options.progress >= 0 && options.progress <= 1))
        fail("--progress is {}, but it goes from 0 to 1", options.progress);
    state.time = {number, done.cells * options.progress};
    if (options.progress == 1) state.time = done;
    if (options.cell.empty()) return;
    CellPlace cell;
    if (!parse_cell(options.cell, cell))
        fail("--cell is {}, but a cell is ROW,COLUMN, for example 3,1", options.cell);
    const Numbers& values = state.timeline.stages[number]->values;
    if (cell.row >= values.rows || cell.column >= values.columns)
        fail("{} has {} rows and {} columns, but --cell is {}", options.stage, values.rows,
             values.columns, options.cell);
    state.pinned = CellRef{options.stage, cell.row, cell.column};
}

std::unique_ptr<State> state_of(const ViewerOptions& options) {
    auto state = std::make_unique<State>();
    state->settings = settings_of(options);
    open_model(*state, options.model, options.text);
    find_corpora(state->experiment, WHIRLYGIG_DATA,
                 state->folder_path.parent_path().filename().string());
    state->scene = options.stage.empty() ? Scene::model : Scene::stages;
    if (options.scene == "model") state->scene = Scene::model;
    if (options.scene == "stages") state->scene = Scene::stages;
    if (options.scene == "training") state->scene = Scene::training;
    if (!options.scene.empty() && options.scene != "model" && options.scene != "stages" &&
        options.scene != "training")
        fail("--scene is {}, but there are only model, stages and training", options.scene);
    if (!options.compare.empty()) open_comparison(*state, options.compare);
    if (!options.stage.empty()) go_to_stage(*state, options);
    if (!options.level.empty()) {
        bool found = false;
        for (int level = 0; level < level_count; ++level) {
            if (options.level != name_of(static_cast<Level>(level))) continue;
            state->level = static_cast<Level>(level);
            found = true;
        }
        if (!found) fail("--level is {}, but it is model, stage, row, cell or term", options.level);
    }
    return state;
}

void run(const ViewerOptions& options) {
    const Size size = parse_size(options.size);
    if (!options.without_screen() && !has_display()) {
        fail("there is no display to open a window on; over ssh, connect with ssh -X, or make "
             "pictures with --shot FILE.png and animations with --play FILE.gif, or read the same "
             "numbers in the terminal with whirlygig step");
    }
    Session session(state_of(options));
    if (!options.without_screen()) {
        State& state = session.state();
        if (!state.settings.tour_seen) state.tour.running = true;
        session.open_on_screen();
        run_on_screen(session);
    } else {
        session.open_hidden(size.width, size.height);
        if (!options.script.empty()) run_script_file(session, options.script);
        if (!options.play.empty()) play_into(session, options.play);
        if (!options.shot.empty()) shoot(session, options.shot);
    }
    // A script may change settings as a user does; a picture leaves them as they are.
    const bool only_pictures = options.without_screen() && options.script.empty();
    if (!only_pictures && !options.settings.empty()) {
        write_settings(options.settings, session.state().settings);
    } else if (!options.without_screen() && !settings_file().empty()) {
        write_settings(settings_file(), session.state().settings);
    }
}

int run_program(int argument_count, char** arguments) {
    CLI::App program{"Step through every number of a transformer, forwards and backwards"};
    ViewerOptions options;
    add_options(program, options);
    try {
        program.parse(argument_count, arguments);
        run(options);
    } catch (const CLI::ParseError& error) {
        return program.exit(error);
    } catch (const std::exception& error) {
        fmt::print(stderr, "whirlygig-viewer: {}\n", error.what());
        return 1;
    }
    return 0;
}

} // namespace
} // namespace whirlygig

int main(int argument_count, char** arguments) {
    return whirlygig::run_program(argument_count, arguments);
}
