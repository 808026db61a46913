// A model with awkward sizes, all different, and nothing near zero or linear.
#pragma once

#include "parameters.h"

#include <memory>
#include <vector>

namespace support {

// A model whose parameters are all random, biases, gains and shifts too, so that none can be
// forgotten without being missed: N(0, 0.4), but gains N(1, 0.4).
inline whirlygig::Model random_model(whirlygig::Random& random, const whirlygig::Config& config) {
    whirlygig::Model model{config, whirlygig::make_parameters(config)};
    for (const auto& parameter : list_parameters(model.parameters)) {
        const double mean = parameter.kind == whirlygig::ParameterKind::gain ? 1 : 0;
        for (whirlygig::Real& value : parameter.values) {
            value = static_cast<whirlygig::Real>(mean + 0.4 * random.normal());
        }
    }
    return model;
}

inline whirlygig::Model small_model(const whirlygig::Config& config, std::uint64_t seed) {
    whirlygig::Random random(seed);
    return random_model(random, config);
}

inline whirlygig::Config config_of(std::size_t vocabulary, std::size_t context, std::size_t heads,
                                   std::size_t head_width, std::size_t hidden, std::size_t layers,
                                   bool tied) {
    whirlygig::Config config;
    config.vocabulary = vocabulary;
    config.context = context;
    config.width = heads * head_width;
    config.heads = heads;
    config.hidden = hidden;
    config.layers = layers;
    config.tied = tied;
    return config;
}

// The same sizes without a part.
inline whirlygig::Config without(whirlygig::Without part, whirlygig::Config config) {
    config.without = part;
    return config;
}

// What a model can be trained without.
inline std::vector<whirlygig::Without> all_parts() {
    std::vector<whirlygig::Without> parts;
    for (const whirlygig::WithoutName& entry : whirlygig::without_names) {
        if (entry.part != whirlygig::Without::nothing) parts.push_back(entry.part);
    }
    return parts;
}

} // namespace support
