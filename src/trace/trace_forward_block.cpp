// The forward stages of one block: attention, head by head, and the MLP.
#include "error.h"
#include "gelu.h"
#include "left_out.h"
#include "softmax.h"
#include "trace/trace_stages.h"

namespace whirlygig {
namespace {

std::string head_name(std::size_t b, std::size_t h, std::string_view rest) {
    return fmt::format("block.{}.head.{}.{}", b, h, rest);
}

// A linear layer of the stage `from`; its parameters are called name_weights and name_bias.
Stage linear_stage(const std::string& parameter_name, const Operand& from,
                   const LinearParameters& p, const Matrix& output) {
    return {.operation = Operation::linear,
            .made_from = {from, parameter_operand(parameter_name + "_weights", p.weights),
                          parameter_operand(parameter_name + "_bias", p.bias)},
            .values = numbers_of(output)};
}

// What a formula calls the input of attention or the MLP.
const char* word_of(const Source& input) {
    return input.name.ends_with(".norm") ? "norm" : "stream";
}

void declare_projection(Trace& trace, std::size_t b, std::size_t h, const std::string& one,
                        const std::string& many, const LinearParameters& p, Matrix& output) {
    const Source from = attention_input(trace, b);
    Stage stage = linear_stage(head_name(b, h, one), from.operand(), p, output);
    stage.name = head_name(b, h, many);
    stage.title = fmt::format("Block {}, head {}: {}", b, h, many);
    stage.formula = fmt::format("{0} · {1} weights + {1} bias", word_of(from), one);
    stage.columns = Axis::head_width;
    stage.compute = [&p, &output, &input = from.values] { linear_forward(input, p, output); };
    trace.forward_stages.push_back(std::move(stage));
}

// A T×T stage of one head that is made from one other stage.
void declare_map(Trace& trace, std::size_t b, std::size_t h, Stage stage) {
    stage.title = fmt::format("Block {}, head {}: {}", b, h, stage.title);
    stage.name = head_name(b, h, stage.name);
    stage.columns = Axis::tokens;
    trace.forward_stages.push_back(std::move(stage));
}

void declare_scale(Trace& trace, std::size_t b, std::size_t h) {
    HeadActivations& a = trace.activations.blocks[b].attention.heads[h];
    const std::size_t head_width = a.queries.size2();
    declare_map(trace, b, h,
                {.name = "scaled",
                 .title = "scaled scores",
                 .formula = "scores / √D",
                 .operation = Operation::scale,
                 .made_from = {stage_operand(head_name(b, h, "scores"), a.scores)},
                 .values = numbers_of(a.scaled),
                 .constant = static_cast<double>(head_width),
                 .compute = [&, head_width] { scale_scores(a.scores, head_width, a.scaled); }});
}

void declare_mask(Trace& trace, std::size_t b, std::size_t h) {
    HeadActivations& a = trace.activations.blocks[b].attention.heads[h];
    const bool has_scale = trace.model->config.without != Without::scale;
    const std::string from = has_scale ? "scaled" : "scores";
    const Matrix& scores = has_scale ? a.scaled : a.scores;
    declare_map(trace, b, h,
                {.name = "masked",
                 .title = "masked scores",
                 .formula = from + ", but −∞ where the key comes after the query",
                 .operation = Operation::mask,
                 .made_from = {stage_operand(head_name(b, h, from), scores)},
                 .values = numbers_of(a.masked),
                 .compute = [&] { causal_mask_forward(scores, a.masked); }});
}

void declare_head_maps(Trace& trace, std::size_t b, std::size_t h) {
    HeadActivations& a = trace.activations.blocks[b].attention.heads[h];
    declare_map(trace, b, h,
                {.name = "scores",
                 .title = "scores",
                 .formula = "queries · keysᵀ: each query meets each key",
                 .operation = Operation::product_a_bt,
                 .made_from = {stage_operand(head_name(b, h, "queries"), a.queries),
                               stage_operand(head_name(b, h, "keys"), a.keys)},
                 .values = numbers_of(a.scores),
                 .compute = [&] { attention_scores(a.queries, a.keys, a.scores); }});
    if (trace.model->config.without != Without::scale) declare_scale(trace, b, h);
    const bool causal = trace.model->config.is_causal();
    const Matrix& allowed = causal ? a.masked : a.scaled;
    if (causal) declare_mask(trace, b, h);
    declare_map(
        trace, b, h,
        {.name = "attention_weights",
         .title = "attention weights (row looks at column)",
         .formula = "softmax of each row: exp of each, as a share of their sum",
         .operation = Operation::softmax,
         .made_from = {stage_operand(head_name(b, h, causal ? "masked" : "scaled"), allowed)},
         .values = numbers_of(a.attention_weights),
         .compute = [&] { softmax_forward(allowed, a.attention_weights); }});
}

void declare_head(Trace& trace, std::size_t b, std::size_t h) {
    HeadActivations& a = trace.activations.blocks[b].attention.heads[h];
    const HeadParameters& p = trace.model->parameters.blocks[b].attention.heads[h];
    declare_projection(trace, b, h, "query", "queries", p.query, a.queries);
    declare_projection(trace, b, h, "key", "keys", p.key, a.keys);
    declare_projection(trace, b, h, "value", "values", p.value, a.values);
    declare_head_maps(trace, b, h);
    trace.forward_stages.push_back(
        {.name = head_name(b, h, "mixed"),
         .title = fmt::format("Block {}, head {}: mixed values", b, h),
         .formula = "attention weights · values",
         .operation = Operation::product,
         .made_from = {stage_operand(head_name(b, h, "attention_weights"), a.attention_weights),
                       stage_operand(head_name(b, h, "values"), a.values)},
         .columns = Axis::head_width,
         .values = numbers_of(a.mixed),
         .compute = [&] { mix_values(a.attention_weights, a.values, a.mixed); }});
}

// What the part found is added to the stream, where a model has such a stream.
void declare_residual(Trace& trace, std::size_t b, const std::string& part, const Source& stream,
                      const Matrix& output, Matrix& residual) {
    if (!trace.model->parameters.blocks[b].has_residual) return;
    const std::string name = block_name(b, part);
    trace.forward_stages.push_back(
        {.name = name + ".residual",
         .title = fmt::format("Block {}: the stream after {}", b,
                              part == "mlp" ? "the MLP" : "attention"),
         .formula = "stream + output",
         .operation = Operation::sum,
         .made_from = {stream.operand(), stage_operand(name + ".output", output)},
         .values = numbers_of(residual),
         .compute = [&before = stream.values, &output, &residual] {
             add(before, output, residual);
         }});
}

void declare_attention(Trace& trace, std::size_t b) {
    BlockActivations& a = trace.activations.blocks[b];
    const BlockParameters& p = trace.model->parameters.blocks[b];
    const Source from = stream_into_block(trace, b);
    if (!is_left_out(p.attention_norm)) {
        trace.forward_stages.push_back(
            norm_stage(block_name(b, "attention.norm"),
                       fmt::format("Block {}: layer norm before attention", b), from.operand(),
                       p.attention_norm, a.attention_norm, [&a, &p, &stream = from.values] {
                           layer_norm_forward(stream, p.attention_norm, a.attention_norm);
                       }));
    }
    Stage join{.name = block_name(b, "attention.joined"),
               .title = fmt::format("Block {}: the heads joined", b),
               .formula = "the heads' mixed values side by side",
               .operation = Operation::join,
               .made_from = {},
               .values = numbers_of(a.attention.joined),
               .compute = [&] { join_heads(a.attention.heads, a.attention.joined); }};
    for (std::size_t h = 0; h < a.attention.heads.size(); ++h) {
        declare_head(trace, b, h);
        join.made_from.push_back(
            stage_operand(head_name(b, h, "mixed"), a.attention.heads[h].mixed));
    }
    trace.forward_stages.push_back(std::move(join));
    Stage output =
        linear_stage(block_name(b, "attention.output"),
                     stage_operand(block_name(b, "attention.joined"), a.attention.joined),
                     p.attention.output, a.attention.output);
    output.name = block_name(b, "attention.output");
    output.title = fmt::format("Block {}: attention's output", b);
    output.formula = "joined · output weights + output bias";
    output.compute = [&] {
        linear_forward(a.attention.joined, p.attention.output, a.attention.output);
    };
    trace.forward_stages.push_back(std::move(output));
    declare_residual(trace, b, "attention", from, a.attention.output, a.attention_residual);
}

void declare_mlp(Trace& trace, std::size_t b) {
    BlockActivations& a = trace.activations.blocks[b];
    const BlockParameters& p = trace.model->parameters.blocks[b];
    if (is_left_out(p.mlp)) return;
    const Source stream = stream_after_attention(trace, b);
    if (!is_left_out(p.mlp_norm)) {
        trace.forward_stages.push_back(norm_stage(
            block_name(b, "mlp.norm"), fmt::format("Block {}: layer norm before the MLP", b),
            stream.operand(), p.mlp_norm, a.mlp_norm, [&a, &p, &before = stream.values] {
                layer_norm_forward(before, p.mlp_norm, a.mlp_norm);
            }));
    }
    const Source from = mlp_input(trace, b);
    Stage hidden = linear_stage(block_name(b, "mlp.up"), from.operand(), p.mlp.up, a.mlp.hidden);
    hidden.name = block_name(b, "mlp.hidden");
    hidden.title = fmt::format("Block {}: the MLP's hidden numbers", b);
    hidden.formula = fmt::format("{} · up weights + up bias", word_of(from));
    hidden.columns = Axis::hidden;
    hidden.compute = [&a, &p, &input = from.values] {
        linear_forward(input, p.mlp.up, a.mlp.hidden);
    };
    trace.forward_stages.push_back(std::move(hidden));
    trace.forward_stages.push_back(
        {.name = block_name(b, "mlp.activated"),
         .title = fmt::format("Block {}: GELU", b),
         .formula = "x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³)))",
         .operation = Operation::gelu,
         .made_from = {stage_operand(block_name(b, "mlp.hidden"), a.mlp.hidden)},
         .columns = Axis::hidden,
         .values = numbers_of(a.mlp.activated),
         .compute = [&] { gelu_forward(a.mlp.hidden, a.mlp.activated); }});
    Stage output = linear_stage(block_name(b, "mlp.down"),
                                stage_operand(block_name(b, "mlp.activated"), a.mlp.activated),
                                p.mlp.down, a.mlp.output);
    output.name = block_name(b, "mlp.output");
    output.title = fmt::format("Block {}: the MLP's output", b);
    output.formula = "activated · down weights + down bias";
    output.compute = [&] { linear_forward(a.mlp.activated, p.mlp.down, a.mlp.output); };
    trace.forward_stages.push_back(std::move(output));
    declare_residual(trace, b, "mlp", stream, a.mlp.output, a.mlp_residual);
}

} // namespace

void declare_block_stages(Trace& trace, std::size_t b) {
    declare_attention(trace, b);
    declare_mlp(trace, b);
}

} // namespace whirlygig
