// One kernel for all three products:  c = a · b  or  c += a · b, on strided views of row-major
// numbers, so that a transposed matrix is only a view with its two strides exchanged. A single row
// is multiplied in another way, see product_row.h, and so are thin products, see product_thin.h.
//
// The idea: a small tile of c (a few rows, one or two vectors wide) stays in the processor's
// registers for the whole sum, so each number loaded from memory feeds many multiply-adds. Where
// very many tiles read the same part of b, it is first copied into a panel that fits the fastest
// cache; a copy also undoes a transposition.
//
// No include guard: product.cpp includes this once per instruction set, each time inside another
// namespace and with another VECTOR_BYTES.
#include "product_vectors.h"

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

// Lines of memory that are needed soon, in runs of neighbours. Memory is slower than the
// multiplications, and a processor that is asked for many lines at once stops and waits. So while
// one tile is multiplied, every step asks for one line of what comes after it. To ask for one
// behind the end of a matrix does no harm.
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
    if constexpr (fetches_ahead<vectors>) {
#pragma GCC unroll 8
        for (std::size_t row = 0; row < rows; ++row) {
#pragma GCC unroll 8
            for (std::size_t v = 0; v < vectors; ++v)
                __builtin_prefetch(c.from(row, v * Width::lanes).data, 1);
        }
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

// Copies a square so that its rows become columns. One row is `from_stride` (in the copy:
// `to_stride`) apart from the next.
template <class Width>
inline void transpose_square(const Real* from, std::size_t from_stride, Real* to,
                             std::size_t to_stride) {
    typename Width::Vector columns[Width::lanes];
    load_columns<Width>(from, from_stride, columns);
#pragma GCC unroll 16
    for (std::size_t column = 0; column < Width::lanes; ++column)
        store(columns[column], to + column * to_stride);
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
            // A copy pays when the rows lie far apart and are read very often.
            const bool spread_out = b.row_stride > 3 * panel_width && rows > 32 * tile_rows;
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
