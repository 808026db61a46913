// The name of a stage taken apart: gradient.block.1.head.0.scores is the gradient of "scores" in
// head 0 of block 1.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace whirlygig {

struct StageName {
    bool gradient = false;
    std::optional<std::size_t> block = {}, head = {};
    std::string role; // what is left: "scores", "attention.output", "embedding.sum"
};

StageName parse_stage_name(std::string_view name);

// "gradient.logits" is the gradient by "logits", the gradient by "unembedding" one by a parameter.
bool is_gradient(std::string_view name);
std::string gradient_of(std::string_view name);           // "gradient.logits" for "logits"
std::string_view without_gradient(std::string_view name); // and back; other names stay as they are

// One of the four T×T stages of a head, in which a row looks at a column, or its gradient.
bool is_attention_map(const StageName& name);

// True where a row no longer stands for its token alone: from block 1 on.
bool rows_are_mixed(const StageName& name);

} // namespace whirlygig
