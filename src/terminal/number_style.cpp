#include "terminal/number_style.h"

#include "trace/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {

NumberStyle choose_style(double largest, int digits) {
    NumberStyle style{.digits = digits};
    const int exponent = largest > 0 ? static_cast<int>(std::floor(std::log10(largest))) : 0;
    style.exponents = exponent < -4 || exponent > 5;
    style.decimals = std::max(0, digits - 1 - (exponent < 0 ? exponent + 1 : exponent));
    return style;
}

std::string styled(double value, const NumberStyle& style) {
    if (value == 0) return "0";
    if (style.exponents || !std::isfinite(value)) return number_text(value, style.digits);
    const std::string text = fmt::format("{:.{}f}", std::abs(value), style.decimals);
    return value < 0 ? "−" + text : text;
}

} // namespace whirlygig
