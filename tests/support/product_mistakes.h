// What is often done wrong where every number of the result is a sum of products.
#pragma once

#include "support/matrix_mistakes.h"

#include <functional>

namespace mistakes {

// result(row, column) = the sum of term(row, column, k) for all k < terms.
struct Sum {
    std::size_t rows, columns, terms;
    std::function<double(std::size_t row, std::size_t column, std::size_t k)> term;
};

inline double part(const Sum& sum, std::size_t row, std::size_t column, std::size_t first,
                   std::size_t end) {
    double total = 0;
    for (std::size_t k = first; k < end; ++k)
        total += sum.term(row, column, k);
    return total;
}

inline Grid parts(const Sum& sum, std::size_t first, std::size_t end) {
    return made(sum.rows, sum.columns, [&](std::size_t row, std::size_t column) {
        return part(sum, row, column, first, end);
    });
}

// The sum runs on from cell to cell: along each row, or through the whole matrix.
inline Grid running(const Sum& sum, bool afresh_in_each_row) {
    double total = 0;
    return made(sum.rows, sum.columns, [&](std::size_t row, std::size_t column) {
        if (afresh_in_each_row && column == 0) total = 0;
        return total += part(sum, row, column, 0, sum.terms);
    });
}

inline Mistakes summing(const Sum& sum) {
    return {
        {"The sum is set to 0 once for the whole matrix, so every cell also holds what the cells "
         "before it had; each cell's sum starts at 0.",
         running(sum, false)},
        {"The sum is set to 0 once for each row, so every cell also holds what the cells before it "
         "in its row had; each cell's sum starts at 0.",
         running(sum, true)},
        {"Only the last product is there, because each one takes the place of the one before; "
         "they should be added up.",
         parts(sum, sum.terms - 1, sum.terms)},
        {"Only the first product is there; the products of all pairs should be added up.",
         parts(sum, 0, 1)},
        {"The innermost loop stops one too early: the last product is missing from each sum.",
         parts(sum, 0, sum.terms - 1)},
        {"The innermost loop starts at 1: the first product is missing from each sum.",
         parts(sum, 1, sum.terms)},
    };
}

} // namespace mistakes
