#include "recorder.h"

#include "error.h"
#include "files/trace_file.h"
#include "state.h"

#include <fmt/format.h>

namespace whirlygig {
namespace {

// The first of NAME-1.ENDING, NAME-2.ENDING, … that is not there yet.
std::filesystem::path free_file(const std::string& folder, const char* name, const char* ending) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) fail("the folder {} can't be made: {}", folder, error.message());
    for (int number = 1; number < 10000; ++number) {
        auto file = std::filesystem::path(folder) / fmt::format("{}-{}.{}", name, number, ending);
        if (!std::filesystem::exists(file)) return file;
    }
    fail("the folder {} is full of files named {}: choose another one", folder, name);
}

} // namespace

void export_trace(State& state) {
    try {
        const auto file = free_file(state.exports.folder, "trace", "safetensors");
        write_trace(file, *state.trace, state.folder.wording);
        state.message = fmt::format("Wrote {}", file.string());
    } catch (const Error& error) {
        state.message = error.what();
    }
}

void Recorder::after_frame(State& state, Window& window) {
    Exports& exports = state.exports;
    try {
        if (exports.picture) {
            exports.picture = false;
            const auto to = free_file(exports.folder, "picture", "png");
            write_png(to, window.picture());
            state.message = fmt::format("Wrote {}", to.string());
        }
        since_last += static_cast<double>(ImGui::GetIO().DeltaTime);
        if (exports.recording && !animation) {
            file = free_file(exports.folder, "animation", "gif");
            animation = std::make_unique<GifWriter>(file);
            since_last = 1;
        }
        if (exports.recording && since_last >= hundredths_of_a_picture / 100.0)
            add_frame(window.picture());
        if (exports.recording || !animation) return;
        animation->finish();
        animation.reset();
        state.message = fmt::format("Wrote {}", file.string());
    } catch (const Error& error) {
        exports.recording = false;
        animation.reset();
        state.message = error.what();
    }
}

void Recorder::add_frame(const Picture& picture) {
    animation->add(picture, hundredths_of_a_picture);
    since_last = 0;
}

} // namespace whirlygig
