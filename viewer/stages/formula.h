// An expression in pieces that can be set in lines: numbers with where they come from, operators.
#pragma once

#include "trace/expression.h"

#include <string>
#include <vector>

namespace whirlygig {

struct Piece {
    std::string text;   // "0.42", "·", "(0.31"
    std::string source; // stands below it: "queries (3, 5)"; of a named number: its value
};

// A sum of more than `most_terms` terms (0: no limit) is cut short: "… and 12 more terms".
std::vector<Piece> pieces_of(const Expression& expression, std::size_t most_terms);

bool is_operator(const Piece& piece);

// "where mean = (0.1 + 0.7 + …) / 32 = 0.4", a line for each named number; long sums are cut short.
std::vector<std::string> definitions_of(const Expression& expression);

} // namespace whirlygig
