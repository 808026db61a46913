#include "stages/norm_steps.h"

#include <fmt/format.h>

namespace whirlygig {

std::string norm_number(double value) {
    return number_text(value, 4);
}

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
         fmt::format("{} · {} = {}", norm_number(stretched.parts.at(0).value),
                     in_brackets(stretched.parts.at(1).value), norm_number(stretched.value))},
        {"n: (x − mean) / spread",
         fmt::format("({} − {}) / {} = {}", norm_number(difference.parts.at(0).value),
                     in_brackets(difference.parts.at(1).parts.at(0).value),
                     norm_number(spread.value), norm_number(normalised.value))},
        {"mean gradient: the mean of g in the row", norm_number(mean_gradient.value)},
        {"mean slope: the mean of g · n in the row", norm_number(mean_slope.value)},
        {"(g − mean gradient − n · mean slope) / spread",
         fmt::format("({} − {} − {}) / {} = {}", norm_number(stretched.value),
                     in_brackets(mean_gradient.value), in_brackets(along.value),
                     norm_number(spread.value),
                     norm_number(straight_on ? through.value : stored))}};
    if (straight_on)
        steps.push_back(
            {"+ the gradient straight on", fmt::format("{} + {} = {}", norm_number(through.value),
                                                       in_brackets(expression.parts.at(0).value),
                                                       norm_number(expression.value))});
    return steps;
}

} // namespace whirlygig
