// The sizes of models that the world knows.
#pragma once

#include "model.h"

#include <string>
#include <string_view>
#include <vector>

namespace whirlygig {

struct Preset {
    std::string name;  // as on the command line
    std::string title; // "GPT-2 small"
    Config config;
    std::string source; // where the sizes are from
};

const std::vector<Preset>& presets();

// Throws an Error that lists the names when there is no such preset.
const Preset& find_preset(std::string_view name);

} // namespace whirlygig
