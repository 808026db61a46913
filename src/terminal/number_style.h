// How the numbers of one matrix are written: all alike, so that the decimal points stand below each
// other and the longer number is the larger one.
#pragma once

#include <string>

namespace whirlygig {

struct NumberStyle {
    int decimals = 3;
    int digits = 4;         // of a number that is written with an exponent
    bool exponents = false; // for matrices of very small or very large numbers
};

// For a matrix whose largest number, without its sign, is `largest`.
NumberStyle choose_style(double largest, int digits);

// Exactly 0 is "0"; a number that is only rounded to zero keeps its decimals, "0.000", and its
// sign.
std::string styled(double value, const NumberStyle& style);

} // namespace whirlygig
