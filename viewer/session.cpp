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
    recorder.after_frame(*viewer, *window);
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
        // While it trains and nobody touches it, five pictures a second leave the processor to it.
        const LiveTraining* live = session.state().experiment.live.get();
        const Wait wait = live && live->training() ? Wait::briefly : Wait::for_events;
        if (!session.frame(moving ? Wait::no : wait)) return;
        const ImGuiIO& io = ImGui::GetIO();
        const bool busy = io.MouseDelta.x != 0 || io.MouseDelta.y != 0 || io.MouseWheel != 0 ||
                          ImGui::IsAnyMouseDown() || io.WantTextInput ||
                          std::count(std::begin(io.KeysDown), std::end(io.KeysDown), true) > 0;
        still = busy ? 0 : still + 1;
    }
}

void settle(Session& session) {
    for (int frame = 0; frame < 3; ++frame)
        session.frame();
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
