// The kernel for c = a · b or c += a · b with a single row, which is what generating a text is made
// of: there is no tile to keep, for each number of b is used only once.
//
// No include guard: it follows product_kernel.h, see there.

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
inline void multiply_row_by_rows(std::size_t depth, const Real* a, const View& b, const Result& c) {
    constexpr std::size_t parts = 8 / vectors;
    typename Width::Vector sums[parts][vectors] = {}, of_b;
    std::size_t k = 0;
    const auto add_row = [&](std::size_t part) {
#pragma GCC unroll 8
        for (std::size_t v = 0; v < vectors; ++v) {
            load(b.at(k + part, v * Width::lanes), of_b);
            sums[part][v] += a[k + part] * of_b;
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
                                       const Real* a, const View& b, const Result& c) {
    constexpr std::size_t width = vectors * Width::lanes;
    for (; column + width <= columns; column += width)
        multiply_row_by_rows<Width, vectors>(depth, a, b.from(0, column), c.from(0, column));
    return column;
}

// c = or += a · b, where a is one row of numbers.
inline void multiply_row(std::size_t columns, std::size_t depth, const Real* a, const View& b,
                         const Result& c) {
    std::size_t column = 0;
    if (b.column_stride == 1) {
        column = multiply_row_groups<Wide, 8>(column, columns, depth, a, b, c);
        column = multiply_row_groups<Wide, 2>(column, columns, depth, a, b, c);
        column = multiply_row_groups<Wide, 1>(column, columns, depth, a, b, c);
        column = multiply_row_groups<Narrow, 1>(column, columns, depth, a, b, c);
    } else {
        if (depth >= Wide::lanes)
            column = multiply_column_groups<Wide>(column, columns, depth, a, b, c);
        column = multiply_column_groups<Narrow>(column, columns, depth, a, b, c);
    }
    for (; column < columns; ++column) {
        Real sum = c.add ? c.data[column] : 0;
        for (std::size_t k = 0; k < depth; ++k)
            sum += a[k] * *b.at(k, column);
        c.data[column] = sum;
    }
}
