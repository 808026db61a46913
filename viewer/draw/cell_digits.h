// The numbers in the cells of a matrix: two significant digits of the largest, and one power of ten
// for all of them, which the caption says in words.
#pragma once

#include "theme.h"

#include <string>

namespace whirlygig {

struct CellDigits {
    ImFont* font = nullptr;   // nullptr: the cells are too small for numbers
    int power = 0;            // the numbers are written in 10 to this power: 0, −3, −6, 3 …
    int decimals = 1;         // after the point
    bool leading_zero = true; // "0.42"; in narrow cells ".42"

    // "0" is exactly 0; what is rounded to zero reads "0.0", or "≈0" where there are no decimals.
    std::string text(double value) const;
};

// For a matrix whose numbers go up to `largest`. The font is the largest one in which four
// characters fit into a cell without touching its border, so that it depends on the cell alone.
CellDigits digits_for(const Theme& theme, double largest, float inner_width,
                      float inner_height = 1000);

// "in thousandths", "× 10⁻⁹"; empty for 10⁰.
std::string power_in_words(int power);

} // namespace whirlygig
