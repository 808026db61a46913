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

constexpr std::size_t lane_count = VECTOR_BYTES / sizeof(Real); // numbers in one vector
constexpr std::size_t tile_rows = VECTOR_BYTES == 64 ? 8 : 6;   // 2 · 6 + 3 of 16 registers
constexpr std::size_t panel_depth = 256;
constexpr std::size_t panel_width = 2 * lane_count;

typedef Real Lanes __attribute__((vector_size(VECTOR_BYTES), aligned(alignof(Real)), may_alias));

// A tile of `rows` × `vectors` vectors: c += a · panel, where the panel has `depth` rows that lie
// `panel_stride` numbers apart. Only the first `columns` columns of c exist.
template <std::size_t rows, std::size_t vectors>
inline void multiply_tile(std::size_t depth, View a, const Real* panel, std::size_t panel_stride,
                          Real* c, std::size_t c_stride, std::size_t columns, bool add) {
    Lanes sums[rows][vectors] = {};
    for (std::size_t k = 0; k < depth; ++k, panel += panel_stride) {
        const Lanes* b = reinterpret_cast<const Lanes*>(panel);
#pragma GCC unroll 8
        for (std::size_t row = 0; row < rows; ++row) {
#pragma GCC unroll 2
            for (std::size_t v = 0; v < vectors; ++v)
                sums[row][v] += *a.at(row, k) * b[v];
        }
    }
    for (std::size_t row = 0; row < rows; ++row, c += c_stride) {
        if (columns == vectors * lane_count) {
            Lanes* whole = reinterpret_cast<Lanes*>(c);
            for (std::size_t v = 0; v < vectors; ++v) {
                whole[v] = add ? whole[v] + sums[row][v] : sums[row][v];
            }
            continue;
        }
        for (std::size_t column = 0; column < columns; ++column) {
            const Real sum = sums[row][column / lane_count][column % lane_count];
            c[column] = add ? c[column] + sum : sum;
        }
    }
}

// All rows of c for one panel.
template <std::size_t vectors>
inline void multiply_strip(std::size_t rows, std::size_t depth, View a, const Real* panel,
                           std::size_t panel_stride, Real* c, std::size_t c_stride,
                           std::size_t columns, bool add) {
    std::size_t row = 0;
    for (; row + tile_rows <= rows; row += tile_rows) {
        multiply_tile<tile_rows, vectors>(depth, a.from(row, 0), panel, panel_stride,
                                          c + row * c_stride, c_stride, columns, add);
    }
    for (; row + 3 <= rows; row += 3) {
        multiply_tile<3, vectors>(depth, a.from(row, 0), panel, panel_stride, c + row * c_stride,
                                  c_stride, columns, add);
    }
    for (; row < rows; ++row) {
        multiply_tile<1, vectors>(depth, a.from(row, 0), panel, panel_stride, c + row * c_stride,
                                  c_stride, columns, add);
    }
}

// Copies `depth` × `columns` numbers of b into the panel, `width` numbers a row, padded with zeros.
inline void copy_panel(View b, std::size_t depth, std::size_t columns, std::size_t width,
                       Real* panel) {
    for (std::size_t k = 0; k < depth; ++k) {
        for (std::size_t column = 0; column < width; ++column) {
            panel[k * width + column] = column < columns ? *b.at(k, column) : Real(0);
        }
    }
}

// c (rows × columns, rows c_stride apart) = or += a (rows × depth) · b (depth × columns).
inline void multiply(std::size_t rows, std::size_t columns, std::size_t depth, View a, View b,
                     Real* c, std::size_t c_stride, bool add) {
    alignas(64) Real panel[panel_depth * panel_width];
    for (std::size_t k = 0; k < depth; k += panel_depth, add = true) {
        const std::size_t deep = std::min(panel_depth, depth - k);
        for (std::size_t column = 0; column < columns; column += panel_width) {
            const std::size_t wide = std::min(panel_width, columns - column);
            const std::size_t padded = wide > lane_count ? panel_width : lane_count;
            const Real* strip = b.at(k, column);
            std::size_t strip_stride = b.row_stride;
            const bool read_often = rows > 2 * tile_rows; // else a copy would not pay
            if (read_often || wide < padded || b.column_stride != 1) {
                copy_panel(b.from(k, column), deep, wide, padded, panel);
                strip = panel;
                strip_stride = padded;
            }
            const auto strip_of = wide > lane_count ? multiply_strip<2> : multiply_strip<1>;
            strip_of(rows, deep, a.from(0, k), strip, strip_stride, c + column, c_stride, wide,
                     add);
        }
    }
}
