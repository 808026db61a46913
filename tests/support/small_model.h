// A model with awkward sizes, all different, and nothing near zero or linear.
#pragma once

#include "parameters.h"

#include <memory>

namespace support {

// Every parameter is drawn from N(0, 0.5), gains from N(1, 0.5).
inline whirlygig::Model small_model(const whirlygig::Config& config, std::uint64_t seed) {
    whirlygig::Random random(seed);
    whirlygig::Model model{config, whirlygig::make_parameters(config)};
    for (const auto& parameter : list_parameters(model.parameters)) {
        const double mean = parameter.kind == whirlygig::ParameterKind::gain ? 1 : 0;
        for (whirlygig::Real& value : parameter.values) {
            value = static_cast<whirlygig::Real>(mean + 0.5 * random.normal());
        }
    }
    return model;
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

} // namespace support
