#include "exponential.h"
#include "steps.h"

#include <cmath>
#include <cstring>

namespace benchmark_steps {
namespace {

typedef float Eight __attribute__((vector_size(32)));

Eight load(const float* from) {
    Eight numbers;
    std::memcpy(&numbers, from, sizeof numbers);
    return numbers;
}

void store(const Eight& numbers, float* to) {
    std::memcpy(to, &numbers, sizeof numbers);
}

constexpr std::size_t rows = 4, lanes = 8;

// c's tile of four rows and sixteen columns that begins at (row, column).
void make_tile(const Square& s, std::size_t row, std::size_t column) {
    Eight sums[rows][2] = {};
    for (std::size_t k = 0; k < s.side; ++k) {
        const Eight left = load(s.b + k * s.side + column);
        const Eight right = load(s.b + k * s.side + column + lanes);
#pragma GCC unroll 4
        for (std::size_t r = 0; r < rows; ++r) {
            const float factor = s.a[(row + r) * s.side + k];
            sums[r][0] += factor * left;
            sums[r][1] += factor * right;
        }
    }
#pragma GCC unroll 4
    for (std::size_t r = 0; r < rows; ++r) {
        store(sums[r][0], s.c + (row + r) * s.side + column);
        store(sums[r][1], s.c + (row + r) * s.side + column + lanes);
    }
}

} // namespace

void exponentials_of_the_library(const float* numbers, float* results, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        results[i] = std::exp(numbers[i]);
}

void exponentials_of_ours(const float* numbers, float* results, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        results[i] = whirlygig::exponential(numbers[i]);
}

void eight_at_once(const Square& s) {
    for (std::size_t row = 0; row < s.side; ++row) {
        float* c = s.c + row * s.side;
        std::memset(c, 0, s.side * sizeof(float));
        for (std::size_t k = 0; k < s.side; ++k) {
            const float factor = s.a[row * s.side + k];
            const float* b = s.b + k * s.side;
            for (std::size_t column = 0; column < s.side; column += lanes)
                store(load(c + column) + factor * load(b + column), c + column);
        }
    }
}

void tiles_in_registers(const Square& s) {
    for (std::size_t column = 0; column < s.side; column += 2 * lanes) {
        for (std::size_t row = 0; row < s.side; row += rows)
            make_tile(s, row, column);
    }
}

} // namespace benchmark_steps
