// The backward stages in the order in which they are computed: the forward stages in reverse, and
// after each one the gradients by the parameters that it used.
#include "error.h"
#include "trace/trace_stages.h"

namespace whirlygig {
namespace {

std::string block_name(std::size_t b, std::string_view rest) {
    return fmt::format("block.{}.{}", b, rest);
}

std::string stream_name(std::size_t b) {
    return b == 0 ? "embedding.sum" : block_name(b - 1, "mlp.residual");
}

Operand gradient_operand(const std::string& name, const Matrix& matrix) {
    return stage_operand("gradient." + name, matrix);
}

// Adds the gradient by the forward stage `name`, which has that stage's rows and columns.
void push_stage_gradient(Trace& trace, const std::string& name, const Matrix& values, Stage how) {
    const Stage& forward = trace.stage(name);
    how.name = "gradient." + name;
    how.title = "Gradient by " + name;
    how.rows = forward.rows;
    how.columns = forward.columns;
    how.values = numbers_of(values);
    trace.backward_stages.push_back(std::move(how));
}

void push_parameter_gradient(Trace& trace, const std::string& name, Numbers values, Stage how) {
    how.name = "gradient." + name;
    how.title = "Gradient by the parameter " + name;
    how.values = values;
    trace.backward_stages.push_back(std::move(how));
}

// A linear layer by its name in the list of parameters: what went in, and what comes back.
struct LinearLayer {
    std::string name;
    Operand input;
    Operand gradient_output;
    const LinearParameters& gradient;
    Axis inputs, outputs;
};

void push_linear_parameters(Trace& trace, const LinearLayer& layer) {
    push_parameter_gradient(trace, layer.name + "_weights", numbers_of(layer.gradient.weights),
                            {.formula = "inputᵀ · gradient by the output",
                             .operation = Operation::weights_backward,
                             .made_from = {layer.input, layer.gradient_output},
                             .rows = layer.inputs,
                             .columns = layer.outputs});
    push_parameter_gradient(trace, layer.name + "_bias", numbers_of(layer.gradient.bias),
                            {.formula = "the rows of the gradient by the output, added up",
                             .operation = Operation::bias_backward,
                             .made_from = {layer.gradient_output},
                             .rows = Axis::single,
                             .columns = layer.outputs});
}

// A layer norm by its stage's name: the stream that it read, and what comes back.
struct NormLayer {
    std::string name;
    std::string stream;
    const Matrix& stream_values;
    const NormParameters& parameters;
    const Matrix& gradient_output;
    const NormParameters& gradient;
};

void push_norm_parameters(Trace& trace, const NormLayer& norm) {
    const Operand gradient_output = gradient_operand(norm.name, norm.gradient_output);
    push_parameter_gradient(
        trace, norm.name + ".gain", numbers_of(norm.gradient.gain),
        {.formula = "gradient by the norm times (x − mean) / spread, added up over the rows",
         .operation = Operation::gain_backward,
         .made_from = {gradient_output, stage_operand(norm.stream, norm.stream_values)},
         .rows = Axis::single,
         .constant = norm.parameters.epsilon});
    push_parameter_gradient(trace, norm.name + ".shift", numbers_of(norm.gradient.shift),
                            {.formula = "the rows of the gradient by the norm, added up",
                             .operation = Operation::bias_backward,
                             .made_from = {gradient_output},
                             .rows = Axis::single});
}

// The gradient by the stream that a norm read: what came back through the norm and, where the
// stream also went straight on, what came back from there.
void push_stream(Trace& trace, const NormLayer& norm, const Matrix& values,
                 const std::vector<Operand>& straight_on) {
    std::vector<Operand> made_from{gradient_operand(norm.name, norm.gradient_output),
                                   stage_operand(norm.stream, norm.stream_values),
                                   parameter_operand(norm.name + ".gain", norm.parameters.gain)};
    made_from.insert(made_from.end(), straight_on.begin(), straight_on.end());
    push_stage_gradient(
        trace, norm.stream, values,
        {.formula = straight_on.empty()
                        ? "back through the layer norm: the gradient less its mean and less its "
                          "part along x, over the spread"
                        : "the gradient straight on + the gradient back through the layer norm",
         .operation = Operation::normalise_backward,
         .made_from = std::move(made_from),
         .constant = norm.parameters.epsilon});
    push_norm_parameters(trace, norm);
}

void push_copy(Trace& trace, const std::string& name, const Matrix& values, const std::string& from,
               const Matrix& from_values) {
    push_stage_gradient(trace, name, values,
                        {.formula = "a sum hands its gradient on unchanged",
                         .operation = Operation::copy,
                         .made_from = {gradient_operand(from, from_values)}});
}

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

void declare_unembedding(Trace& trace) {
    const Activations& a = trace.activations;
    const Activations& g = trace.gradients;
    const Model& model = *trace.model;
    const Operand gradient_logits = gradient_operand("logits", g.logits);
    const std::string table = model.config.tied ? "embedding.token_table" : "unembedding";
    if (!model.config.tied) {
        push_parameter_gradient(
            trace, table, numbers_of(trace.parameter_gradient.unembedding),
            {.formula = "gradient by the logitsᵀ · final norm",
             .operation = Operation::weights_backward,
             .made_from = {gradient_logits, stage_operand("final.norm", a.final_norm)},
             .rows = Axis::vocabulary});
    }
    push_stage_gradient(
        trace, "final.norm", g.final_norm,
        {.formula = "gradient by the logits · unembedding",
         .operation = Operation::product,
         .made_from = {gradient_logits, parameter_operand(table, model.unembedding())}});
    const std::size_t layers = a.blocks.size();
    push_stream(trace,
                {"final.norm", stream_name(layers), a.stream(layers), model.parameters.final_norm,
                 g.final_norm, trace.parameter_gradient.final_norm},
                g.stream(layers), {});
}

void declare_mlp(Trace& trace, std::size_t b) {
    const BlockActivations& a = trace.activations.blocks[b];
    const BlockActivations& g = trace.gradients.blocks[b];
    const BlockParameters& p = trace.model->parameters.blocks[b];
    const BlockParameters& gradient = trace.parameter_gradient.blocks[b];
    const std::string name = block_name(b, "mlp.");
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
    push_linear_parameters(trace, {name + "up", stage_operand(name + "norm", a.mlp_norm),
                                   gradient_hidden, gradient.mlp.up, Axis::width, Axis::hidden});
    push_stage_gradient(
        trace, name + "norm", g.mlp_norm,
        {.formula = "gradient by hidden · up weightsᵀ",
         .operation = Operation::linear_backward,
         .made_from = {gradient_hidden, parameter_operand(name + "up_weights", p.mlp.up.weights)}});
    push_stream(trace,
                {name + "norm", block_name(b, "attention.residual"), a.attention_residual,
                 p.mlp_norm, g.mlp_norm, gradient.mlp_norm},
                g.attention_residual, {gradient_operand(name + "residual", g.mlp_residual)});
}

// From the mixed values back to the masked scores and on to the scores.
void declare_head_maps(Trace& trace, const std::string& name, const HeadActivations& a,
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
    push_stage_gradient(
        trace, name + "masked", g.masked,
        {.formula = "attention weight · (its gradient − the row's weighted average gradient)",
         .operation = Operation::softmax_backward,
         .made_from = {gradient_operand(name + "attention_weights", g.attention_weights),
                       stage_operand(name + "attention_weights", a.attention_weights)}});
    push_stage_gradient(trace, name + "scaled", g.scaled,
                        {.formula = "as it comes in, but 0 where the mask fell",
                         .operation = Operation::mask_backward,
                         .made_from = {gradient_operand(name + "masked", g.masked)}});
    push_stage_gradient(trace, name + "scores", g.scores,
                        {.formula = "gradient by scaled / √D",
                         .operation = Operation::scale,
                         .made_from = {gradient_operand(name + "scaled", g.scaled)},
                         .constant = static_cast<double>(a.queries.size2())});
}

void declare_head(Trace& trace, std::size_t b, std::size_t h) {
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
    declare_head_maps(trace, name, a, g);
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
    const Operand input =
        stage_operand(block_name(b, "attention.norm"), trace.activations.blocks[b].attention_norm);
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

void declare_attention(Trace& trace, std::size_t b) {
    const BlockActivations& a = trace.activations.blocks[b];
    const BlockActivations& g = trace.gradients.blocks[b];
    const BlockParameters& p = trace.model->parameters.blocks[b];
    const BlockParameters& gradient = trace.parameter_gradient.blocks[b];
    const std::string name = block_name(b, "attention.");
    push_copy(trace, name + "output", g.attention.output, name + "residual", g.attention_residual);
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
        declare_head(trace, b, h);
    push_stage_gradient(trace, name + "norm", g.attention_norm,
                        {.formula = "gradients by queries, keys and values of every head, each · "
                                    "its weightsᵀ, added up",
                         .operation = Operation::linear_backward,
                         .made_from = ways_into_attention(trace, b)});
    push_stream(trace,
                {name + "norm", stream_name(b), trace.activations.stream(b), p.attention_norm,
                 g.attention_norm, gradient.attention_norm},
                trace.gradients.stream(b),
                {gradient_operand(name + "residual", g.attention_residual)});
}

void declare_embedding(Trace& trace) {
    const EmbeddingActivations& g = trace.gradients.embedding;
    const EmbeddingParameters& gradient = trace.parameter_gradient.embedding;
    push_copy(trace, "embedding.tokens", g.tokens, "embedding.sum", g.sum);
    push_copy(trace, "embedding.positions", g.positions, "embedding.sum", g.sum);
    Stage token_table{.formula = "each token's rows of the gradient, added up in its row",
                      .operation = Operation::lookup_backward,
                      .made_from = {gradient_operand("embedding.tokens", g.tokens)},
                      .rows = Axis::vocabulary,
                      .ids = trace.ids};
    if (trace.model->config.tied) {
        token_table.formula += " + gradient by the logitsᵀ · final norm";
        token_table.operation = Operation::tied_table_backward;
        token_table.made_from.push_back(gradient_operand("logits", trace.gradients.logits));
        token_table.made_from.push_back(stage_operand("final.norm", trace.activations.final_norm));
    }
    push_parameter_gradient(trace, "embedding.token_table", numbers_of(gradient.token_table),
                            std::move(token_table));
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
        declare_mlp(trace, b);
        declare_attention(trace, b);
    }
    declare_embedding(trace);
}

} // namespace whirlygig
