// Heads of awkward sizes, with random numbers, for the tests of attention there and back.
#pragma once

#include "attention.h"
#include "support/grid.h"
#include "support/matrices.h"

#include <cstddef>

namespace support {

struct HeadShape {
    std::size_t queries, keys, width;
    bool causal;
};
inline const HeadShape head_shapes[] = {{5, 7, 3, false}, {7, 5, 3, false}, {1, 1, 1, false},
                                        {1, 1, 4, true},  {5, 5, 3, true},  {5, 7, 3, true},
                                        {1, 9, 2, true},  {3, 1, 6, false}, {4, 3, 3, false}};

struct HeadExample {
    Grid queries, keys, values; // (T, D), (S, D), (S, D)
    Grid gradient_mixed;        // (T, D)
    Grid gradient_scores;       // (T, S)
};

inline HeadExample make_example(const HeadShape& shape) {
    whirlygig::Random random(100 * shape.queries + 10 * shape.keys + shape.width);
    return {to_grid(random_matrix(random, shape.queries, shape.width)),
            to_grid(random_matrix(random, shape.keys, shape.width)),
            to_grid(random_matrix(random, shape.keys, shape.width)),
            to_grid(random_matrix(random, shape.queries, shape.width)),
            to_grid(random_matrix(random, shape.queries, shape.keys))};
}

} // namespace support
