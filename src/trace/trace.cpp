#include "trace/trace.h"

#include "error.h"
#include "loss.h"
#include "parameters.h"
#include "text/edit_distance.h"
#include "trace/trace_stages.h"

namespace whirlygig {

Numbers numbers_of(const Matrix& matrix) {
    return {matrix.data().data(), matrix.size1(), matrix.size2()};
}

Numbers numbers_of(const Vector& vector) {
    return {vector.data().data(), 1, vector.size()};
}

Operand stage_operand(std::string name, const Matrix& matrix) {
    return {std::move(name), numbers_of(matrix), false};
}

Operand parameter_operand(std::string name, const Matrix& matrix) {
    return {std::move(name), numbers_of(matrix), true};
}

Operand parameter_operand(std::string name, const Vector& vector) {
    return {std::move(name), numbers_of(vector), true};
}

const Stage& Trace::stage(std::string_view name) const {
    for (const auto* stages : {&forward_stages, &backward_stages}) {
        for (const Stage& stage : *stages) {
            if (stage.name == name) return stage;
        }
    }
    fail("there is no stage \"{}\" in this pass", name);
}

std::unique_ptr<Trace> make_trace(std::shared_ptr<const Model> model, std::vector<int> ids,
                                  Passes passes) {
    const bool with_backward = passes == Passes::forward_and_backward;
    if (with_backward && ids.size() < 2) {
        fail("one token has no next token, so there is no loss and no backward pass; "
             "give a text of two tokens or more");
    }
    auto trace = std::make_unique<Trace>();
    trace->model = std::move(model);
    trace->ids = std::move(ids);
    Activations& activations = trace->activations;
    activations.ids = trace->ids;
    activations.targets = next_tokens(trace->ids);
    forward(*trace->model, activations);
    if (!activations.targets.empty()) forward_loss(activations);
    declare_forward_stages(*trace);
    if (with_backward) {
        const std::size_t targets = activations.targets.size();
        trace->gradients.loss = Matrix(targets, 1, Real(1) / static_cast<Real>(targets));
        trace->parameter_gradient = make_parameters(trace->model->config);
        backward(*trace->model, activations, trace->gradients, trace->parameter_gradient);
        declare_backward_stages(*trace);
    }
    return trace;
}

void forward_from(Trace& trace, std::string_view stage) {
    bool reached = false;
    for (const Stage& next : trace.forward_stages) {
        if (reached) next.compute();
        reached = reached || next.name == stage;
    }
    if (!reached) fail("there is no forward stage \"{}\" to go on from", stage);
}

std::size_t visible_places(const Trace& trace, std::size_t query) {
    return trace.model->config.is_causal() ? query + 1 : trace.ids.size();
}

double mean_loss(const Trace& trace) {
    const Matrix& loss = trace.activations.loss;
    double total = 0;
    for (std::size_t place = 0; place < loss.size1(); ++place)
        total += loss(place, 0);
    return total / static_cast<double>(loss.size1());
}

} // namespace whirlygig
