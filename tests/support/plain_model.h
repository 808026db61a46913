// The whole transformer in plain loops (see plain_loops.h). Parameters and stages go by name, so a
// test can say which of them is wrong: "block.0.head.1.query_weights", "block.1.mlp.hidden".
#pragma once

#include "parameters.h"
#include "support/finite_differences.h"
#include "support/plain_loops.h"

#include <cmath>
#include <map>
#include <string>

namespace plain {

using Named = std::map<std::string, Grid>;

inline Named by_name(const whirlygig::Parameters& parameters) {
    Named named;
    for (const auto& parameter : list_parameters(parameters)) {
        Grid& grid = named[parameter.name] = zeros(parameter.rows, parameter.columns);
        for (std::size_t index = 0; index < parameter.values.size(); ++index)
            grid[index / parameter.columns][index % parameter.columns] = parameter.values[index];
    }
    return named;
}

inline Grid linear(const Named& p, const std::string& name, const Grid& input) {
    return linear(input, p.at(name + "_weights"), p.at(name + "_bias"));
}

inline Grid norm(const Named& p, const std::string& name, const Grid& input, double epsilon) {
    return layer_norm(input, p.at(name + ".gain"), p.at(name + ".shift"), epsilon);
}

// Adds the stages of the attention of `block` ("block.0") to `stages` and returns its output.
inline Grid multi_head(const Named& p, const std::string& block, std::size_t heads,
                       const Grid& query_input, const Grid& key_value_input, bool causal,
                       Named& stages, bool scaled = true) {
    Grid joined(query_input.size());
    for (std::size_t h = 0; h < heads; ++h) {
        const std::string name = block + ".head." + std::to_string(h);
        const Grid queries = linear(p, name + ".query", query_input);
        // Queries that are √D times as long undo the scale.
        Grid stretched = queries;
        for (std::vector<double>& row : stretched) {
            for (double& number : row)
                number *= scaled ? 1 : std::sqrt(static_cast<double>(row.size()));
        }
        const Head head = attention(stretched, linear(p, name + ".key", key_value_input),
                                    linear(p, name + ".value", key_value_input), causal);
        stages[name + ".queries"] = queries;
        stages[name + ".keys"] = head.keys;
        stages[name + ".values"] = head.values;
        stages[name + ".attention_weights"] = head.attention_weights;
        stages[name + ".mixed"] = head.mixed;
        for (std::size_t row = 0; row < joined.size(); ++row)
            joined[row].insert(joined[row].end(), head.mixed[row].begin(), head.mixed[row].end());
    }
    stages[block + ".attention.joined"] = joined;
    return stages[block + ".attention.output"] = linear(p, block + ".attention.output", joined);
}

inline Grid mlp(const Named& p, const std::string& block, const Grid& input, Named& stages) {
    const Grid hidden = stages[block + ".mlp.hidden"] = linear(p, block + ".mlp.up", input);
    const Grid activated = stages[block + ".mlp.activated"] = gelu(hidden);
    return stages[block + ".mlp.output"] = linear(p, block + ".mlp.down", activated);
}

// Returns the stream that leaves the block.
inline Grid block(const Named& p, const std::string& name, const whirlygig::Config& config,
                  const Grid& stream, Named& stages) {
    using whirlygig::Without;
    const auto normalised = [&](const std::string& part, const Grid& input) {
        if (config.without == Without::norm) return input;
        return stages[name + part] = norm(p, name + part, input, config.epsilon);
    };
    const auto added = [&](const std::string& part, const Grid& before, const Grid& output) {
        if (config.without == Without::residual) return output;
        return stages[name + part] = add(before, output);
    };
    const Grid looked_at = normalised(".attention.norm", stream);
    const Grid found =
        multi_head(p, name, config.heads, looked_at, looked_at, config.without != Without::mask,
                   stages, config.without != Without::scale);
    const Grid between = added(".attention.residual", stream, found);
    if (config.without == Without::mlp) return between;
    const Grid thought_about = normalised(".mlp.norm", between);
    return added(".mlp.residual", between, mlp(p, name, thought_about, stages));
}

// All stages of a whole pass.
inline Named decoder(const Named& p, const whirlygig::Config& config, const std::vector<int>& ids,
                     const std::vector<int>& targets) {
    Named stages;
    Grid stream;
    const bool has_positions = config.without != whirlygig::Without::positions;
    for (std::size_t place = 0; place < ids.size(); ++place) {
        const auto id = static_cast<std::size_t>(ids[place]);
        stream.push_back(p.at("embedding.token_table").at(id));
        for (std::size_t column = 0; has_positions && column < config.width; ++column)
            stream[place][column] += p.at("embedding.position_table").at(place)[column];
    }
    stages[has_positions ? "embedding.sum" : "embedding.tokens"] = stream;
    for (std::size_t b = 0; b < config.layers; ++b)
        stream = block(p, "block." + std::to_string(b), config, stream, stages);
    Grid last = stream;
    if (config.without != whirlygig::Without::norm)
        last = stages["final.norm"] = norm(p, "final.norm", stream, config.epsilon);
    const Grid& table = p.at(config.tied ? "embedding.token_table" : "unembedding");
    stages["logits"] = product(last, transpose(table));
    stages["probabilities"] = softmax(stages["logits"]);
    stages["loss"] = cross_entropy(stages["probabilities"], targets);
    return stages;
}

// Fails unless a backward function added to `before` the slopes of `loss`, a function of all
// parameters. Those that the loss does not depend on must have stayed as they were.
template <class Loss>
void expect_parameter_gradients(const whirlygig::Parameters& after,
                                const whirlygig::Parameters& before, Named at, Loss loss,
                                support::Here here = {}) {
    const Named start = by_name(before);
    for (const auto& [name, numbers] : by_name(after)) {
        SCOPED_TRACE("the gradient by " + name);
        Grid& parameter = at.at(name);
        const Grid original = parameter;
        const Grid expected = support::slopes(original, [&](const Grid& changed) {
            parameter = changed;
            return loss(at);
        });
        parameter = original;
        support::expect_gradient(support::difference(numbers, start.at(name)), expected, here);
    }
}

} // namespace plain
