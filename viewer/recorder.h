// Pictures and animations of what is on the screen, as the user asks for them.
#pragma once

#include "window/picture_file.h"

#include <filesystem>
#include <memory>
#include <string>

namespace whirlygig {

struct State;

// What the user asked for.
struct Exports {
    std::string folder = "."; // as typed; the files in it are numbered
    bool picture = false;     // of the next frame
    bool recording = false;   // frames are being added to an animation
};

// The trace of the shown text and model as a file in that folder; what fails becomes a message.
void export_trace(State& state);

class Recorder {
public:
    // Writes what was asked for. What fails, or was written, becomes state.message.
    void after_frame(State& state, Window& window);

private:
    void add_frame(const Picture& picture);

    std::unique_ptr<GifWriter> animation;
    std::filesystem::path file; // of the animation
    double since_last = 0;      // seconds
};

} // namespace whirlygig
