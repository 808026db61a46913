// The viewer from start to end: on the screen, or without one for pictures, animations and scripts.
#pragma once

#include "recorder.h"
#include "state.h"
#include "window/window.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace whirlygig {

// A window (or pictures in memory) with Dear ImGui, and the state that is drawn there.
class Session {
public:
    explicit Session(std::unique_ptr<State> state);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session();

    void open_on_screen();
    void open_hidden(int width, int height);

    // False when the user closed the window.
    bool frame(Wait wait = Wait::no);

    State& state() { return *viewer; }
    Picture picture() { return window->picture(); }
    const std::vector<WrittenText>& written() const { return texts; } // of the last frame

private:
    std::unique_ptr<State> viewer;
    std::unique_ptr<Window> window;
    Recorder recorder;
    std::vector<WrittenText> texts;
    bool hidden = false;
};

// Draws until the user closes the window: while something moves as fast as the screen, otherwise
// when something happens.
void run_on_screen(Session& session);

// A few frames, until everything has found its place.
void settle(Session& session);

// Enough frames that everything has found its place, then a PNG.
void shoot(Session& session, const std::filesystem::path& file);

// Plays from where the state is to the end of its stage (or, at the level of the model, of the
// whole timeline) into a GIF; in the training scene, a whole run.
void play_into(Session& session, const std::filesystem::path& file);

// Presses what the script says.
void run_script_file(Session& session, const std::filesystem::path& file);

} // namespace whirlygig
