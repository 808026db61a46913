#include "study/tally.h"

#include "error.h"

namespace whirlygig {
namespace {

void check_size(const char* name, std::size_t size, std::size_t largest) {
    if (size >= 1 && size <= largest) return;
    fail("the model's {} is {}; it must be from 1 to {}", name, size, largest);
}

// With sizes up to these, no sum below comes near what 64 bits hold.
void check_sizes(const Config& config) {
    check_size("vocabulary", config.vocabulary, 10'000'000);
    check_size("context", config.context, 1'000'000);
    check_size("width", config.width, 1'000'000);
    check_size("number of heads", config.heads, 1'000'000);
    check_size("hidden width", config.hidden, 1'000'000);
    check_size("number of layers", config.layers, 100'000);
    if (config.width % config.heads != 0) {
        fail("{} heads do not divide the width {} evenly", config.heads, config.width);
    }
}

void add_part(Tally& tally, const std::string& name, std::uint64_t parameters,
              const std::string& note = {}) {
    tally.parts.push_back({name, parameters, false, note});
    tally.total += parameters;
}

// A part that is made of pieces, each of them as often as there are blocks. Returns its size.
std::uint64_t add_part_of_blocks(Tally& tally, const std::string& name,
                                 std::vector<TallyPart> pieces) {
    std::uint64_t sum = 0;
    for (TallyPart& piece : pieces) {
        piece.parameters *= tally.config.layers;
        piece.detail = true;
        sum += piece.parameters;
    }
    add_part(tally, name, sum);
    tally.parts.insert(tally.parts.end(), pieces.begin(), pieces.end());
    return sum;
}

} // namespace

Tally tally(const Config& config) {
    check_sizes(config);
    const std::uint64_t d = config.width, hidden = config.hidden, vocabulary = config.vocabulary;
    Tally tally;
    tally.config = config;
    add_part(tally, "token table", vocabulary * d);
    const auto note = [&](Without part) { return config.without == part ? "left out" : ""; };
    const bool has_positions = config.without != Without::positions;
    add_part(tally, "position table", has_positions ? config.context * d : 0,
             note(Without::positions));
    // The heads' query weights, (d, D) each, make (d, d) together: H · D = d.
    tally.attention = add_part_of_blocks(tally, "attention",
                                         {{.name = "query weights", .parameters = d * d},
                                          {.name = "key weights", .parameters = d * d},
                                          {.name = "value weights", .parameters = d * d},
                                          {.name = "output weights", .parameters = d * d},
                                          {.name = "biases", .parameters = 4 * d}});
    const bool has_mlp = config.without != Without::mlp;
    if (has_mlp) {
        tally.mlp = add_part_of_blocks(tally, "MLP",
                                       {{.name = "up weights", .parameters = d * hidden},
                                        {.name = "down weights", .parameters = hidden * d},
                                        {.name = "biases", .parameters = hidden + d}});
    } else {
        add_part(tally, "MLP", 0, note(Without::mlp));
    }
    // One for each part of a block and the final one, each with a gain and a shift.
    const std::uint64_t norms = (has_mlp ? 2 : 1) * config.layers + 1;
    add_part(tally, "layer norms", config.without == Without::norm ? 0 : norms * 2 * d,
             note(Without::norm));
    add_part(tally, "unembedding", config.tied ? 0 : vocabulary * d,
             config.tied ? "tied: counted as token table" : "");
    return tally;
}

MultiplyAdds multiply_adds(const Config& config) {
    check_sizes(config);
    const std::uint64_t d = config.width, layers = config.layers;
    return {.attention_weights = layers * 4 * d * d,
            .looking_around = layers * 2 * d * config.context,
            .mlp = config.without == Without::mlp ? 0 : layers * 2 * d * config.hidden,
            .unembedding = config.vocabulary * d};
}

} // namespace whirlygig
