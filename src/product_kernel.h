// One kernel for all three products:  c = a · b  or  c += a · b, on strided views of row-major
// numbers, so that a transposed matrix is only a view with its two strides exchanged.
//
// The idea: a small tile of c (a few rows, one or two vectors wide) stays in the processor's
// registers for the whole sum, so each number loaded from memory feeds many multiply-adds. The part
// of b that a strip of tiles reads is first copied into a panel that fits the fastest cache; the
// copy also undoes a transposition.
//
// No include guard: product.cpp includes this once per instruction set, each time inside another
// namespace and with another VECTOR_BYTES.

// As wide as Real: names a place in a vector.
using WholeNumber = std::conditional_t<sizeof(Real) == 4, std::int32_t, std::int64_t>;

// Two kinds of vectors: the widest there are and, for matrices with at most four columns, narrow
// ones.
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

constexpr std::size_t tile_rows = VECTOR_BYTES == 64 ? 8 : 6; // 2 · 6 + 3 of 16 registers
constexpr std::size_t panel_depth = 256;
constexpr std::size_t panel_width = 2 * Wide::lanes;

// What a strip of c is multiplied with: some columns of b, copied or where they are.
struct Panel {
    const Real* data;
    std::size_t stride; // from row to row; the rows can be read in whole vectors
    std::size_t depth;
    std::size_t columns; // that c has; the rest of a vector is padding
};

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

// Lines of memory that are needed soon, in runs of neighbours. Memory is slower than the
// multiplications, and a processor that is asked for many lines at once stops and waits. So while
// one tile is multiplied, every step asks for one line of what comes after it.
struct Ahead {
    static constexpr std::size_t line = 64 / sizeof(Real); // what memory hands out at once
    const Real* run;
    std::size_t length = 0, stride = 0; // of a run, and from one to the next
    std::size_t fetched = 0;            // of this run

    // To be called at every step: narrow vectors leave time for a line at every fourth only.
    static constexpr std::size_t steps_a_line = VECTOR_BYTES == 64 ? 1 : 4;
    void fetch_at(std::size_t step) {
        if (step % steps_a_line == 0) fetch_line();
    }
    void fetch_line() {
        __builtin_prefetch(run + fetched);
        fetched += line;
        if (fetched < length) return;
        fetched = 0;
        run += stride;
    }
};

// The first `rows` × `columns` numbers of a view.
inline Ahead lines_of(const View& view, std::size_t rows, std::size_t columns) {
    if (view.column_stride == 1) return {view.data, columns, view.row_stride};
    return {view.data, rows, view.column_stride};
}

// Tiles that are one vector wide are done before memory could answer.
template <std::size_t vectors>
constexpr bool fetches_ahead = vectors > 1;

// A tile of `rows` × `vectors` vectors: c = or += a · panel.
template <class Width, std::size_t vectors, std::size_t rows>
inline void multiply_tile(const View& a, const Panel& panel, const Result& c, Ahead& ahead) {
    // The tile of c is needed at the end: the processor may fetch it meanwhile.
#pragma GCC unroll 8
    for (std::size_t row = 0; row < rows; ++row) {
#pragma GCC unroll 8
        for (std::size_t v = 0; v < vectors; ++v)
            __builtin_prefetch(c.from(row, v * Width::lanes).data, 1);
    }
    typename Width::Vector sums[rows][vectors] = {};
    // Local copies, which stay in registers, too.
    const std::size_t a_row = a.row_stride, a_column = a.column_stride, panel_row = panel.stride;
    const Real *of_a = a.data, *of_panel = panel.data;
    Ahead soon = ahead;
    for (std::size_t k = 0; k < panel.depth; ++k, of_a += a_column, of_panel += panel_row) {
        if constexpr (fetches_ahead<vectors>) soon.fetch_at(k);
        typename Width::Vector b[vectors];
#pragma GCC unroll 8
        for (std::size_t v = 0; v < vectors; ++v)
            load(of_panel + v * Width::lanes, b[v]);
#pragma GCC unroll 8
        for (std::size_t row = 0; row < rows; ++row) {
#pragma GCC unroll 8
            for (std::size_t v = 0; v < vectors; ++v)
                sums[row][v] += of_a[row * a_row] * b[v];
        }
    }
    if constexpr (fetches_ahead<vectors>) ahead = soon;
#pragma GCC unroll 8
    for (std::size_t row = 0; row < rows; ++row)
        write_row<Width, vectors>(sums[row], panel.columns, c.from(row, 0));
}

// The last rows, fewer than a whole tile.
template <class Width, std::size_t vectors, std::size_t most_rows>
inline void multiply_last_rows(std::size_t rows, const View& a, const Panel& panel, const Result& c,
                               Ahead& ahead) {
    if (rows == most_rows) return multiply_tile<Width, vectors, most_rows>(a, panel, c, ahead);
    if constexpr (most_rows > 1)
        multiply_last_rows<Width, vectors, most_rows - 1>(rows, a, panel, c, ahead);
}

// The rows of a after those of the tile at `row`. Where they lie side by side (a is the transpose
// of a stored matrix), a line holds those of two tiles, so these are the tiles after the next.
inline Ahead next_rows(const View& a, std::size_t row, std::size_t depth) {
    const std::size_t tiles = a.column_stride == 1 ? 1 : 2;
    return lines_of(a.from(row + tiles * tile_rows, 0), tile_rows, depth);
}

// All rows of c for one panel. The first tiles fetch the panel that comes next, a line at each
// step; the others fetch rows of a, if this is the first panel that needs them. Always inlined: a
// small product would wait longer for what it is given to go through memory than for its tiles.
template <class Width, std::size_t vectors>
[[gnu::always_inline]] inline void multiply_strip(std::size_t rows, const View& a,
                                                  const Panel& panel, const Result& c,
                                                  Ahead next_panel, bool is_first) {
    constexpr std::size_t lines = (panel_width + Ahead::line - 1) / Ahead::line; // of a row of b
    constexpr std::size_t fetching_tiles = lines * Ahead::steps_a_line;
    const Ahead nothing{panel.data};
    Ahead rows_ahead = nothing;
    std::size_t row = 0;
    for (; row + tile_rows <= rows; row += tile_rows) {
        const bool fetches_panel = next_panel.length > 0 && row < fetching_tiles * tile_rows;
        if constexpr (fetches_ahead<vectors>)
            rows_ahead = is_first ? next_rows(a, row, panel.depth) : nothing;
        multiply_tile<Width, vectors, tile_rows>(a.from(row, 0), panel, c.from(row, 0),
                                                 fetches_panel ? next_panel : rows_ahead);
    }
    multiply_last_rows<Width, vectors, tile_rows - 1>(rows - row, a.from(row, 0), panel,
                                                      c.from(row, 0), rows_ahead);
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
            const typename Width::Vector &first = rows[pair], &second = rows[pair + side / 2];
            interleave<Width, 0>(first, second, shuffled[2 * pair]);
            interleave<Width, side / 2>(first, second, shuffled[2 * pair + 1]);
        }
#pragma GCC unroll 16
        for (std::size_t row = 0; row < side; ++row)
            rows[row] = shuffled[row];
    }
}

// Copies a square so that its rows become columns. One row is `from_stride` (in the copy:
// `to_stride`) apart from the next.
template <class Width>
inline void transpose_square(const Real* from, std::size_t from_stride, Real* to,
                             std::size_t to_stride) {
    typename Width::Vector rows[Width::lanes];
#pragma GCC unroll 16
    for (std::size_t row = 0; row < Width::lanes; ++row)
        load(from + row * from_stride, rows[row]);
    transpose<Width>(rows);
#pragma GCC unroll 16
    for (std::size_t row = 0; row < Width::lanes; ++row)
        store(rows[row], to + row * to_stride);
}

// Copies as many columns of b as there are whole squares side by side, from `column` on. They lie
// one after the other in memory (b is the transpose of a stored matrix). -> the next column
template <class Width>
inline std::size_t copy_columns(std::size_t column, const View& b, const Panel& panel, Real* copy) {
    constexpr std::size_t side = Width::lanes;
    for (; column + side <= panel.columns; column += side) {
        std::size_t k = 0;
        for (; k + side <= panel.depth; k += side) {
            transpose_square<Width>(b.at(k, column), b.column_stride,
                                    copy + k * panel.stride + column, panel.stride);
        }
        for (; k < panel.depth; ++k) {
            for (std::size_t i = column; i < column + side; ++i)
                copy[k * panel.stride + i] = *b.at(k, i);
        }
    }
    return column;
}

inline void copy_rows(const View& b, const Panel& panel, Real* copy) {
    for (std::size_t k = 0; k < panel.depth; ++k) {
        if (panel.columns == panel_width) { // a size known beforehand is copied faster
            Wide::Vector left, right;
            load(b.at(k, 0), left);
            load(b.at(k, Wide::lanes), right);
            store(left, copy + k * panel.stride);
            store(right, copy + k * panel.stride + Wide::lanes);
        } else {
            std::copy_n(b.at(k, 0), panel.columns, copy + k * panel.stride);
        }
    }
}

// Copies the panel's columns of b, each row padded with zeros up to the stride. Never inlined: it
// would take the registers of those who need no copy.
[[gnu::noinline]] inline void copy_panel(const View& b, const Panel& panel, Real* copy) {
    if (panel.columns < panel.stride) std::fill_n(copy, panel.depth * panel.stride, Real(0));
    if (b.column_stride == 1) return copy_rows(b, panel, copy);
    std::size_t column = 0;
    if (VECTOR_BYTES == 64 && panel.depth >= Wide::lanes)
        column = copy_columns<Wide>(column, b, panel, copy);
    column = copy_columns<Narrow>(column, b, panel, copy);
    for (; column < panel.columns; ++column) {
        for (std::size_t k = 0; k < panel.depth; ++k)
            copy[k * panel.stride + column] = *b.at(k, column);
    }
}

// c = or += a · b on tiles.
inline void multiply_tiles(std::size_t rows, std::size_t columns, std::size_t depth, const View& a,
                           const View& b, const Result& c) {
    alignas(64) Real copy[panel_depth * panel_width];
    for (std::size_t k = 0; k < depth; k += panel_depth) {
        for (std::size_t column = 0; column < columns; column += panel_width) {
            Panel panel;
            panel.data = b.at(k, column);
            panel.stride = b.row_stride;
            panel.depth = std::min(panel_depth, depth - k);
            panel.columns = std::min(panel_width, columns - column);
            const std::size_t width = panel.columns > Wide::lanes     ? panel_width
                                      : panel.columns > Narrow::lanes ? Wide::lanes
                                                                      : Narrow::lanes;
            // A copy pays when the rows lie far apart and are read often.
            const bool spread_out = b.row_stride > 2 * panel_width && rows > 2 * tile_rows;
            if (spread_out || panel.columns < width || b.column_stride != 1) {
                panel.stride = width;
                copy_panel(b.from(k, column), panel, copy);
                panel.data = copy;
            }
            Ahead next_panel{panel.data};
            if (const std::size_t next = column + panel_width; next < columns)
                next_panel =
                    lines_of(b.from(k, next), panel.depth, std::min(panel_width, columns - next));
            const View strip_a = a.from(0, k);
            const Result strip_c{c.from(0, column).data, c.stride, c.add || k > 0};
            const bool is_first = column == 0;
            if (width == panel_width) {
                multiply_strip<Wide, 2>(rows, strip_a, panel, strip_c, next_panel, is_first);
            } else if (width == Wide::lanes) {
                multiply_strip<Wide, 1>(rows, strip_a, panel, strip_c, next_panel, is_first);
            } else {
                multiply_strip<Narrow, 1>(rows, strip_a, panel, strip_c, next_panel, is_first);
            }
        }
    }
}

// One row of a and as many columns of b as a vector has numbers. Each column lies in one piece (b
// is the transpose of a stored matrix): no tile and no copy would pay. Every column has a vector of
// sums, which have to be added up. Transposed, that is one addition for all columns.
template <class Width>
inline void multiply_row_by_columns(std::size_t depth, const Real* a, const View& b,
                                    const Result& c) {
    constexpr std::size_t side = Width::lanes;
    typename Width::Vector sums[side] = {};
    std::size_t k = 0;
    for (; k + side <= depth; k += side) {
        typename Width::Vector of_a, of_b;
        load(a + k, of_a);
#pragma GCC unroll 16
        for (std::size_t column = 0; column < side; ++column) {
            load(b.at(k, column), of_b);
            sums[column] += of_a * of_b;
        }
    }
    transpose<Width>(sums);
#pragma GCC unroll 16
    for (std::size_t row = 1; row < side; ++row)
        sums[0] += sums[row];
    write_vector(sums[0], c);
    for (std::size_t column = 0; column < side; ++column) {
        for (std::size_t left = k; left < depth; ++left)
            c.data[column] += a[left] * *b.at(left, column);
    }
}

// As many columns as there are whole groups of them, from `column` on. -> the next one
template <class Width>
inline std::size_t multiply_column_groups(std::size_t column, std::size_t columns,
                                          std::size_t depth, const Real* a, const View& b,
                                          const Result& c) {
    for (; column + Width::lanes <= columns; column += Width::lanes)
        multiply_row_by_columns<Width>(depth, a, b.from(0, column), c.from(0, column));
    return column;
}

// One row of a and the rows of b, a few vectors of each. A sum that is added to at every step waits
// for itself, so there are eight that do not wait for each other; those of one column meet at the
// end.
template <class Width, std::size_t vectors>
inline void multiply_row_by_rows(std::size_t depth, const View& a, const View& b, const Result& c) {
    constexpr std::size_t parts = 8 / vectors;
    typename Width::Vector sums[parts][vectors] = {}, of_b;
    std::size_t k = 0;
    const auto add_row = [&](std::size_t part) {
#pragma GCC unroll 8
        for (std::size_t v = 0; v < vectors; ++v) {
            load(b.at(k + part, v * Width::lanes), of_b);
            sums[part][v] += *a.at(0, k + part) * of_b;
        }
    };
    for (; k + parts <= depth; k += parts) {
#pragma GCC unroll 8
        for (std::size_t part = 0; part < parts; ++part)
            add_row(part);
    }
    for (; k < depth; ++k)
        add_row(0);
#pragma GCC unroll 8
    for (std::size_t part = 1; part < parts; ++part) {
#pragma GCC unroll 8
        for (std::size_t v = 0; v < vectors; ++v)
            sums[0][v] += sums[part][v];
    }
    write_row<Width, vectors>(sums[0], vectors * Width::lanes, c);
}

// As many columns as there are whole groups of so many vectors, from `column` on. -> the next one
template <class Width, std::size_t vectors>
inline std::size_t multiply_row_groups(std::size_t column, std::size_t columns, std::size_t depth,
                                       const View& a, const View& b, const Result& c) {
    constexpr std::size_t width = vectors * Width::lanes;
    for (; column + width <= columns; column += width)
        multiply_row_by_rows<Width, vectors>(depth, a, b.from(0, column), c.from(0, column));
    return column;
}

// c = or += a · b with a single row, which is what generating a text is made of.
inline void multiply_row(std::size_t columns, std::size_t depth, const View& a, const View& b,
                         const Result& c) {
    std::size_t column = 0;
    if (b.column_stride == 1) {
        column = multiply_row_groups<Wide, 8>(column, columns, depth, a, b, c);
        column = multiply_row_groups<Wide, 2>(column, columns, depth, a, b, c);
        column = multiply_row_groups<Wide, 1>(column, columns, depth, a, b, c);
        column = multiply_row_groups<Narrow, 1>(column, columns, depth, a, b, c);
        if (column < columns)
            multiply_tiles(1, columns - column, depth, a, b.from(0, column), c.from(0, column));
        return;
    }
    if (depth >= Wide::lanes)
        column = multiply_column_groups<Wide>(column, columns, depth, a.data, b, c);
    column = multiply_column_groups<Narrow>(column, columns, depth, a.data, b, c);
    for (; column < columns; ++column) {
        Real sum = c.add ? c.data[column] : 0;
        for (std::size_t k = 0; k < depth; ++k)
            sum += a.data[k] * *b.at(k, column);
        c.data[column] = sum;
    }
}

// c (rows × columns) = or += a (rows × depth) · b (depth × columns).
inline void multiply(std::size_t rows, std::size_t columns, std::size_t depth, const View& a,
                     const View& b, const Result& c) {
    if (rows == 1 && (a.column_stride == 1 || b.column_stride == 1)) {
        multiply_row(columns, depth, a, b, c);
    } else {
        multiply_tiles(rows, columns, depth, a, b, c);
    }
}
