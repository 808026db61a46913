#include "random.h"

#include "error.h"

#include <cmath>
#include <numbers>

namespace whirlygig {

Random::Random(std::uint64_t seed, std::uint64_t stream) {
    std::seed_seq words{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                        static_cast<std::uint32_t>(stream),
                        static_cast<std::uint32_t>(stream >> 32)};
    engine.seed(words);
}

double Random::uniform() {
    constexpr double unit = 1.0 / 9007199254740992.0; // 2^-53: a double holds 53 bits
    return static_cast<double>(engine() >> 11) * unit;
}

// Box and Muller's transform of two uniform draws; its second normal draw is not used.
double Random::normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::size_t Random::below(std::size_t count) {
    if (count == 0) fail("Random::below: there is nothing to choose from");
    // Draws from the incomplete last round of the engine's range would favour small numbers.
    const std::uint64_t incomplete = (UINT64_MAX % count + 1) % count;
    std::uint64_t draw = engine();
    while (draw > UINT64_MAX - incomplete)
        draw = engine();
    return static_cast<std::size_t>(draw % count);
}

// The shares lie side by side in their order, from 0 to their total. A single uniform draw falls
// somewhere between the two, and the index is the one in whose share it falls.
std::size_t Random::pick(const std::vector<double>& shares) {
    double total = 0;
    for (const double share : shares)
        total += share;
    if (!(total > 0)) fail("Random::pick: no index has a share above zero");
    // EXERCISE 8 pick
    double left = uniform() * total;
    for (std::size_t index = 0; index < shares.size(); ++index) {
        left -= shares[index];
        if (left < 0) return index;
    }
    // Rounding can leave a crumb: the last index that has a share gets it.
    std::size_t last = shares.size() - 1;
    while (shares[last] <= 0)
        --last;
    return last;
    // END
}

} // namespace whirlygig
