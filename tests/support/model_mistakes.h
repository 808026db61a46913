// What is often done wrong in forward, and what comes out of it.
#pragma once

#include "support/plain_model.h"
#include "support/record_mistakes.h"

namespace mistakes {

using support::Grid;
using support::Record;
using support::RecordMistakes;
using support::with;

// A text of which the first tokens are known already; what is compared are the others.
struct PassExample {
    const whirlygig::Model& model;
    std::vector<int> ids; // the whole text
    std::size_t first_place;
};

// How a pass is put together. The default is right.
struct Pass {
    bool places_from_first_place = true;
    bool one_block_for_all = false;      // every block uses the parameters of block 0
    bool all_read_the_embedding = false; // every block reads the stream that enters block 0
    bool last_norm = true;
    bool last_norm_reads_the_embedding = false;
    bool token_table_gives_logits = false;
    bool softmax = true;
};

inline Record passed(const PassExample& e, const Pass& pass) {
    const whirlygig::Config& config = e.model.config;
    const plain::Named p = plain::by_name(e.model.parameters);
    const auto tail = [&](const Grid& grid) {
        return Grid(grid.begin() + static_cast<std::ptrdiff_t>(e.first_place), grid.end());
    };
    Record record;
    Grid stream;
    for (std::size_t row = 0; row < e.ids.size(); ++row) {
        const bool known = row < e.first_place;
        const std::size_t place = known || pass.places_from_first_place ? row : row - e.first_place;
        stream.push_back(p.at("embedding.token_table").at(static_cast<std::size_t>(e.ids[row])));
        for (std::size_t column = 0; column < config.width; ++column)
            stream[row][column] += p.at("embedding.position_table").at(place)[column];
    }
    const Grid embedded = stream;
    record["activations.embedding.sum"] = tail(embedded);
    plain::Named stages;
    for (std::size_t b = 0; b < config.layers; ++b) {
        const std::string block = fmt::format("block.{}", pass.one_block_for_all ? 0 : b);
        stream =
            plain::block(p, block, config, pass.all_read_the_embedding ? embedded : stream, stages);
        record[fmt::format("activations.blocks[{}].mlp_residual", b)] = tail(stream);
    }
    const Grid& last = pass.last_norm_reads_the_embedding ? embedded : stream;
    const Grid norm = pass.last_norm ? plain::norm(p, "final.norm", last, config.epsilon) : last;
    const bool tokens = config.tied || pass.token_table_gives_logits;
    const Grid& table = p.at(tokens ? "embedding.token_table" : "unembedding");
    const Grid logits = plain::product(norm, plain::transpose(table));
    record["activations.final_norm"] = tail(norm);
    record["activations.logits"] = tail(logits);
    record["activations.probabilities"] = tail(pass.softmax ? plain::softmax(logits) : logits);
    return record;
}

// `before` is what the record held before the call.
inline RecordMistakes forward(const PassExample& e, const Record& before) {
    const auto with_pass = [&](auto change) {
        Pass pass;
        change(pass);
        return passed(e, pass);
    };
    const Record right = passed(e, {});
    const Grid& norm_before = before.at("activations.final_norm");
    return {
        {"The places are counted from 0; a text that goes on is at first_place.",
         with_pass([](Pass& pass) { pass.places_from_first_place = false; })},
        {"Every block uses the parameters of block 0; each has its own.",
         with_pass([](Pass& pass) { pass.one_block_for_all = true; })},
        {"Every block reads the stream that enters block 0; it should read what the block before "
         "has left.",
         with_pass([](Pass& pass) { pass.all_read_the_embedding = true; })},
        {"The last norm is not applied: its result is a copy of the stream.",
         with_pass([](Pass& pass) { pass.last_norm = false; })},
        {"The last norm is left out: the logits are made from the stream as it is.",
         with(with_pass([](Pass& pass) { pass.last_norm = false; }), "activations.final_norm",
              norm_before)},
        {"The last norm is made, but the logits come from the stream as it is.",
         with(with_pass([](Pass& pass) { pass.last_norm = false; }), "activations.final_norm",
              right.at("activations.final_norm"))},
        {"The last norm reads the stream that enters block 0; it should read the one that leaves "
         "the last block.",
         with_pass([](Pass& pass) { pass.last_norm_reads_the_embedding = true; })},
        {"The logits are made with the token table; model.unembedding() says which table to use.",
         with_pass([](Pass& pass) { pass.token_table_gives_logits = true; })},
        {"The probabilities are a copy of the logits; they should go through the softmax.",
         with_pass([](Pass& pass) { pass.softmax = false; })},
        {"activations.probabilities is not written: the logits should go through the softmax.",
         with(right, "activations.probabilities", before.at("activations.probabilities"))},
    };
}

} // namespace mistakes
