// The backward stages of attention: from its output back to the norm that it read.
#include "error.h"
#include "trace/trace_backward.h"

namespace whirlygig {
namespace {

// From the mixed values back to the masked scores and on to the scores.
void declare_gradients_of_maps(Trace& trace, const std::string& name, const HeadActivations& a,
                               const HeadActivations& g) {
    const Operand gradient_mixed = gradient_operand(name + "mixed", g.mixed);
    push_stage_gradient(trace, name + "attention_weights", g.attention_weights,
                        {.formula = "gradient by mixed · valuesᵀ",
                         .operation = Operation::product_a_bt,
                         .made_from = {gradient_mixed, stage_operand(name + "values", a.values)}});
    push_stage_gradient(
        trace, name + "values", g.values,
        {.formula = "attention weightsᵀ · gradient by mixed",
         .operation = Operation::weights_backward,
         .made_from = {stage_operand(name + "attention_weights", a.attention_weights),
                       gradient_mixed}});
    const Config& config = trace.model->config;
    const bool causal = config.is_causal(), has_scale = config.without != Without::scale;
    push_stage_gradient(
        trace, name + (causal ? "masked" : "scaled"), causal ? g.masked : g.scaled,
        {.formula = "attention weight · (its gradient − the row's weighted average gradient)",
         .operation = Operation::softmax_backward,
         .made_from = {gradient_operand(name + "attention_weights", g.attention_weights),
                       stage_operand(name + "attention_weights", a.attention_weights)}});
    if (causal)
        push_stage_gradient(trace, name + (has_scale ? "scaled" : "scores"),
                            has_scale ? g.scaled : g.scores,
                            {.formula = "as it comes in, but 0 where the mask fell",
                             .operation = Operation::mask_backward,
                             .made_from = {gradient_operand(name + "masked", g.masked)}});
    if (has_scale)
        push_stage_gradient(trace, name + "scores", g.scores,
                            {.formula = "gradient by scaled / √D",
                             .operation = Operation::scale,
                             .made_from = {gradient_operand(name + "scaled", g.scaled)},
                             .constant = static_cast<double>(a.queries.size2())});
}

void declare_head_gradients(Trace& trace, std::size_t b, std::size_t h) {
    const HeadActivations& a = trace.activations.blocks[b].attention.heads[h];
    const HeadActivations& g = trace.gradients.blocks[b].attention.heads[h];
    const HeadParameters& gradient = trace.parameter_gradient.blocks[b].attention.heads[h];
    const std::string name = fmt::format("block.{}.head.{}.", b, h);
    push_stage_gradient(
        trace, name + "mixed", g.mixed,
        {.formula = "the head's own columns of the gradient by joined",
         .operation = Operation::split,
         .made_from = {gradient_operand(block_name(b, "attention.joined"),
                                        trace.gradients.blocks[b].attention.joined)},
         .offset = h * a.queries.size2()});
    declare_gradients_of_maps(trace, name, a, g);
    const Operand gradient_scores = gradient_operand(name + "scores", g.scores);
    push_stage_gradient(trace, name + "queries", g.queries,
                        {.formula = "gradient by the scores · keys",
                         .operation = Operation::product,
                         .made_from = {gradient_scores, stage_operand(name + "keys", a.keys)}});
    push_stage_gradient(
        trace, name + "keys", g.keys,
        {.formula = "gradient by the scoresᵀ · queries",
         .operation = Operation::weights_backward,
         .made_from = {gradient_scores, stage_operand(name + "queries", a.queries)}});
    const Operand input = attention_input(trace, b).operand();
    push_linear_parameters(trace,
                           {name + "query", input, gradient_operand(name + "queries", g.queries),
                            gradient.query, Axis::width, Axis::head_width});
    push_linear_parameters(trace, {name + "key", input, gradient_operand(name + "keys", g.keys),
                                   gradient.key, Axis::width, Axis::head_width});
    push_linear_parameters(trace,
                           {name + "value", input, gradient_operand(name + "values", g.values),
                            gradient.value, Axis::width, Axis::head_width});
}

// The pairs (gradient, weights) by which the norm before attention gets its gradient.
std::vector<Operand> ways_into_attention(const Trace& trace, std::size_t b) {
    std::vector<Operand> pairs;
    for (std::size_t h = 0; h < trace.model->config.heads; ++h) {
        const HeadActivations& g = trace.gradients.blocks[b].attention.heads[h];
        const HeadParameters& p = trace.model->parameters.blocks[b].attention.heads[h];
        const std::string name = fmt::format("block.{}.head.{}.", b, h);
        pairs.push_back(gradient_operand(name + "queries", g.queries));
        pairs.push_back(parameter_operand(name + "query_weights", p.query.weights));
        pairs.push_back(gradient_operand(name + "keys", g.keys));
        pairs.push_back(parameter_operand(name + "key_weights", p.key.weights));
        pairs.push_back(gradient_operand(name + "values", g.values));
        pairs.push_back(parameter_operand(name + "value_weights", p.value.weights));
    }
    return pairs;
}

} // namespace

void declare_attention_gradients(Trace& trace, std::size_t b) {
    const BlockActivations& a = trace.activations.blocks[b];
    const BlockActivations& g = trace.gradients.blocks[b];
    const BlockParameters& p = trace.model->parameters.blocks[b];
    const BlockParameters& gradient = trace.parameter_gradient.blocks[b];
    const std::string name = block_name(b, "attention.");
    std::vector<Operand> straight_on;
    if (p.has_residual) {
        push_copy(trace, name + "output", g.attention.output, name + "residual",
                  g.attention_residual);
        straight_on = {gradient_operand(name + "residual", g.attention_residual)};
    }
    const Operand gradient_output = gradient_operand(name + "output", g.attention.output);
    push_linear_parameters(trace,
                           {name + "output", stage_operand(name + "joined", a.attention.joined),
                            gradient_output, gradient.attention.output, Axis::width, Axis::width});
    push_stage_gradient(
        trace, name + "joined", g.attention.joined,
        {.formula = "gradient by the output · output weightsᵀ",
         .operation = Operation::linear_backward,
         .made_from = {gradient_output,
                       parameter_operand(name + "output_weights", p.attention.output.weights)}});
    for (std::size_t h = 0; h < a.attention.heads.size(); ++h)
        declare_head_gradients(trace, b, h);
    push_way_into_stream(trace,
                         {name + "norm", stream_into_block(trace, b), p.attention_norm,
                          g.attention_norm, gradient.attention_norm},
                         {.formula = "gradients by queries, keys and values of every head, each · "
                                     "its weightsᵀ, added up",
                          .operation = Operation::linear_backward,
                          .made_from = ways_into_attention(trace, b)},
                         trace.gradients.stream(b), straight_on);
}

} // namespace whirlygig
