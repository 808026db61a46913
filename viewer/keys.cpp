#include "keys.h"

#include "nudge.h"

#include <algorithm>

namespace whirlygig {
namespace {

// What a key does that is held down.
enum class Held { again_and_again, once };

bool pressed(ImGuiKey key, Held held = Held::again_and_again) {
    return ImGui::IsKeyPressed(ImGui::GetKeyIndex(key), held == Held::again_and_again);
}

void change_level(State& state, int by) {
    const int level = std::clamp(static_cast<int>(state.level) + by, 0, level_count - 1);
    state.level = static_cast<Level>(level);
}

void step(State& state, int direction) {
    state.player.playing = state.player.fresh = false;
    state.time = state.timeline.step(state.time, state.level, direction);
}

void escape(State& state) {
    if (state.help_open || state.settings_open) {
        state.help_open = state.settings_open = false;
    } else if (state.tour.running) {
        end_tour(state);
    } else {
        state.pinned.reset();
        state.nudge.reset();
    }
}

// The pinned cell's neighbour, with the control key held.
void move_pin(State& state, int rows, int columns) {
    if (!state.pinned) return;
    const std::optional<Numbers> numbers = find_numbers(state, state.pinned->matrix);
    if (!numbers) return;
    const auto moved = [](std::size_t at, int by, std::size_t count) {
        const auto last = static_cast<std::ptrdiff_t>(count) - 1;
        const auto to = static_cast<std::ptrdiff_t>(at) + by;
        return static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(to, 0, last));
    };
    state.pinned->row = moved(state.pinned->row, rows, numbers->rows);
    state.pinned->column = moved(state.pinned->column, columns, numbers->columns);
    state.nudge.reset();
}

void pin_keys(State& state) {
    if (pressed(ImGuiKey_LeftArrow)) move_pin(state, 0, -1);
    if (pressed(ImGuiKey_RightArrow)) move_pin(state, 0, 1);
    if (pressed(ImGuiKey_UpArrow)) move_pin(state, -1, 0);
    if (pressed(ImGuiKey_DownArrow)) move_pin(state, 1, 0);
}

// To the next stop, or back to the one before; after the last one the tour is over.
void go_through_tour(State& state, int by) {
    state.tour.step = std::max(0, state.tour.step + by);
    state.tour.seconds = 0;
}

// In the training scene time is that of the training.
void training_keys(State& state) {
    const Experiment& experiment = state.experiment;
    const bool newest = !experiment.step;
    if (pressed(ImGuiKey_LeftArrow)) step_through_snapshots(state, -1);
    if (pressed(ImGuiKey_RightArrow)) {
        if (newest) {
            make_one_step(state);
        } else {
            step_through_snapshots(state, 1);
        }
    }
    if (pressed(ImGuiKey_Home)) go_to_step(state, 0);
    if (pressed(ImGuiKey_End)) go_to_step(state, std::nullopt);
    if (pressed(ImGuiKey_Escape, Held::once)) escape(state);
}

void arrow_keys(State& state) {
    if (ImGui::GetIO().KeyCtrl) {
        pin_keys(state);
        return;
    }
    if (state.scene == Scene::training) {
        training_keys(state);
        return;
    }
    const int by = (pressed(ImGuiKey_RightArrow) ? 1 : 0) - (pressed(ImGuiKey_LeftArrow) ? 1 : 0);
    if (by != 0 && state.tour.running) {
        go_through_tour(state, by);
    } else if (by != 0) {
        step(state, by);
    }
    if (pressed(ImGuiKey_UpArrow)) change_level(state, -1);
    if (pressed(ImGuiKey_DownArrow)) change_level(state, 1);
    if (pressed(ImGuiKey_Home)) state.time = state.timeline.start();
    if (pressed(ImGuiKey_End)) state.time = state.timeline.end();
    if (pressed(ImGuiKey_Escape, Held::once)) escape(state);
    if (pressed(ImGuiKey_Enter, Held::once)) {
        const Moment moment = state.moment();
        state.pinned = CellRef{moment.stage->name, moment.row, moment.column};
    }
}

// Of the links in the cell panel, round again after the last one.
void choose_link(ChosenLink& link, int direction) {
    if (link.count == 0) return;
    const std::size_t last = link.count - 1;
    if (!link.number || *link.number > last) {
        link.number = direction > 0 ? 0 : last;
    } else if (direction > 0) {
        link.number = *link.number < last ? *link.number + 1 : 0;
    } else {
        link.number = *link.number > 0 ? *link.number - 1 : last;
    }
    link.wants_sight = true;
}

void faster(Settings& settings, double factor) {
    settings.speed = std::clamp(settings.speed * factor, 0.25, 16.0);
}

// False for a letter that changes no setting.
bool change_setting(Settings& settings, unsigned int letter) {
    switch (letter) {
    case '+':
        faster(settings, 2);
        return true;
    case '-':
        faster(settings, 0.5);
        return true;
    case 'd':
        settings.digits_in_cells = !settings.digits_in_cells;
        return true;
    case 'l':
        settings.look = settings.look == Look::dark ? Look::light : Look::dark;
        return true;
    case 'p':
        settings.palette =
            static_cast<Palette>((static_cast<int>(settings.palette) + 1) % palette_count);
        return true;
    case 'm':
        settings.reduced_motion = !settings.reduced_motion;
        return true;
    case '[':
        settings.font_scale = std::max(settings.font_scale - 0.05F, 0.75F);
        return true;
    case ']':
        settings.font_scale = std::min(settings.font_scale + 0.05F, 2.0F);
        return true;
    case 'r':
        settings.loop = !settings.loop;
        return true;
    default:
        return false;
    }
}

void letter_key(State& state, unsigned int letter) {
    if (change_setting(state.settings, letter)) return;
    switch (letter) {
    case ' ':
        if (state.scene == Scene::training) {
            train_or_pause(state);
        } else {
            play_or_pause(state);
        }
        break;
    case 'v':
        state.scene = state.scene == Scene::training ? Scene::stages : Scene::training;
        break;
    case 'o':
        state.scene = state.scene == Scene::model ? Scene::stages : Scene::model;
        break;
    case 'e':
        state.exports.picture = true;
        break;
    case 'g':
        state.exports.recording = !state.exports.recording;
        break;
    case 't':
        state.tour = {.running = true};
        break;
    case '/':
        state.text.wants_focus = true;
        break;
    case '0':
        state.zoom = 1;
        state.pan = {0, 0};
        break;
    case 's':
        state.settings_open = !state.settings_open;
        break;
    case 'n':
        if (state.pinned) try_nudge(state, *state.pinned);
        break;
    case ',':
        choose_link(state.link, -1);
        break;
    case '.':
        choose_link(state.link, 1);
        break;
    case 'f':
        state.link.wants_follow = state.link.number.has_value();
        break;
    case '?':
        state.help_open = !state.help_open;
        break;
    default:
        break;
    }
}

} // namespace

void take_keys(State& state) {
    const ImGuiIO& io = ImGui::GetIO();
    if (ImGui::IsMouseClicked(0) || !io.InputQueueCharacters.empty()) state.message.clear();
    if (io.WantTextInput) return; // the text box has them
    arrow_keys(state);
    for (const ImWchar letter : io.InputQueueCharacters)
        letter_key(state, letter);
}

} // namespace whirlygig
