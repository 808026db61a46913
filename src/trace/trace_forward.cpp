// The forward stages in the order in which they are computed. Each says what it is made from, and
// calls the function that makes it.
#include "error.h"
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

void declare_ending(Trace& trace) {
    Activations& a = trace.activations;
    const Model& model = *trace.model;
    const std::size_t layers = a.blocks.size();
    const Matrix& stream = a.stream(layers);
    const std::string table = model.config.tied ? "embedding.token_table" : "unembedding";
    trace.forward_stages.push_back(
        norm_stage("final.norm", "The final layer norm", stage_operand(stream_name(layers), stream),
                   model.parameters.final_norm, a.final_norm,
                   [&] { layer_norm_forward(stream, model.parameters.final_norm, a.final_norm); }));
    trace.forward_stages.push_back(
        {.name = "logits",
         .title = "Logits",
         .formula = model.config.tied ? "final norm · token tableᵀ" : "final norm · unembeddingᵀ",
         .operation = Operation::product_a_bt,
         .made_from = {stage_operand("final.norm", a.final_norm),
                       parameter_operand(table, model.unembedding())},
         .columns = Axis::vocabulary,
         .values = numbers_of(a.logits),
         .compute = [&] { product_a_bt(a.final_norm, model.unembedding(), a.logits); }});
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

std::string stream_name(std::size_t b) {
    return b == 0 ? "embedding.sum" : block_name(b - 1, "mlp.residual");
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
