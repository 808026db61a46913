// What the viewer remembers from one start to the next.
#pragma once

#include "theme.h"

#include <filesystem>

namespace whirlygig {

struct Settings {
    Look look = Look::dark;
    Palette palette = Palette::blue_orange;
    float font_scale = 1; // 0.75 to 2
    bool digits_in_cells = true;
    bool reduced_motion = false;
    bool loop = false;
    double speed = 1; // 0.25 to 16
    bool tour_seen = false;
    int width = 1600, height = 1000; // of the window, in pixels
};

// $XDG_CONFIG_HOME/whirlygig/viewer.json, or ~/.config/whirlygig/viewer.json; empty when the
// environment names neither.
std::filesystem::path settings_file();

// Settings that the file does not have, or that make no sense, are those above; a file that isn't
// there is no error. What was wrong lands in `complaint` as one sentence, otherwise empty.
Settings read_settings(const std::filesystem::path& file, std::string& complaint);

// Throws an Error that names the file. Makes the folder when there is none. Without a name nothing
// is written.
void write_settings(const std::filesystem::path& file, const Settings& settings);

} // namespace whirlygig
