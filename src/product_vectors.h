// The processor's vectors, which the products are made of: several numbers side by side, on which
// one instruction does the same.
//
// No include guard, see product_kernel.h.

// As wide as Real: names a place in a vector.
using WholeNumber = std::conditional_t<sizeof(Real) == 4, std::int32_t, std::int64_t>;

// Two kinds of vectors: the widest there are, and narrow ones for matrices with at most four
// columns and for what the wide ones leave over.
struct Wide {
    static constexpr std::size_t lanes = VECTOR_BYTES / sizeof(Real); // numbers in one vector
    typedef Real Vector __attribute__((vector_size(VECTOR_BYTES)));
    typedef WholeNumber Places __attribute__((vector_size(VECTOR_BYTES)));
};
struct Narrow {
    static constexpr std::size_t lanes = 4;
    typedef Real Vector __attribute__((vector_size(4 * sizeof(Real))));
    typedef WholeNumber Places __attribute__((vector_size(4 * sizeof(Real))));
};

// Reads and writes a vector anywhere in memory; the compiler makes one instruction of it.
template <class Vector>
inline void load(const Real* from, Vector& vector) {
    std::memcpy(&vector, from, sizeof vector);
}
template <class Vector>
inline void store(const Vector& vector, Real* to) {
    std::memcpy(to, &vector, sizeof vector);
}

template <class Vector>
inline void write_vector(const Vector& vector, const Result& c) {
    Vector sum = vector, before;
    if (c.add) {
        load(c.data, before);
        sum += before;
    }
    store(sum, c.data);
}

// The first `columns` numbers of a vector.
template <class Vector>
inline void write_part(const Vector& vector, std::size_t columns, const Result& c) {
    Real numbers[sizeof vector / sizeof(Real)];
    store(vector, numbers);
    for (std::size_t column = 0; column < columns; ++column)
        c.data[column] = c.add ? c.data[column] + numbers[column] : numbers[column];
}

template <class Width, std::size_t vectors>
inline void write_row(const typename Width::Vector* sums, std::size_t columns, const Result& c) {
#pragma GCC unroll 8
    for (std::size_t v = 0; v < vectors; ++v) {
        const std::size_t first = v * Width::lanes;
        if (first + Width::lanes <= columns) {
            write_vector(sums[v], c.from(0, first));
        } else if (first < columns) {
            write_part(sums[v], columns - first, c.from(0, first));
        }
    }
}

// mixed = { a[first], b[first], a[first + 1], b[first + 1], ... }
template <class Width, std::size_t first>
inline void interleave(const typename Width::Vector& a, const typename Width::Vector& b,
                       typename Width::Vector& mixed) {
#if defined(__clang__) // which wants every place by itself, and never has vectors of 16 numbers
    static_assert(Width::lanes <= 8);
    if constexpr (Width::lanes == 2) {
        mixed = __builtin_shufflevector(a, b, first, first + 2);
    } else if constexpr (Width::lanes == 4) {
        mixed = __builtin_shufflevector(a, b, first, first + 4, first + 1, first + 5);
    } else {
        mixed = __builtin_shufflevector(a, b, first, first + 8, first + 1, first + 9, first + 2,
                                        first + 10, first + 3, first + 11);
    }
#else
    typename Width::Places places;
#pragma GCC unroll 16
    for (std::size_t i = 0; i < Width::lanes; ++i)
        places[i] = first + i / 2 + (i % 2) * Width::lanes;
    mixed = __builtin_shuffle(a, b, places);
#endif
}

// left, right = a and b, a number of each in turn.
template <class Width>
inline void weave(const typename Width::Vector& a, const typename Width::Vector& b,
                  typename Width::Vector& left, typename Width::Vector& right) {
    interleave<Width, 0>(a, b, left);
    interleave<Width, Width::lanes / 2>(a, b, right);
}

// Makes columns of the rows of a square, as wide as a vector. The rows are shuffled like cards:
// each round interleaves the first half of them with the second, and after the last one they have
// become columns.
template <class Width>
inline void transpose(typename Width::Vector (&rows)[Width::lanes]) {
    constexpr std::size_t side = Width::lanes, rounds = std::countr_zero(side);
    typename Width::Vector shuffled[side];
#pragma GCC unroll 4
    for (std::size_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 8
        for (std::size_t pair = 0; pair < side / 2; ++pair) {
            weave<Width>(rows[pair], rows[pair + side / 2], shuffled[2 * pair],
                         shuffled[2 * pair + 1]);
        }
#pragma GCC unroll 16
        for (std::size_t row = 0; row < side; ++row)
            rows[row] = shuffled[row];
    }
}
