// What is often done wrong on the way back through many heads, a block and the whole model.
#pragma once

#include "support/plain_model_backward.h"
#include "support/teach_parts.h"

namespace mistakes {

using plain::Named;
using support::Grid;

// What was there, and what was collected, by the names of the parameters; then the rest.
inline support::Parts named_parts(const Named& start, const Named& collected,
                                  const support::Parts& others) {
    support::Parts parts = others;
    for (const auto& [name, grid] : start) {
        const bool is_collected = collected.contains(name) && !collected.at(name).empty();
        parts.emplace_back("gradient of " + name,
                           is_collected ? plain::add(grid, collected.at(name)) : grid);
    }
    return parts;
}

struct HeadsBack {
    Named parameters, start; // of a model of one block; what stood in its gradients
    std::size_t heads;
    plain::TwoTexts texts;
    Grid by_output;
    Grid looking_before, looked_at_before; // what stood in the gradients by the two texts
};

inline support::Parts heads_parts(const HeadsBack& e, const Named& collected, const Grid& looking,
                                  const Grid& looked_at) {
    return named_parts(
        e.start, collected,
        {{"gradient_query_input", looking}, {"gradient_key_value_input", looked_at}});
}

// The gradients by the texts, which are added to what was there.
inline support::Parts heads_back(const HeadsBack& e, const plain::HeadWays& ways) {
    Named collected;
    const auto [looking, looked_at] = plain::multi_head_backward(
        e.parameters, "block.0", e.heads, e.texts, e.by_output, ways, collected);
    return heads_parts(e, collected, plain::add(e.looking_before, looking),
                       plain::add(e.looked_at_before, looked_at));
}

inline support::PartsMistakes multi_head_backward(const HeadsBack& e) {
    Named collected;
    const std::pair<Grid, Grid> by_texts = plain::multi_head_backward(
        e.parameters, "block.0", e.heads, e.texts, e.by_output, {}, collected);
    Named without_output = collected, only_output;
    for (const std::string name :
         {"block.0.attention.output_weights", "block.0.attention.output_bias"}) {
        only_output[name] = collected[name];
        without_output[name].clear();
    }
    const auto parts = [&](const Named& parameters) {
        return heads_parts(e, parameters, plain::add(e.looking_before, by_texts.first),
                           plain::add(e.looked_at_before, by_texts.second));
    };
    support::PartsMistakes mistakes = {
        {"The way back through the keys is missing: the text that is looked at made keys, too.",
         heads_back(e, {.keys = false})},
        {"The way back through the values is missing: the text that is looked at made values, too.",
         heads_back(e, {.values = false})},
        {"The way back through the queries is missing: the text that looks made the queries.",
         heads_back(e, {.queries = false})},
        {"The gradients by the texts are written over; there are several ways back to them, so "
         "each is added: +=.",
         heads_parts(e, collected, by_texts.first, by_texts.second)},
        {"The gradients by the output weights and bias are missing.", parts(without_output)},
        {"The gradients by the heads' parameters are missing.", parts(only_output)},
        {"Nothing comes back to the texts.",
         heads_parts(e, collected, e.looking_before, e.looked_at_before)},
    };
    if (e.heads > 1)
        mistakes.push_back({"Every head gets the columns of head 0; each has its own columns of "
                            "the gradient by joined.",
                            heads_back(e, {.only_head_0 = true})});
    return mistakes;
}

struct BlockBack {
    Named parameters, start;
    whirlygig::Config config;
    Grid stream, by_output;
};

inline support::Parts block_back(const BlockBack& e, const plain::BlockWays& ways) {
    Named collected;
    const Grid by_stream = plain::block_backward(e.parameters, "block.0", e.config, e.stream,
                                                 e.by_output, ways, collected);
    return named_parts(e.start, collected, {{"gradient_stream", by_stream}});
}

inline support::PartsMistakes block_backward(const BlockBack& e) {
    const support::Parts right = block_back(e, {});
    return {
        {"The way past the MLP is missing: the stream went on directly, too, so both ways are "
         "added.",
         block_back(e, {.past_mlp = false})},
        {"The way through the MLP is missing: the stream also went through norm and MLP.",
         block_back(e, {.through_mlp = false})},
        {"The way past the attention is missing: the stream went on directly, too, so both ways "
         "are added.",
         block_back(e, {.past_attention = false})},
        {"The way through the attention is missing: the stream also went through norm and "
         "attention.",
         block_back(e, {.through_attention = false})},
        {"Both ways past are missing: at each addition the stream went on directly, too.",
         block_back(e, {.past_mlp = false, .past_attention = false})},
        {"The stream gets back what the block got, unchanged.",
         support::with(right, "gradient_stream", e.by_output)},
    };
}

struct ModelBack {
    Named parameters, start;
    whirlygig::Config config;
    plain::Text text;
};

inline support::Parts model_back(const ModelBack& e, const plain::ModelWays& ways) {
    const Named back = plain::decoder_backward(e.parameters, e.config, e.text, ways);
    return named_parts(e.start, back,
                       {{"gradients.logits", back.at("gradients.logits")},
                        {"gradients.final_norm", back.at("gradients.final_norm")}});
}

inline support::PartsMistakes backward(const ModelBack& e) {
    return {
        {"The unembedding collects nothing: its rows were compared with every place.",
         model_back(e, {.unembedding = false})},
        {"The final layer norm is passed by: what comes back goes through layer_norm_backward.",
         model_back(e, {.final_norm = false})},
        {"The gradient that enters the last block is handed to the embedding; it should be what "
         "leaves the first one, block by block.",
         model_back(e, {.blocks = false})},
        {"The tables of the embedding collect nothing; embedding_backward is missing.",
         model_back(e, {.embedding = false})},
    };
}

} // namespace mistakes
