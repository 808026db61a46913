// The kernel for thin products: those of a head that is four numbers wide, with four columns or
// with sums of four, and those with a lone column. Tiles would fill a quarter of a wide vector or
// less; here all vectors are full, and shuffled until each number is where it belongs.
//
// No include guard: it follows product_kernel.h and product_row.h, see there.

// c = or += a · b where c has four columns and nothing between its rows, for as many rows as fill
// wide vectors. Each vector holds a part of one column of c, and of a, too: either a is the
// transpose of a stored matrix, or its depth fills wide vectors and it is turned here. -> the next
// row
template <bool turned>
[[gnu::noinline]] inline std::size_t multiply_four_columns(std::size_t rows, std::size_t depth,
                                                           const View& a, const View& b,
                                                           const Result& c) {
    std::size_t row = 0;
    for (; row + Wide::lanes <= rows; row += Wide::lanes) {
        Wide::Vector columns[4] = {};
        const auto add_step = [&](const Wide::Vector& of_a, std::size_t k) {
#pragma GCC unroll 4
            for (std::size_t column = 0; column < 4; ++column)
                columns[column] += of_a * *b.at(k, column);
        };
        if constexpr (turned) {
            Wide::Vector of_a[Wide::lanes];
            for (std::size_t k = 0; k < depth; k += Wide::lanes) {
                load_columns<Wide>(a.at(row, k), a.row_stride, of_a);
#pragma GCC unroll 16
                for (std::size_t i = 0; i < Wide::lanes; ++i)
                    add_step(of_a[i], k + i);
            }
        } else {
            Wide::Vector of_a;
            for (std::size_t k = 0; k < depth; ++k) {
                load(a.at(row, k), of_a);
                add_step(of_a, k);
            }
        }
        weave_pairs<Wide, 2, Wide::lanes>(columns);
        weave_pairs<Wide, 1, Wide::lanes>(columns); // now they are rows
#pragma GCC unroll 4
        for (std::size_t part = 0; part < 4; ++part)
            write_vector(columns[part], c.from(row, part * Wide::lanes));
    }
    return row;
}

// c = or += a · b where each number is a sum of four and b is the transpose of a stored matrix, for
// as many columns as fill wide vectors. -> the next column
[[gnu::noinline]] inline std::size_t multiply_four_steps(std::size_t rows, std::size_t columns,
                                                         const View& a, const View& b,
                                                         const Result& c) {
    std::size_t column = 0;
    for (; column + Wide::lanes <= columns; column += Wide::lanes) {
        Wide::Vector of_b[4];
#pragma GCC unroll 4
        for (std::size_t part = 0; part < 4; ++part)
            load(b.at(0, column) + part * Wide::lanes, of_b[part]);
        deal_pairs<Wide, 1, 1>(of_b);
        deal_pairs<Wide, 2, 1>(of_b); // now they are the rows of b
        for (std::size_t row = 0; row < rows; ++row) {
            Wide::Vector sum = {};
#pragma GCC unroll 4
            for (std::size_t k = 0; k < 4; ++k)
                sum += *a.at(row, k) * of_b[k];
            write_vector(sum, c.from(row, column));
        }
    }
    return column;
}

// c = or += a · b where c has one column. Turned, it is one row, for which there is a kernel: the
// factors are exchanged.
[[gnu::noinline]] inline void multiply_column(std::size_t rows, std::size_t depth, const View& a,
                                              const View& b, const Result& c) {
    constexpr std::size_t most = 256;
    Real of_b[most], sums[most]; // the columns of b and c, with nothing between their numbers
    for (std::size_t k = 0; k < depth; k += most) {
        const std::size_t steps = std::min(most, depth - k);
        for (std::size_t i = 0; i < steps; ++i)
            of_b[i] = *b.at(k + i, 0);
        for (std::size_t row = 0; row < rows; row += most) {
            const std::size_t count = std::min(most, rows - row);
            const View turned_a{a.at(row, k), a.column_stride, a.row_stride};
            multiply_row(count, steps, of_b, turned_a, {sums, most, false});
            for (std::size_t i = 0; i < count; ++i) {
                Real& sum = *c.from(row + i, 0).data;
                sum = c.add || k > 0 ? sum + sums[i] : sums[i];
            }
        }
    }
}

// c = or += a · b: what is thin in one of these ways, and tiles for the rest.
inline void multiply_rows(std::size_t rows, std::size_t columns, std::size_t depth, const View& a,
                          const View& b, const Result& c) {
    constexpr std::size_t lanes = Wide::lanes;
    if (columns % lanes == 1) {
        --columns;
        multiply_column(rows, depth, a, b.from(0, columns), c.from(0, columns));
    }
    const bool is_transposed = a.row_stride == 1;
    if (c.stride == 4 && rows >= lanes && (is_transposed || depth % lanes == 0)) {
        const auto multiply =
            is_transposed ? multiply_four_columns<false> : multiply_four_columns<true>;
        const std::size_t row = multiply(rows, depth, a, b, c);
        if (row < rows)
            multiply_tiles(rows - row, columns, depth, a.from(row, 0), b, c.from(row, 0));
    } else if (depth == 4 && columns >= lanes && b.row_stride == 1) {
        const std::size_t column = multiply_four_steps(rows, columns, a, b, c);
        if (column < columns)
            multiply_tiles(rows, columns - column, depth, a, b.from(0, column), c.from(0, column));
    } else {
        multiply_tiles(rows, columns, depth, a, b, c);
    }
}
