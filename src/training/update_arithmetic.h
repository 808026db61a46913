// How one step moved one number of one parameter: the optimiser's formulas with the real numbers
// put in, line by line.
#pragma once

#include "trace/expression.h"
#include "training/step_record.h"

#include <string>
#include <vector>

namespace whirlygig {

// What a line works out. Each optimiser needs some of them, in this order.
enum class UpdateRule {
    clip_factor,      // only when the gradient was too long
    gradient,         // as the optimiser gets it
    decay,            // AdamW, only for matrices
    velocity,         // momentum
    mean,             // Adam and AdamW, of the gradients
    mean_square,      // the same, of their squares
    corrected_mean,   // the same without the zeros that the means began with
    corrected_square, //
    stride,           // how far to go against the gradient
    new_value,
};

struct ArithmeticLine {
    UpdateRule rule = UpdateRule::gradient;
    std::string what;    // "mean gradient"
    std::string formula; // "beta1·mean + (1 − beta1)·gradient"
    Expression numbers;  // the same with numbers in the place of the names
    // What the step itself stored, wherever it stores this; otherwise the value of `numbers`. The
    // step computes with floats, so the two may differ in the seventh digit.
    double result = 0;
};

// "0.9·0.0123 + (1 − 0.9)·(−0.0042)"
std::string numbers_text(const ArithmeticLine& line, int digits = 4);

// One number of a parameter: of which one in the order of list_parameters, and which of its values.
struct NumberPlace {
    std::size_t parameter = 0, number = 0;
};

struct UpdateArithmetic {
    double before = 0, after = 0;      // the number before the step and after it
    std::vector<ArithmeticLine> lines; // the last one gives `after`
};

// Throws an Error when the model has no such number.
UpdateArithmetic update_arithmetic(const StepRecord& record, NumberPlace place);

} // namespace whirlygig
