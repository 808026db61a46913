// The forward stages in the order in which they are computed. Each says what it is made from, and
// calls the function that makes it.
#include "error.h"
#include "left_out.h"
#include "loss.h"
#include "product.h"
#include "softmax.h"
#include "trace/trace_stages.h"

namespace whirlygig {
namespace {

void declare_embedding(Trace& trace) {
    EmbeddingActivations& a = trace.activations.embedding;
    const EmbeddingParameters& p = trace.model->parameters.embedding;
    const std::vector<int>& ids = trace.activations.ids;
    std::vector<int> places(ids.size());
    for (std::size_t place = 0; place < ids.size(); ++place)
        places[place] = static_cast<int>(place);
    trace.forward_stages.push_back(
        {.name = "embedding.tokens",
         .title = "Token embedding",
         .formula = "the token's row of the token table",
         .operation = Operation::lookup,
         .made_from = {parameter_operand("embedding.token_table", p.token_table)},
         .values = numbers_of(a.tokens),
         .ids = ids,
         .compute = [&] { look_up_tokens(ids, p.token_table, a.tokens); }});
    if (!p.has_positions) return;
    trace.forward_stages.push_back(
        {.name = "embedding.positions",
         .title = "Position embedding",
         .formula = "the place's row of the position table",
         .operation = Operation::lookup,
         .made_from = {parameter_operand("embedding.position_table", p.position_table)},
         .values = numbers_of(a.positions),
         .ids = places,
         .compute = [&] { look_up_positions(0, ids.size(), p.position_table, a.positions); }});
    trace.forward_stages.push_back(
        {.name = "embedding.sum",
         .title = "The residual stream starts",
         .formula = "token embedding + position embedding",
         .operation = Operation::sum,
         .made_from = {stage_operand("embedding.tokens", a.tokens),
                       stage_operand("embedding.positions", a.positions)},
         .values = numbers_of(a.sum),
         .compute = [&] { add(a.tokens, a.positions, a.sum); }});
}

void declare_logits(Trace& trace) {
    Activations& a = trace.activations;
    const Model& model = *trace.model;
    const Source from = final_input(trace);
    const bool has_norm = from.name == "final.norm";
    const std::string table = model.config.tied ? "embedding.token_table" : "unembedding";
    trace.forward_stages.push_back(
        {.name = "logits",
         .title = "Logits",
         .formula = fmt::format("{} · {}ᵀ", has_norm ? "final norm" : "stream",
                                model.config.tied ? "token table" : table),
         .operation = Operation::product_a_bt,
         .made_from = {from.operand(), parameter_operand(table, model.unembedding())},
         .columns = Axis::vocabulary,
         .values = numbers_of(a.logits),
         .compute = [&a, &model, &input = from.values] {
             product_a_bt(input, model.unembedding(), a.logits);
         }});
}

void declare_ending(Trace& trace) {
    Activations& a = trace.activations;
    const NormParameters& norm = trace.model->parameters.final_norm;
    const Source from = stream_into_block(trace, a.blocks.size());
    if (!is_left_out(norm)) {
        trace.forward_stages.push_back(
            norm_stage("final.norm", "The final layer norm", from.operand(), norm, a.final_norm,
                       [&norm, &a, &stream = from.values] {
                           layer_norm_forward(stream, norm, a.final_norm);
                       }));
    }
    declare_logits(trace);
    trace.forward_stages.push_back(
        {.name = "probabilities",
         .title = "Probabilities of the next token",
         .formula = "softmax of each row: exp of each, as a share of their sum",
         .operation = Operation::softmax,
         .made_from = {stage_operand("logits", a.logits)},
         .columns = Axis::vocabulary,
         .values = numbers_of(a.probabilities),
         .compute = [&] { softmax_forward(a.logits, a.probabilities); }});
    if (a.targets.empty()) return;
    trace.forward_stages.push_back({.name = "loss",
                                    .title = "Loss: the surprise at the real next token",
                                    .formula = "−log of the probability of the next token",
                                    .operation = Operation::cross_entropy,
                                    .made_from = {stage_operand("probabilities", a.probabilities)},
                                    .columns = Axis::single,
                                    .values = numbers_of(a.loss),
                                    .ids = a.targets,
                                    .compute = [&] { forward_loss(a); }});
}

} // namespace

std::string block_name(std::size_t b, std::string_view rest) {
    return fmt::format("block.{}.{}", b, rest);
}

std::string stream_name(const Config& config, std::size_t b) {
    if (b == 0) return config.without == Without::positions ? "embedding.tokens" : "embedding.sum";
    if (config.without == Without::mlp) return block_name(b - 1, "attention.residual");
    return block_name(b - 1, config.without == Without::residual ? "mlp.output" : "mlp.residual");
}

Source stream_into_block(const Trace& trace, std::size_t b) {
    const Without without = trace.model->config.without;
    const Activations& a = trace.activations;
    std::string name = stream_name(trace.model->config, b);
    if (b == 0) {
        const bool has_positions = without != Without::positions;
        return {std::move(name), has_positions ? a.embedding.sum : a.embedding.tokens};
    }
    const BlockActivations& block = a.blocks[b - 1];
    if (without == Without::mlp) return {std::move(name), block.attention_residual};
    const bool has_residual = without != Without::residual;
    return {std::move(name), has_residual ? block.mlp_residual : block.mlp.output};
}

Source stream_after_attention(const Trace& trace, std::size_t b) {
    const BlockActivations& block = trace.activations.blocks[b];
    if (trace.model->config.without == Without::residual)
        return {block_name(b, "attention.output"), block.attention.output};
    return {block_name(b, "attention.residual"), block.attention_residual};
}

Source attention_input(const Trace& trace, std::size_t b) {
    if (is_left_out(trace.model->parameters.blocks[b].attention_norm))
        return stream_into_block(trace, b);
    return {block_name(b, "attention.norm"), trace.activations.blocks[b].attention_norm};
}

Source mlp_input(const Trace& trace, std::size_t b) {
    if (is_left_out(trace.model->parameters.blocks[b].mlp_norm))
        return stream_after_attention(trace, b);
    return {block_name(b, "mlp.norm"), trace.activations.blocks[b].mlp_norm};
}

Source final_input(const Trace& trace) {
    if (is_left_out(trace.model->parameters.final_norm))
        return stream_into_block(trace, trace.activations.blocks.size());
    return {"final.norm", trace.activations.final_norm};
}

Stage norm_stage(const std::string& name, const std::string& title, const Operand& from,
                 const NormParameters& p, Matrix& output, std::function<void()> compute) {
    return {.name = name,
            .title = title,
            .formula = "(x − mean) / spread · gain + shift, row by row",
            .operation = Operation::normalise,
            .made_from = {from, parameter_operand(name + ".gain", p.gain),
                          parameter_operand(name + ".shift", p.shift)},
            .values = numbers_of(output),
            .constant = p.epsilon,
            .compute = std::move(compute)};
}

void declare_forward_stages(Trace& trace) {
    declare_embedding(trace);
    for (std::size_t b = 0; b < trace.activations.blocks.size(); ++b) {
        declare_block_stages(trace, b);
    }
    declare_ending(trace);
}

} // namespace whirlygig
