// What several insets share: the caption above, names for people, how far a sum is.
#pragma once

#include "draw/chart.h"
#include "stages/inset.h"
#include "stages/matrix_labels.h"

#include <string>

namespace whirlygig {

// Writes the sentence at the top of the area and gives the room that is left below it.
Box below_caption(Inset& inset, const std::string& sentence);

// "queries (3, 5)" for "block.0.head.1.queries (3, 5)"; other sources stay as they are.
std::string short_source(const std::string& source);

// A number as a factor or a later term is written: "(−0.89)".
std::string in_brackets(double value);

// A number from 0 to 1, never as a power of ten: "0.31", "0.00009", "< 0.0001".
std::string share_text(double value, int digits);

// How many of the `count` terms are added, with the fraction of the one that is being added. The
// timeline counts products; what comes after them, a bias, shares the time of the last one.
double terms_added(const Moment& moment, std::size_t count);

// From 0 to 1 while `value` goes from `from` to `to`.
double phase(double value, double from, double to);

} // namespace whirlygig
