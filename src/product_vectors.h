// The processor's vectors, which the products are made of: several numbers side by side, on which
// one instruction does the same.
//
// No include guard, see product_kernel.h.

// Two kinds of vectors: the widest there are, and narrow ones for matrices with at most four
// columns and for what the wide ones leave over.
struct Wide {
    static constexpr std::size_t lanes = VECTOR_BYTES / sizeof(Real); // numbers in one vector
    typedef Real Vector __attribute__((vector_size(VECTOR_BYTES)));
};
struct Narrow {
    static constexpr std::size_t lanes = 4;
    typedef Real Vector __attribute__((vector_size(4 * sizeof(Real))));
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

// a = the numbers at these places, where those of b are counted on after those of a; b = those that
// are `next` further on.
template <class Width, auto place, std::size_t next, std::size_t... i>
inline void pick(typename Width::Vector& a, typename Width::Vector& b, std::index_sequence<i...>) {
    const typename Width::Vector picked = __builtin_shufflevector(a, b, place(i)...);
    b = __builtin_shufflevector(a, b, (place(i) + next)...);
    a = picked;
}

// Two ways to shuffle the numbers of two vectors, like cards. The first weaves the first halves of
// their groups into a and the second halves into b, a number of each in turn:
//   a = 0 1 2 3   b = 4 5 6 7   ->   a = 0 4 1 5   b = 2 6 3 7   with groups of four.
template <class Width, std::size_t group>
inline void weave(typename Width::Vector& a, typename Width::Vector& b) {
    constexpr auto place = [](std::size_t i) {
        return i / group * group + i % group / 2 + i % 2 * Width::lanes;
    };
    pick<Width, place, group / 2>(a, b, std::make_index_sequence<Width::lanes>{});
}

// The second deals the groups to a and b in turn:
//   a = 0 1 2 3   b = 4 5 6 7   ->   a = 0 2 4 6   b = 1 3 5 7   with groups of one.
template <class Width, std::size_t group>
inline void deal(typename Width::Vector& a, typename Width::Vector& b) {
    constexpr auto place = [](std::size_t i) { return i / group * 2 * group + i % group; };
    pick<Width, place, group>(a, b, std::make_index_sequence<Width::lanes>{});
}

// Weaves or deals vectors that are so far apart, all of them in pairs.
template <class Width, std::size_t distance, std::size_t group, std::size_t count>
inline void weave_pairs(typename Width::Vector (&vectors)[count]) {
#pragma GCC unroll 16
    for (std::size_t i = 0; i < count; ++i) {
        if (i / distance % 2 == 0) weave<Width, group>(vectors[i], vectors[i + distance]);
    }
}
template <class Width, std::size_t distance, std::size_t group, std::size_t count>
inline void deal_pairs(typename Width::Vector (&vectors)[count]) {
#pragma GCC unroll 16
    for (std::size_t i = 0; i < count; ++i) {
        if (i / distance % 2 == 0) deal<Width, group>(vectors[i], vectors[i + distance]);
    }
}

// Makes columns of the rows of a square, as wide as a vector. The processor shuffles fastest inside
// groups of 16 bytes. So these become little squares, each transposed by itself; then whole groups
// are dealt to the rows where they belong.
template <class Width>
inline void transpose(typename Width::Vector (&rows)[Width::lanes]) {
    constexpr std::size_t group = 16 / sizeof(Real);
    if constexpr (group == 4) weave_pairs<Width, 2, group>(rows);
    weave_pairs<Width, 1, group>(rows);
    if constexpr (Width::lanes > group) deal_pairs<Width, group, group>(rows);
    if constexpr (Width::lanes > 2 * group) deal_pairs<Width, 2 * group, group>(rows);
}

// The columns of a square in memory, whose rows lie `stride` apart.
template <class Width>
inline void load_columns(const Real* from, std::size_t stride,
                         typename Width::Vector (&columns)[Width::lanes]) {
#pragma GCC unroll 16
    for (std::size_t row = 0; row < Width::lanes; ++row)
        load(from + row * stride, columns[row]);
    transpose<Width>(columns);
}
