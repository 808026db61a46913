// A pass that goes as far as it can, for code that is still being written.
#include "error.h"
#include "loss.h"
#include "trace/trace_stages.h"

namespace whirlygig {
namespace {

Matrix zeros(std::size_t rows, std::size_t columns) {
    return Matrix(rows, columns, 0);
}

HeadActivations empty_head(const Config& config, std::size_t tokens) {
    const Matrix projected = zeros(tokens, config.head_width()), map = zeros(tokens, tokens);
    HeadActivations head{projected, projected, projected, map, map, map, map, projected};
    if (!config.is_causal()) head.masked = Matrix();
    if (config.without == Without::scale) head.scaled = Matrix();
    return head;
}

BlockActivations empty_block(const Config& config, std::size_t tokens) {
    const Matrix stream = zeros(tokens, config.width), hidden = zeros(tokens, config.hidden);
    BlockActivations block;
    block.attention_norm = block.attention_residual = block.mlp_norm = block.mlp_residual = stream;
    block.attention.heads.assign(config.heads, empty_head(config, tokens));
    block.attention.joined = block.attention.output = block.mlp.output = stream;
    block.mlp.hidden = block.mlp.activated = hidden;
    return block;
}

// All matrices of a forward pass in their shapes, so that its stages can be declared.
void give_shapes(Activations& activations, const Config& config) {
    const std::size_t tokens = activations.ids.size();
    const Matrix stream = zeros(tokens, config.width), logits = zeros(tokens, config.vocabulary);
    activations.embedding = {stream, stream, stream};
    activations.blocks.assign(config.layers, empty_block(config, tokens));
    activations.final_norm = stream;
    activations.logits = activations.probabilities = logits;
    activations.loss = zeros(activations.targets.size(), 1);
}

void check_text(const Config& config, const std::vector<int>& ids) {
    if (ids.size() > config.context)
        fail("the text has {} tokens but the model's context is {}: shorten the text", ids.size(),
             config.context);
    check_ids(ids, config.vocabulary);
}

// Computes the stage and returns what went wrong, if something did.
std::optional<std::string> try_stage(const Stage& stage) {
    try {
        stage.compute();
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "something that is no exception was thrown";
    }
    return std::nullopt;
}

// One stage after the other, until one can't be computed or has another shape than it should.
void compute_while_possible(Trace& trace) {
    for (std::size_t number = 0; number < trace.forward_stages.size(); ++number) {
        const Stage before = trace.forward_stages[number];
        std::optional<std::string> problem = try_stage(before);
        // A matrix may have moved to other memory, or have another shape.
        trace.forward_stages.clear();
        declare_forward_stages(trace);
        const Numbers& made = trace.forward_stages[number].values;
        const Numbers& expected = before.values;
        if (!problem && (made.rows != expected.rows || made.columns != expected.columns))
            problem = fmt::format("the result has the shape {} but should have the shape {}",
                                  shape_text(made.rows, made.columns),
                                  shape_text(expected.rows, expected.columns));
        if (!problem) continue;
        trace.stopped = StoppedPass{before.name, *problem};
        return;
    }
}

// What the stopped stage left behind is no result.
void forget_from_stop(Trace& trace) {
    give_shapes(trace.activations, trace.model->config);
    trace.forward_stages.clear();
    declare_forward_stages(trace);
    for (const Stage& stage : trace.forward_stages) {
        if (stage.name == trace.stopped->stage) return;
        stage.compute();
    }
}

} // namespace

std::unique_ptr<Trace> make_trace_while_possible(std::shared_ptr<const Model> model,
                                                 std::vector<int> ids, Passes passes) {
    check_text(model->config, ids);
    std::string sentence;
    try {
        return make_trace(model, ids, passes);
    } catch (const std::exception& error) {
        sentence = error.what();
    }
    auto trace = std::make_unique<Trace>();
    trace->model = std::move(model);
    trace->ids = std::move(ids);
    trace->activations.ids = trace->ids;
    trace->activations.targets = next_tokens(trace->ids);
    give_shapes(trace->activations, trace->model->config);
    declare_forward_stages(*trace);
    compute_while_possible(*trace);
    if (trace->stopped) {
        forget_from_stop(*trace);
    } else {
        trace->stopped = StoppedPass{"gradient", sentence}; // the way back could not be gone
    }
    return trace;
}

} // namespace whirlygig
