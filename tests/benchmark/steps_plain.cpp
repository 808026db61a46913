// One number at a time: compiled without the vectors that the compiler would make of the loops.
#include "steps.h"

namespace benchmark_steps {

void rows_times_columns(const Square& s) {
    for (std::size_t row = 0; row < s.side; ++row) {
        for (std::size_t column = 0; column < s.side; ++column) {
            float sum = 0;
            for (std::size_t k = 0; k < s.side; ++k)
                sum += s.a[row * s.side + k] * s.b[k * s.side + column];
            s.c[row * s.side + column] = sum;
        }
    }
}

void row_after_row(const Square& s) {
    for (std::size_t row = 0; row < s.side; ++row) {
        float* c = s.c + row * s.side;
        for (std::size_t column = 0; column < s.side; ++column)
            c[column] = 0;
        for (std::size_t k = 0; k < s.side; ++k) {
            const float factor = s.a[row * s.side + k];
            const float* b = s.b + k * s.side;
            for (std::size_t column = 0; column < s.side; ++column)
                c[column] += factor * b[column];
        }
    }
}

} // namespace benchmark_steps
