#include "text/symbol_grammar.h"

#include <algorithm>
#include <cmath>

namespace whirlygig {

std::vector<std::string> RepeatGrammar::draw(Random& random) const {
    const std::size_t count = fewest + random.below(most - fewest + 1);
    std::vector<std::string> order = symbols;
    random.shuffle(order);
    std::vector<std::string> sequence;
    for (std::size_t place = 0; place < length; ++place)
        sequence.push_back(order[place % count]);
    return sequence;
}

double RepeatGrammar::floor() const {
    const double numbers = static_cast<double>(most - fewest + 1);
    double entropy = std::log(numbers);
    for (std::size_t place = 1; place < most; ++place) {
        // The share of sequences that still have a new symbol at this place ...
        const double share = static_cast<double>(most - std::max(fewest, place + 1) + 1) / numbers;
        // ... which is any of those that have not been used, evenly.
        entropy += share * std::log(static_cast<double>(symbols.size() - place));
    }
    return entropy / static_cast<double>(length - 1);
}

std::vector<std::string> SortGrammar::draw(Random& random) const {
    std::vector<std::size_t> drawn;
    drawn.reserve(count);
    for (std::size_t index = 0; index < count; ++index)
        drawn.push_back(random.below(symbols.size()));
    std::vector<std::string> sequence;
    sequence.reserve(2 * count + 1);
    for (const std::size_t index : drawn)
        sequence.push_back(symbols[index]);
    sequence.push_back(separator);
    std::sort(drawn.begin(), drawn.end());
    for (const std::size_t index : drawn)
        sequence.push_back(symbols[index]);
    return sequence;
}

} // namespace whirlygig
