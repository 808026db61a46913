// Where a model's parameters are: how many each part has, counted by the sizes alone, so that
// models far too large for this machine can be counted as well.
#pragma once

#include "model.h"

#include <cstdint>
#include <string>
#include <vector>

namespace whirlygig {

// One line of the tally.
struct TallyPart {
    std::string name;
    std::uint64_t parameters = 0; // of all blocks together
    bool detail = false;          // a piece of the part above it, counted there already
    std::string note = {};
};

struct Tally {
    Config config;
    std::vector<TallyPart> parts; // the parts that are no details add up to the total
    std::uint64_t total = 0;
    std::uint64_t attention = 0; // of the total: all blocks' attention
    std::uint64_t mlp = 0;       // of the total: all blocks' MLPs
};

// Throws an Error for sizes that are 0 or absurd and for heads that do not divide the width; much
// larger models than check_config allows are welcome.
Tally tally(const Config& config);

// Multiplications with an addition each, for one more token after a full context whose keys and
// values are kept. Softmaxes, layer norms, GELU and biases are not counted.
struct MultiplyAdds {
    std::uint64_t attention_weights = 0; // queries, keys, values and output: 4·d² in each block
    std::uint64_t looking_around = 0;    // scores and mixing: 2·d·context in each block
    std::uint64_t mlp = 0;               // 2·d·M in each block
    std::uint64_t unembedding = 0;       // V·d

    std::uint64_t total() const { return attention_weights + looking_around + mlp + unembedding; }
};
MultiplyAdds multiply_adds(const Config& config);

} // namespace whirlygig
