#include "study/preset.h"

#include "error.h"

#include <fmt/ranges.h>

namespace whirlygig {
namespace {

// GPT-2 and GPT-3 have a vocabulary of 50,257 byte pairs, an MLP of 4·d and the token table as
// their unembedding.
Config gpt_config(std::size_t layers, std::size_t heads, std::size_t width, std::size_t context) {
    return {.vocabulary = 50'257,
            .context = context,
            .width = width,
            .heads = heads,
            .hidden = 4 * width,
            .layers = layers,
            .tied = true};
}

} // namespace

const std::vector<Preset>& presets() {
    static const std::string gpt2_source =
        "Radford et al. 2019, table 2 (layers, width) and the released models (heads)";
    static const std::vector<Preset> list{
        {"gpt2", "GPT-2 small", gpt_config(12, 12, 768, 1024), gpt2_source},
        {"gpt2-medium", "GPT-2 medium", gpt_config(24, 16, 1024, 1024), gpt2_source},
        {"gpt2-large", "GPT-2 large", gpt_config(36, 20, 1280, 1024), gpt2_source},
        {"gpt2-xl", "GPT-2 XL", gpt_config(48, 25, 1600, 1024), gpt2_source},
        {"gpt3", "GPT-3 175B", gpt_config(96, 96, 12'288, 2048),
         "Brown et al. 2020, table 2.1 and section 2.1; the vocabulary and the tied unembedding "
         "are "
         "taken to be GPT-2's"},
    };
    return list;
}

const Preset& find_preset(std::string_view name) {
    std::vector<std::string> names;
    for (const Preset& preset : presets()) {
        if (preset.name == name) return preset;
        names.push_back(preset.name);
    }
    fail("there is no preset of that name: choose one of {}", fmt::join(names, ", "));
}

} // namespace whirlygig
