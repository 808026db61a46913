// How many typing mistakes lie between two words.
#pragma once

#include <cstddef>
#include <string_view>

namespace whirlygig {

// The smallest number of mistakes that turn one word into the other, where a mistake is a letter
// added, left out or replaced, or two neighbours swapped: the Damerau-Levenshtein distance, by
// dynamic programming (Lowrance and Wagner, "An Extension of the String-to-String Correction
// Problem", 1975). Time and memory grow with the product of the lengths.
std::size_t edit_distance(std::u32string_view from, std::u32string_view to);

} // namespace whirlygig
