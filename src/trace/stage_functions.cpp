#include "trace/stage_functions.h"

namespace whirlygig {
namespace {

std::string_view forward_function(const Stage& stage) {
    switch (stage.operation) {
    case Operation::lookup:
        return stage.name == "embedding.tokens" ? "look_up_tokens" : "look_up_positions";
    case Operation::sum:
        return "add";
    case Operation::linear:
        return "linear_forward";
    case Operation::product:
        return "mix_values";
    case Operation::product_a_bt:
        return stage.name == "logits" ? "product_a_bt" : "attention_scores";
    case Operation::scale:
        return "scale_scores";
    case Operation::mask:
        return "causal_mask_forward";
    case Operation::softmax:
        return "softmax_forward";
    case Operation::normalise:
        return "layer_norm_forward";
    case Operation::gelu:
        return "gelu_forward";
    case Operation::join:
        return "join_heads";
    case Operation::cross_entropy:
        return "cross_entropy_forward";
    default:
        return "";
    }
}

// A product of the way back belongs to the function whose forward line it undoes.
std::string_view product_backward_function(const Stage& stage) {
    const std::string_view from = stage.made_from[0].name;
    const bool weights = stage.operation == Operation::weights_backward;
    const std::string_view gradient = weights ? stage.made_from[1].name : from;
    if (gradient.ends_with(".scores")) return "attention_scores_backward";
    if (gradient.ends_with(".mixed")) return "mix_values_backward";
    if (gradient == "gradient.logits") return "backward";
    return weights ? "linear_parameters_backward" : "linear_backward";
}

std::string_view backward_function(const Stage& stage) {
    switch (stage.operation) {
    case Operation::product:
    case Operation::product_a_bt:
    case Operation::weights_backward:
        return product_backward_function(stage);
    case Operation::bias_backward:
        return stage.name.ends_with(".shift") ? "layer_norm_backward"
                                              : "linear_parameters_backward";
    case Operation::cross_entropy_backward:
        return "cross_entropy_backward";
    case Operation::softmax_cross_entropy_backward:
        return "softmax_cross_entropy_backward";
    case Operation::normalise_backward:
    case Operation::gain_backward:
        return "layer_norm_backward";
    case Operation::gelu_backward:
        return "gelu_backward";
    case Operation::split:
        return "join_heads_backward";
    case Operation::softmax_backward:
        return "softmax_backward";
    case Operation::mask_backward:
        return "causal_mask_backward";
    case Operation::scale:
        return "scale_scores_backward";
    case Operation::linear_backward:
        return "linear_backward";
    case Operation::lookup_backward:
    case Operation::tied_table_backward:
        return "embedding_backward";
    default:
        return "";
    }
}

} // namespace

std::string_view function_of(const Stage& stage) {
    return stage.name.starts_with("gradient.") ? backward_function(stage) : forward_function(stage);
}

} // namespace whirlygig
