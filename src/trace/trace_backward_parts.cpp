// The gradients that every part of the transformer has: by linear layers, layer norms and sums.
#include "left_out.h"
#include "trace/trace_backward.h"

namespace whirlygig {
namespace {

void push_norm_parameters(Trace& trace, const NormLayer& norm) {
    const Operand gradient_output = gradient_operand(norm.name, norm.gradient_output);
    push_parameter_gradient(
        trace, norm.name + ".gain", numbers_of(norm.gradient.gain),
        {.formula = "gradient by the norm times (x − mean) / spread, added up over the rows",
         .operation = Operation::gain_backward,
         .made_from = {gradient_output, norm.stream.operand()},
         .rows = Axis::single,
         .constant = norm.parameters.epsilon});
    push_parameter_gradient(trace, norm.name + ".shift", numbers_of(norm.gradient.shift),
                            {.formula = "the rows of the gradient by the norm, added up",
                             .operation = Operation::bias_backward,
                             .made_from = {gradient_output},
                             .rows = Axis::single});
}

} // namespace

Operand gradient_operand(const std::string& name, const Matrix& matrix) {
    return stage_operand("gradient." + name, matrix);
}

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

void push_way_into_stream(Trace& trace, const NormLayer& norm, Stage how, const Matrix& values,
                          const std::vector<Operand>& straight_on) {
    if (is_left_out(norm.parameters)) {
        how.made_from.insert(how.made_from.end(), straight_on.begin(), straight_on.end());
        if (!straight_on.empty()) how.formula = "the gradient straight on + " + how.formula;
        push_stage_gradient(trace, norm.stream.name, values, std::move(how));
        return;
    }
    push_stage_gradient(trace, norm.name, norm.gradient_output, std::move(how));
    std::vector<Operand> made_from{gradient_operand(norm.name, norm.gradient_output),
                                   norm.stream.operand(),
                                   parameter_operand(norm.name + ".gain", norm.parameters.gain)};
    made_from.insert(made_from.end(), straight_on.begin(), straight_on.end());
    push_stage_gradient(
        trace, norm.stream.name, values,
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

} // namespace whirlygig
