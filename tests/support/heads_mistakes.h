// What is often done wrong in the exercises of multi_head.cpp, and what comes out of it.
#pragma once

#include "multi_head.h"
#include "support/matrix_mistakes.h"
#include "support/record_mistakes.h"

namespace mistakes {

using support::Record;
using support::RecordMistakes;
using support::with;

inline Mistakes join_heads(const std::vector<Grid>& mixed, const Grid& before) {
    const std::size_t heads = mixed.size(), rows = mixed[0].size(), width = mixed[0][0].size();
    const auto wide = [&](auto number) { return made(rows, heads * width, number); };
    const auto narrow = [&](auto number) { return made(rows, width, number); };
    const auto sum = [&](std::size_t row, std::size_t column) {
        double total = 0;
        for (const Grid& head : mixed)
            total += head[row][column];
        return total;
    };
    const Grid right = wide([&](std::size_t row, std::size_t column) {
        return mixed[column / width][row][column % width];
    });
    Mistakes mistakes = {
        {"The heads' columns are dealt out like cards, one of each head in turn; each head's "
         "columns should stay together, head 0's first.",
         wide([&](std::size_t row, std::size_t column) {
             return mixed[column % heads][row][column / heads];
         })},
        {"The heads stand below one another; they should stand side by side.",
         made(heads * rows, width,
              [&](std::size_t row, std::size_t column) {
                  return mixed[row / rows][row % rows][column];
              })},
        {"The heads are added to each other; they should stand side by side.", narrow(sum)},
        {"The heads are averaged; they should stand side by side.",
         narrow([&](std::size_t row, std::size_t column) {
             return sum(row, column) / static_cast<double>(heads);
         })},
        {"Only head 0 is there; the others belong to its right.", mixed[0]},
        {"The last head comes first; head 0 owns the first columns.",
         wide([&](std::size_t row, std::size_t column) {
             return mixed[heads - 1 - column / width][row][column % width];
         })},
        {"Every head's columns hold what head 0 mixed; each head has its own.",
         wide([&](std::size_t row, std::size_t column) { return mixed[0][row][column % width]; })},
        {"Rows and columns of the result are exchanged; a row belongs to a token.",
         plain::transpose(right)},
        {"Every column of a head holds that head's first; the column counts within the head, too.",
         wide([&](std::size_t row, std::size_t column) { return mixed[column / width][row][0]; })},
    };
    if (support::same_shape(right, before)) {
        mistakes.push_back(
            {"All heads are written into the first columns, one over the other; head "
             "h begins at the column h times the head width.",
             wide([&](std::size_t row, std::size_t column) {
                 return column < width ? mixed[heads - 1][row][column] : before[row][column];
             })});
        // Head h begins at column h: what a later head leaves over can still be seen.
        mistakes.push_back({"Head h begins at column h, so it is written over most of the head "
                            "before; it should begin at the column h times the head width.",
                            wide([&](std::size_t row, std::size_t column) {
                                const std::size_t head = std::min(column, heads - 1);
                                return column - head < width ? mixed[head][row][column - head]
                                                             : before[row][column];
                            })});
        mistakes.push_back({"The last head is missing; its columns hold what stood there before.",
                            wide([&](std::size_t row, std::size_t column) {
                                return column < (heads - 1) * width ? right[row][column]
                                                                    : before[row][column];
                            })});
    }
    return joined(joined(mistakes, left_out(right, before)), added(right, before));
}

// What a linear layer has learned, as grids.
struct Layer {
    Grid weights, bias;
};
struct HeadLayers {
    Layer query, key, value;
};
struct HeadsLayers {
    std::vector<HeadLayers> heads;
    Layer output;
};

inline Layer layer_of(const whirlygig::LinearParameters& parameters) {
    return {support::to_grid(parameters.weights), support::to_grid(parameters.bias)};
}

inline HeadsLayers layers_of(const whirlygig::MultiHeadParameters& parameters) {
    HeadsLayers layers{{}, layer_of(parameters.output)};
    for (const whirlygig::HeadParameters& head : parameters.heads)
        layers.heads.push_back({layer_of(head.query), layer_of(head.key), layer_of(head.value)});
    return layers;
}

inline Grid through(const Layer& layer, const Grid& input) {
    return plain::linear(input, layer.weights, layer.bias);
}

// All heads, each part of them from a text of its own.
struct HeadsPlan {
    HeadsLayers layers;
    Grid queries_from, keys_from, values_from;
    bool causal;
};

inline Record carried_out(const HeadsPlan& plan) {
    Record record;
    Grid joined(plan.queries_from.size());
    for (std::size_t h = 0; h < plan.layers.heads.size(); ++h) {
        const HeadLayers& learned = plan.layers.heads[h];
        const std::string name = fmt::format("activations.heads[{}]", h);
        const plain::Head head = plain::attention(
            through(learned.query, plan.queries_from), through(learned.key, plan.keys_from),
            through(learned.value, plan.values_from), plan.causal);
        record[name + ".queries"] = head.queries;
        record[name + ".keys"] = head.keys;
        record[name + ".values"] = head.values;
        record[name + ".attention_weights"] = head.attention_weights;
        record[name + ".mixed"] = head.mixed;
        for (std::size_t row = 0; row < joined.size(); ++row)
            joined[row].insert(joined[row].end(), head.mixed[row].begin(), head.mixed[row].end());
    }
    record["activations.joined"] = joined;
    record["activations.output"] = through(plan.layers.output, joined);
    return record;
}

struct HeadsExample {
    HeadsLayers layers;
    Grid query_input;
    Grid key_value_input; // of a text that goes on: the whole text
    std::size_t first_place;
    bool causal;
    Grid output_before;
};

inline HeadsPlan plan_of(const HeadsExample& example) {
    return {example.layers, example.query_input, example.key_value_input, example.key_value_input,
            example.causal};
}

template <class Change>
Record changed(HeadsPlan plan, Change change) {
    change(plan);
    return carried_out(plan);
}

// Parameters or results are mixed up.
inline RecordMistakes mixed_up(const HeadsExample& example) {
    const HeadsPlan plan = plan_of(example);
    const Record right = carried_out(plan);
    const auto with_layers = [&](auto change) {
        return changed(plan, [&](HeadsPlan& other) {
            for (HeadLayers& head : other.layers.heads)
                change(head);
        });
    };
    return {
        {"Every head uses the parameters of head 0; each head has its own.",
         with_layers([&](HeadLayers& head) { head = example.layers.heads[0]; })},
        {"The keys are made with the value weights and the values with the key weights; it should "
         "be the other way round.",
         with_layers([](HeadLayers& head) { std::swap(head.key, head.value); })},
        {"The queries are made with the key weights and the keys with the query weights; it should "
         "be the other way round.",
         with_layers([](HeadLayers& head) { std::swap(head.key, head.query); })},
        {"The keys are made with the query weights; they have weights of their own.",
         with_layers([](HeadLayers& head) { head.key = head.query; })},
        {"The values are made with the key weights; they have weights of their own.",
         with_layers([](HeadLayers& head) { head.value = head.key; })},
        {"The output is what the heads mixed, side by side; it should go through the output "
         "weights, too.",
         with(right, "activations.output", right.at("activations.joined"))},
        {"activations.output is not written: what was joined is still to be projected back.",
         with(right, "activations.output", example.output_before)},
        {"The bias of the output is forgotten; linear_forward adds it.",
         with(right, "activations.output",
              plain::product(right.at("activations.joined"), plan.layers.output.weights))},
    };
}

// The mask, the texts or the place are not those that the function is given.
inline RecordMistakes wrongly_given(const HeadsExample& example) {
    const HeadsPlan plan = plan_of(example);
    const std::size_t places = plan.keys_from.size(), looking = plan.queries_from.size();
    RecordMistakes mistakes;
    if (example.causal) {
        mistakes.push_back({"The heads look around without a mask; the mask that the function is "
                            "given should be passed on.",
                            changed(plan, [](HeadsPlan& other) { other.causal = false; })});
    } else if (places >= looking) {
        mistakes.push_back(
            {"The heads always look with the causal mask; the mask that the function "
             "is given should be passed on.",
             changed(plan, [](HeadsPlan& other) { other.causal = true; })});
    }
    if (example.first_place > 0) {
        const auto first = static_cast<std::ptrdiff_t>(example.first_place);
        const Grid tail(plan.keys_from.begin() + first, plan.keys_from.end());
        mistakes.push_back(
            {"When a text goes on, the keys and values of its earlier places are "
             "lost; project_below puts the new ones below them.",
             changed(plan, [&](HeadsPlan& other) { other.keys_from = other.values_from = tail; })});
    } else {
        mistakes.push_back({"Keys and values are made from query_input; they should be made from "
                            "key_value_input, the text that is looked at.",
                            changed(plan, [](HeadsPlan& other) {
                                other.keys_from = other.values_from = other.queries_from;
                            })});
        if (!example.causal || places >= looking)
            mistakes.push_back(
                {"The queries are made from key_value_input; they should be made "
                 "from query_input, the text that looks.",
                 changed(plan, [](HeadsPlan& other) { other.queries_from = other.keys_from; })});
    }
    if (places == looking) {
        mistakes.push_back(
            {"The values are made from query_input; they should be made from "
             "key_value_input, as the keys are.",
             changed(plan, [](HeadsPlan& other) { other.values_from = other.queries_from; })});
        mistakes.push_back(
            {"The keys are made from query_input; they should be made from "
             "key_value_input, as the values are.",
             changed(plan, [](HeadsPlan& other) { other.keys_from = other.queries_from; })});
    }
    return mistakes;
}

inline RecordMistakes multi_head_forward(const HeadsExample& example) {
    RecordMistakes mistakes = mixed_up(example);
    for (const support::RecordMistake& mistake : wrongly_given(example))
        mistakes.push_back(mistake);
    return mistakes;
}

} // namespace mistakes
