// The backward stages in the order in which they are computed: the forward stages in reverse, and
// after each one the gradients by the parameters that it used.
#include "trace/trace_backward.h"
#include "error.h"
#include "left_out.h"

namespace whirlygig {
namespace {

void declare_loss(Trace& trace) {
    const Activations& a = trace.activations;
    const Activations& g = trace.gradients;
    push_stage_gradient(trace, "loss", g.loss,
                        {.formula = "1 / number of losses: each counts evenly in their mean",
                         .operation = Operation::mean_share});
    push_stage_gradient(trace, "probabilities", g.probabilities,
                        {.formula = "−gradient by the loss / probability, at the next token only",
                         .operation = Operation::cross_entropy_backward,
                         .made_from = {gradient_operand("loss", g.loss),
                                       stage_operand("probabilities", a.probabilities)},
                         .ids = a.targets});
    push_stage_gradient(trace, "logits", g.logits,
                        {.formula = "(probability − 1 at the next token) · gradient by the loss",
                         .operation = Operation::softmax_cross_entropy_backward,
                         .made_from = {gradient_operand("loss", g.loss),
                                       stage_operand("probabilities", a.probabilities)},
                         .ids = a.targets});
}

const char* word_of_final(const Source& input) {
    return input.name == "final.norm" ? "final norm" : "stream";
}

void declare_unembedding(Trace& trace) {
    const Activations& a = trace.activations;
    const Activations& g = trace.gradients;
    const Model& model = *trace.model;
    const Operand gradient_logits = gradient_operand("logits", g.logits);
    const std::string table = model.config.tied ? "embedding.token_table" : "unembedding";
    const Source input = final_input(trace);
    if (!model.config.tied) {
        push_parameter_gradient(
            trace, table, numbers_of(trace.parameter_gradient.unembedding),
            {.formula = fmt::format("gradient by the logitsᵀ · {}", word_of_final(input)),
             .operation = Operation::weights_backward,
             .made_from = {gradient_logits, input.operand()},
             .rows = Axis::vocabulary});
    }
    const std::size_t layers = a.blocks.size();
    push_way_into_stream(
        trace,
        {"final.norm", stream_into_block(trace, layers), model.parameters.final_norm, g.final_norm,
         trace.parameter_gradient.final_norm},
        {.formula = "gradient by the logits · unembedding",
         .operation = Operation::product,
         .made_from = {gradient_logits, parameter_operand(table, model.unembedding())}},
        g.stream(layers), {});
}

void declare_mlp_gradients(Trace& trace, std::size_t b) {
    const BlockActivations& a = trace.activations.blocks[b];
    const BlockActivations& g = trace.gradients.blocks[b];
    const BlockParameters& p = trace.model->parameters.blocks[b];
    const BlockParameters& gradient = trace.parameter_gradient.blocks[b];
    const std::string name = block_name(b, "mlp.");
    if (is_left_out(p.mlp)) return;
    if (p.has_residual)
        push_copy(trace, name + "output", g.mlp.output, name + "residual", g.mlp_residual);
    const Operand gradient_output = gradient_operand(name + "output", g.mlp.output);
    push_linear_parameters(trace,
                           {name + "down", stage_operand(name + "activated", a.mlp.activated),
                            gradient_output, gradient.mlp.down, Axis::hidden, Axis::width});
    push_stage_gradient(trace, name + "activated", g.mlp.activated,
                        {.formula = "gradient by the output · down weightsᵀ",
                         .operation = Operation::linear_backward,
                         .made_from = {gradient_output, parameter_operand(name + "down_weights",
                                                                          p.mlp.down.weights)}});
    push_stage_gradient(trace, name + "hidden", g.mlp.hidden,
                        {.formula = "gradient by activated · the slope of GELU at x",
                         .operation = Operation::gelu_backward,
                         .made_from = {gradient_operand(name + "activated", g.mlp.activated),
                                       stage_operand(name + "hidden", a.mlp.hidden)}});
    const Operand gradient_hidden = gradient_operand(name + "hidden", g.mlp.hidden);
    push_linear_parameters(trace, {name + "up", mlp_input(trace, b).operand(), gradient_hidden,
                                   gradient.mlp.up, Axis::width, Axis::hidden});
    std::vector<Operand> straight_on;
    if (p.has_residual) straight_on = {gradient_operand(name + "residual", g.mlp_residual)};
    push_way_into_stream(
        trace,
        {name + "norm", stream_after_attention(trace, b), p.mlp_norm, g.mlp_norm,
         gradient.mlp_norm},
        {.formula = "gradient by hidden · up weightsᵀ",
         .operation = Operation::linear_backward,
         .made_from = {gradient_hidden, parameter_operand(name + "up_weights", p.mlp.up.weights)}},
        g.attention_residual, straight_on);
}

void declare_embedding_gradients(Trace& trace) {
    const EmbeddingActivations& g = trace.gradients.embedding;
    const EmbeddingParameters& gradient = trace.parameter_gradient.embedding;
    const bool has_positions = gradient.has_positions;
    if (has_positions) {
        push_copy(trace, "embedding.tokens", g.tokens, "embedding.sum", g.sum);
        push_copy(trace, "embedding.positions", g.positions, "embedding.sum", g.sum);
    }
    Stage token_table{
        .formula = "each token's rows of the gradient, added up in its row",
        .operation = Operation::lookup_backward,
        .made_from = {gradient_operand("embedding.tokens", has_positions ? g.tokens : g.sum)},
        .rows = Axis::vocabulary,
        .ids = trace.ids};
    if (trace.model->config.tied) {
        const Source input = final_input(trace);
        token_table.formula += fmt::format(" + gradient by the logitsᵀ · {}", word_of_final(input));
        token_table.operation = Operation::tied_table_backward;
        token_table.made_from.push_back(gradient_operand("logits", trace.gradients.logits));
        token_table.made_from.push_back(input.operand());
    }
    push_parameter_gradient(trace, "embedding.token_table", numbers_of(gradient.token_table),
                            std::move(token_table));
    if (!has_positions) return;
    push_parameter_gradient(trace, "embedding.position_table", numbers_of(gradient.position_table),
                            {.formula = "each place's row of the gradient, 0 beyond the text",
                             .operation = Operation::lookup_backward,
                             .made_from = {gradient_operand("embedding.positions", g.positions)},
                             .rows = Axis::places,
                             .ids = trace.stage("embedding.positions").ids});
}

} // namespace

void declare_backward_stages(Trace& trace) {
    declare_loss(trace);
    declare_unembedding(trace);
    for (std::size_t b = trace.activations.blocks.size(); b-- > 0;) {
        declare_mlp_gradients(trace, b);
        declare_attention_gradients(trace, b);
    }
    declare_embedding_gradients(trace);
}

} // namespace whirlygig
