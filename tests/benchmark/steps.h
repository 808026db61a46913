// Five ways to multiply two matrices, each a step faster than the one before (lesson 16): from
// three loops to tiles in registers. All square, row by row in memory, c = a · b.
#pragma once

#include <cstddef>

namespace benchmark_steps {

struct Square {
    const float* a;
    const float* b;
    float* c;
    std::size_t side; // a multiple of 16
};

// Each number of c by itself: a row of a times a column of b.
void rows_times_columns(const Square& s);

// Whole rows of b, one after the other, are added to a row of c: no jumps through memory.
void row_after_row(const Square& s);

// The same, eight numbers at once.
void eight_at_once(const Square& s);

// Four rows of c, sixteen numbers wide, stay in registers for the whole sum: each number that is
// loaded is used four or sixteen times.
void tiles_in_registers(const Square& s);

// The exponentials of a row: with the library's function, and with src/exponential.h.
void exponentials_of_the_library(const float* numbers, float* results, std::size_t count);
void exponentials_of_ours(const float* numbers, float* results, std::size_t count);

} // namespace benchmark_steps
