#include "stages/norm_steps.h"

#include <fmt/format.h>

namespace whirlygig {
namespace {

std::string text_of(double value) {
    return number_text(value, 4);
}

} // namespace

std::vector<NormStep> norm_steps_of(const Expression& expression, double stored) {
    const bool straight_on = expression.kind == Expression::Kind::sum;
    const Expression& through = straight_on ? expression.parts.at(1) : expression;
    const Expression& rest = through.parts.at(0);
    const Expression& spread = through.parts.at(1);
    const Expression& stretched = rest.parts.at(0);
    const Expression& mean_gradient = rest.parts.at(1).parts.at(0);
    const Expression& along = rest.parts.at(2).parts.at(0);
    const Expression& normalised = along.parts.at(0);
    const Expression& difference = normalised.parts.at(0);
    const Expression& mean_slope = along.parts.at(1);
    std::vector<NormStep> steps{
        {"g: gradient · gain",
         fmt::format("{} · {} = {}", text_of(stretched.parts.at(0).value),
                     in_brackets(stretched.parts.at(1).value), text_of(stretched.value))},
        {"n: (x − mean) / spread",
         fmt::format("({} − {}) / {} = {}", text_of(difference.parts.at(0).value),
                     in_brackets(difference.parts.at(1).parts.at(0).value), text_of(spread.value),
                     text_of(normalised.value))},
        {"mean gradient: the mean of g in the row", text_of(mean_gradient.value)},
        {"mean slope: the mean of g · n in the row", text_of(mean_slope.value)},
        {"(g − mean gradient − n · mean slope) / spread",
         fmt::format("({} − {} − {}) / {} = {}", text_of(stretched.value),
                     in_brackets(mean_gradient.value), in_brackets(along.value),
                     text_of(spread.value), text_of(straight_on ? through.value : stored))}};
    if (straight_on)
        steps.push_back(
            {"+ the gradient straight on",
             fmt::format("{} + {} = {}", text_of(through.value),
                         in_brackets(expression.parts.at(0).value), text_of(expression.value))});
    return steps;
}

} // namespace whirlygig
