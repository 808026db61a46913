#include "draw/cell_digits.h"

#include "draw/ink.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

// The power of a thousand that leaves 0.1 up to 100 of the largest number.
int power_of(double largest) {
    return 3 * static_cast<int>(std::floor((std::log10(largest) + 1) / 3));
}

std::string superscript(int number) {
    constexpr const char* digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    std::string text;
    for (const char character : fmt::format("{}", number))
        text += character == '-' ? "⁻" : digits[character - '0'];
    return text;
}

} // namespace

std::string CellDigits::text(double value) const {
    if (std::isinf(value)) return value < 0 ? "−∞" : "∞";
    if (value == 0) return "0";
    const double size = std::abs(value) / std::pow(10.0, power);
    std::string text = fmt::format("{:.{}f}", size, decimals);
    const bool rounded_away = text.find_first_not_of("0.") == text.npos;
    if (rounded_away && decimals == 0) return "≈0";
    if (rounded_away) return "0.0";
    if (!leading_zero && decimals > 1 && text.starts_with("0.")) text.erase(0, 1);
    return value < 0 ? "−" + text : text;
}

CellDigits digits_for(const Theme& theme, double largest, float inner_width, float inner_height) {
    CellDigits digits;
    const Fonts& fonts = theme.fonts;
    const float room = inner_width - theme.units(4);
    for (ImFont* font : {fonts.cells, fonts.small}) {
        if (Ink::size_of(font, "−8.8").x <= room && font->FontSize <= inner_height + 1)
            digits.font = font;
    }
    for (ImFont* font : {fonts.text, fonts.large}) { // large digits need air around them
        if (Ink::size_of(font, "−8.8").x <= 0.7F * inner_width &&
            font->FontSize <= 0.7F * inner_height)
            digits.font = font;
    }
    digits.power = power_of(largest);
    const double most = largest / std::pow(10.0, digits.power);
    digits.decimals = most < 0.995 ? 2 : most < 9.95 ? 1 : 0;
    // Small numbers beside large ones keep a digit where there is room.
    const bool wide = digits.font != nullptr && Ink::size_of(digits.font, "−88.8").x <= room;
    if (wide && most < 99.5) digits.decimals = std::max(digits.decimals, 1);
    digits.leading_zero = digits.font != nullptr && Ink::size_of(digits.font, "−0.88").x <= room;
    return digits;
}

std::string power_in_words(int power) {
    switch (power) {
    case 0:
        return "";
    case 3:
        return "in thousands";
    case -3:
        return "in thousandths";
    case -6:
        return "in millionths";
    default:
        return fmt::format("× 10{}", superscript(power));
    }
}

} // namespace whirlygig
