// The way back through attention, a block and the whole transformer, in plain loops and by names,
// as plain_model.h goes forward. A way can be closed, to see what is missing then.
#pragma once

#include "support/plain_backward.h"
#include "support/plain_model.h"

namespace plain {

// Adds to the gradient of this name, which may not be there yet.
inline void collect(Named& gradient, const std::string& name, const Grid& more) {
    Grid& sum = gradient[name];
    sum = sum.empty() ? more : add(sum, more);
}

inline Grid linear_backward(const Named& p, const std::string& name, const Grid& by_output,
                            const Grid& input, Named& gradient) {
    collect(gradient, name + "_weights", product(transpose(input), by_output));
    collect(gradient, name + "_bias", sum_of_rows(by_output));
    return product(by_output, transpose(p.at(name + "_weights")));
}

inline Grid norm_backward(const Named& p, const std::string& name, const Grid& by_output,
                          const Grid& input, double epsilon, Named& gradient) {
    const Grid &gain = p.at(name + ".gain"),
               ones = made(1, gain[0].size(), [](auto, auto) { return 1.0; });
    const Grid normalised = layer_norm(input, ones, zeros(1, gain[0].size()), epsilon);
    const auto width = static_cast<double>(gain[0].size());
    Grid by_gain = by_output, by_input = input;
    for (std::size_t row = 0; row < input.size(); ++row) {
        double mean = 0, along = 0, middle = 0, variance = 0;
        for (std::size_t k = 0; k < input[row].size(); ++k) {
            const double by_normalised = by_output[row][k] * gain[0][k];
            mean += by_normalised / width;
            along += by_normalised * normalised[row][k] / width;
            middle += input[row][k] / width;
            by_gain[row][k] = by_output[row][k] * normalised[row][k];
        }
        for (const double number : input[row])
            variance += (number - middle) * (number - middle) / width;
        for (std::size_t k = 0; k < input[row].size(); ++k)
            by_input[row][k] =
                (by_output[row][k] * gain[0][k] - mean - normalised[row][k] * along) /
                std::sqrt(variance + epsilon);
    }
    collect(gradient, name + ".gain", sum_of_rows(by_gain));
    collect(gradient, name + ".shift", sum_of_rows(by_output));
    return by_input;
}

// All gradients of one head, from the one by what it mixed. Without a mask, `masked` stays empty.
inline Head attention_backward(const Head& head, const Grid& by_mixed) {
    Head back;
    back.mixed = by_mixed;
    back.attention_weights = product(by_mixed, transpose(head.values));
    back.values = product(transpose(head.attention_weights), by_mixed);
    back.scaled = softmax_backward(back.attention_weights, head.attention_weights);
    if (!head.masked.empty()) back.masked = back.scaled; // where the mask fell, it is 0 already
    back.scores = scale(back.scaled, head.queries[0].size());
    back.queries = product(back.scores, head.keys);
    back.keys = product(transpose(back.scores), head.queries);
    return back;
}

// What a multi-head attention reads: who looks, who is looked at.
struct TwoTexts {
    Grid looking, looked_at;
    bool causal;
};

// Which ways back to the two texts are open.
struct HeadWays {
    bool queries = true, keys = true, values = true;
    bool only_head_0 = false;
};

// The gradients by the two texts.
inline std::pair<Grid, Grid> multi_head_backward(const Named& p, const std::string& block,
                                                 std::size_t heads, const TwoTexts& texts,
                                                 const Grid& by_output, const HeadWays& ways,
                                                 Named& gradient) {
    Named stages;
    multi_head(p, block, heads, texts.looking, texts.looked_at, texts.causal, stages);
    const Grid by_joined = linear_backward(p, block + ".attention.output", by_output,
                                           stages.at(block + ".attention.joined"), gradient);
    const std::size_t width = by_joined[0].size(), head_width = width / heads;
    Grid by_looking = zeros(texts.looking.size(), width);
    Grid by_looked_at = zeros(texts.looked_at.size(), width);
    for (std::size_t h = 0; h < heads; ++h) {
        const std::string name = block + ".head." + std::to_string(h);
        const Head head = attention(stages.at(name + ".queries"), stages.at(name + ".keys"),
                                    stages.at(name + ".values"), texts.causal);
        const std::size_t columns_of = ways.only_head_0 ? 0 : h;
        const Grid by_mixed = made(by_joined.size(), head_width, [&](auto row, auto column) {
            return by_joined[row][columns_of * head_width + column];
        });
        const Head back = attention_backward(head, by_mixed);
        const Grid q = linear_backward(p, name + ".query", back.queries, texts.looking, gradient);
        const Grid k = linear_backward(p, name + ".key", back.keys, texts.looked_at, gradient);
        const Grid v = linear_backward(p, name + ".value", back.values, texts.looked_at, gradient);
        if (ways.queries) by_looking = add(by_looking, q);
        if (ways.keys) by_looked_at = add(by_looked_at, k);
        if (ways.values) by_looked_at = add(by_looked_at, v);
    }
    return {by_looking, by_looked_at};
}

inline Grid mlp_backward(const Named& p, const std::string& block, const Grid& by_output,
                         const Grid& input, Named& gradient) {
    Named stages;
    mlp(p, block, input, stages);
    const Grid by_activated = linear_backward(p, block + ".mlp.down", by_output,
                                              stages.at(block + ".mlp.activated"), gradient);
    const Grid by_hidden = gelu_backward(by_activated, stages.at(block + ".mlp.hidden"));
    return linear_backward(p, block + ".mlp.up", by_hidden, input, gradient);
}

// Each addition to the stream has two ways back: through what was added, and past it.
struct BlockWays {
    bool through_mlp = true, past_mlp = true;
    bool through_attention = true, past_attention = true;
    bool norms = true; // or what comes back is passed on past the layer norms
};

// Returns the gradient by the stream that entered.
inline Grid block_backward(const Named& p, const std::string& name, const whirlygig::Config& config,
                           const Grid& stream, const Grid& by_output, const BlockWays& ways,
                           Named& gradient) {
    Named stages;
    block(p, name, config, stream, stages);
    const Grid &between = stages.at(name + ".attention.residual"),
               &looked_at = stages.at(name + ".attention.norm");
    const Grid nothing = zeros(stream.size(), stream[0].size());
    const Grid by_thought =
        mlp_backward(p, name, by_output, stages.at(name + ".mlp.norm"), gradient);
    const Grid through_mlp =
        norm_backward(p, name + ".mlp.norm", by_thought, between, config.epsilon, gradient);
    const Grid by_between = add(ways.past_mlp ? by_output : nothing, !ways.through_mlp ? nothing
                                                                     : ways.norms      ? through_mlp
                                                                                  : by_thought);
    const bool causal = config.without != whirlygig::Without::mask;
    const auto [by_looking, by_looked_at] = multi_head_backward(
        p, name, config.heads, {looked_at, looked_at, causal}, by_between, {}, gradient);
    const Grid by_norm = add(by_looking, by_looked_at);
    const Grid through_attention =
        norm_backward(p, name + ".attention.norm", by_norm, stream, config.epsilon, gradient);
    return add(ways.past_attention ? by_between : nothing, !ways.through_attention ? nothing
                                                           : ways.norms ? through_attention
                                                                        : by_norm);
}

// What may go wrong on the way back through the whole transformer.
struct ModelWays {
    bool unembedding = true; // it collects its gradient
    bool final_norm = true;  // or it is passed by
    bool blocks = true;      // or the last stream is taken for the first
    bool embedding = true;   // the tables collect theirs
};

struct Text {
    std::vector<int> ids, targets;
    Grid by_loss; // (targets, 1)
};

// The gradients by all parameters, and "gradients.logits" and "gradients.final_norm".
inline Named decoder_backward(const Named& p, const whirlygig::Config& config, const Text& text,
                              const ModelWays& ways) {
    Named stages = decoder(p, config, text.ids, text.targets), gradient;
    const std::vector<std::size_t> targets(text.targets.begin(), text.targets.end());
    const std::string table = config.tied ? "embedding.token_table" : "unembedding";
    const Grid by_logits =
        softmax_cross_entropy_backward(text.by_loss, stages.at("probabilities"), targets);
    const Grid by_norm = product(by_logits, p.at(table));
    const Grid by_table = product(transpose(by_logits), stages.at("final.norm"));
    if (ways.unembedding) collect(gradient, table, by_table);
    const auto stream = [&](std::size_t b) {
        return b == 0 ? stages.at("embedding.sum")
                      : stages.at("block." + std::to_string(b - 1) + ".mlp.residual");
    };
    Grid by_stream =
        norm_backward(p, "final.norm", by_norm, stream(config.layers), config.epsilon, gradient);
    if (!ways.final_norm) by_stream = by_norm;
    const Grid by_last = by_stream;
    for (std::size_t b = config.layers; b-- > 0;)
        by_stream = block_backward(p, "block." + std::to_string(b), config, stream(b), by_stream,
                                   {}, gradient);
    if (!ways.blocks) by_stream = by_last;
    Grid tokens = zeros(config.vocabulary, config.width);
    Grid positions = zeros(config.context, config.width);
    for (std::size_t place = 0; place < text.ids.size() && ways.embedding; ++place) {
        for (std::size_t column = 0; column < config.width; ++column) {
            tokens[static_cast<std::size_t>(text.ids[place])][column] += by_stream[place][column];
            positions[place][column] += by_stream[place][column];
        }
    }
    collect(gradient, "embedding.token_table", tokens);
    collect(gradient, "embedding.position_table", positions);
    gradient["gradients.logits"] = by_logits;
    gradient["gradients.final_norm"] = by_norm;
    return gradient;
}

} // namespace plain
