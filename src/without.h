// The parts that a model can be trained without, to see what each of them is good for.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace whirlygig {

enum class Without {
    nothing,
    mask,      // every token may look at those after it, too
    positions, // the stream starts with the tokens alone
    scale,     // scores are not divided by √D
    residual,  // what a part found takes the stream's place instead of being added to it
    norm,      // attention, MLP and logits read the stream as it is
    mlp,       // a block is attention and nothing else
};

struct WithoutName {
    Without part;
    std::string_view name;  // in recipes, config.json and on the command line
    std::string_view words; // "This model was trained without <words>."
};

// All of them; the one list of their names.
inline constexpr std::array<WithoutName, 7> without_names{{
    {Without::nothing, "nothing", "nothing left out"},
    {Without::mask, "mask", "the causal mask: every token may look at those after it, too"},
    {Without::positions, "positions", "positions: the stream starts with the tokens alone"},
    {Without::scale, "scale", "the scale: scores are not divided by √D"},
    {Without::residual, "residual",
     "the residual stream: what a part finds takes the stream's place"},
    {Without::norm, "norm", "layer norms: every part reads the stream as it is"},
    {Without::mlp, "mlp", "MLPs: a block is attention and nothing else"},
}};

constexpr const WithoutName& name_of(Without part) {
    for (const WithoutName& entry : without_names) {
        if (entry.part == part) return entry;
    }
    return without_names[0];
}

constexpr std::optional<Without> without_called(std::string_view name) {
    for (const WithoutName& entry : without_names) {
        if (entry.name == name) return entry.part;
    }
    return std::nullopt;
}

} // namespace whirlygig
