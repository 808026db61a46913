#include "session.h"

#include "app.h"
#include "files/file.h"
#include "script.h"
#include "window/picture_file.h"

#include <algorithm>
#include <iterator>

namespace whirlygig {

Session::Session(std::unique_ptr<State> state)
    : viewer(std::move(state)) {
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr; // what we remember is in our own settings
}

Session::~Session() {
    window.reset();
    ImGui::DestroyContext();
}

void Session::open_on_screen() {
    window = open_window(viewer->settings.width, viewer->settings.height);
}

void Session::open_hidden(int width, int height) {
    hidden = true;
    window = hidden_window(width, height);
}

bool Session::frame(Wait wait) {
    apply_settings(*viewer, window->pixel_scale());
    if (!window->begin_frame(wait)) return false;
    ImGui::NewFrame();
    texts = draw_frame(*viewer);
    ImGui::Render();
    window->end_frame();
    if (!hidden) {
        viewer->settings.width = static_cast<int>(ImGui::GetIO().DisplaySize.x);
        viewer->settings.height = static_cast<int>(ImGui::GetIO().DisplaySize.y);
    }
    play_on(*viewer, static_cast<double>(ImGui::GetIO().DeltaTime));
    return !viewer->quit;
}

void run_on_screen(Session& session) {
    int still = 0; // frames since the user did something; ImGui needs a few to settle
    while (true) {
        const bool moving = session.state().player.playing || still < 4;
        if (!session.frame(moving ? Wait::no : Wait::for_events)) return;
        const ImGuiIO& io = ImGui::GetIO();
        const bool busy = io.MouseDelta.x != 0 || io.MouseDelta.y != 0 || io.MouseWheel != 0 ||
                          ImGui::IsAnyMouseDown() || io.WantTextInput ||
                          std::count(std::begin(io.KeysDown), std::end(io.KeysDown), true) > 0;
        still = busy ? 0 : still + 1;
    }
}

namespace {

void settle(Session& session) {
    for (int frame = 0; frame < 3; ++frame)
        session.frame();
}

} // namespace

void shoot(Session& session, const std::filesystem::path& file) {
    settle(session);
    write_png(file, session.picture());
}

void play_into(Session& session, const std::filesystem::path& file) {
    constexpr int hundredths = 8;
    constexpr std::size_t most_frames = 1500;
    settle(session);
    State& state = session.state();
    GifWriter gif(file);
    const std::size_t stage = state.time.stage;
    const bool all = state.level == Level::model;
    if (state.time == state.timeline.done(stage)) state.time = {stage, 0};
    std::size_t frames = 0;
    for (; frames < most_frames; ++frames) {
        session.frame();
        gif.add(session.picture(), hundredths);
        const Time last = all ? state.timeline.end() : state.timeline.done(stage);
        if (state.time == last) break;
        state.time =
            state.timeline.play(state.time, state.level, hundredths / 100.0 * state.settings.speed);
    }
    for (int pause = 0; pause < 12; ++pause)
        gif.add(session.picture(), hundredths);
    gif.finish();
}

void run_script_file(Session& session, const std::filesystem::path& file) {
    const std::string source = file.string();
    const std::vector<Command> commands = parse_script(read_file(file), source);
    session.state().controls.cells_too = true;
    settle(session);
    run_script(session.state(), commands,
               {[&] { session.frame(); },
                [&](const std::filesystem::path& to) { write_png(to, session.picture()); }},
               source);
}

} // namespace whirlygig
