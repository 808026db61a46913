// Two small tasks on rows of symbols: say again what came before, and sort.
#pragma once

#include "random.h"

#include <cstddef>
#include <string>
#include <vector>

namespace whirlygig {

// Between `fewest` and `most` (evenly) distinct symbols in random order, said again and again until
// the sequence is full: "q d x q d x q d". Whoever notices the first repetition knows the rest.
struct RepeatGrammar {
    std::vector<std::string> symbols; // all different
    std::size_t fewest = 1;
    std::size_t most = 1;   // at most symbols.size()
    std::size_t length = 2; // more than `most`

    std::vector<std::string> draw(Random& random) const;

    // Nats per predicted symbol. A model does not know how many symbols there are until they begin
    // again; so the entropy is that of their number, which every sequence gives away since
    // length > most, plus that of their order, less the first symbol, which is not predicted.
    double floor() const;
};

// `count` random symbols, the separator, the same symbols sorted: "3 1 3 > 1 3 3". Only the sorted
// ones are predicted, and they follow from the others: the floor is 0.
struct SortGrammar {
    std::vector<std::string> symbols; // all different, in the order in which they are sorted
    std::string separator;            // none of the symbols
    std::size_t count = 1;

    std::vector<std::string> draw(Random& random) const;
};

} // namespace whirlygig
