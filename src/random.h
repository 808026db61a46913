// Seeded random numbers that are the same on every machine with the same C library: the engine is
// the standard's, the draws are ours (the standard's distributions differ between libraries).
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace whirlygig {

class Random {
public:
    // Two streams of the same seed are unrelated, so each purpose (initial parameters, the batch
    // of step 17, ...) has its own and can be drawn again without drawing what came before.
    explicit Random(std::uint64_t seed, std::uint64_t stream = 0);

    double uniform();                                    // in [0, 1)
    double normal();                                     // mean 0, standard deviation 1
    std::size_t below(std::size_t count);                // 0, 1, ... count - 1, evenly; count > 0
    std::size_t pick(const std::vector<double>& shares); // an index, in proportion to its share

    // Puts the items into a random order, every order equally likely (Fisher and Yates).
    template <class Item>
    void shuffle(std::vector<Item>& items) {
        for (std::size_t left = items.size(); left > 1; --left) {
            std::swap(items[left - 1], items[below(left)]);
        }
    }

private:
    std::mt19937_64 engine;
};

} // namespace whirlygig
