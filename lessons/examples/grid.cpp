#include "grid.h"

#include "terminal/text_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {

namespace {

constexpr std::size_t narrowest_column = 5;

std::size_t widest(const Words& words) {
    std::size_t columns = 0;
    for (const std::string& word : words)
        columns = std::max(columns, columns_of(word));
    return columns;
}

} // namespace

Matrix matrix_of(std::initializer_list<std::initializer_list<Real>> rows) {
    Matrix matrix(rows.size(), rows.begin()->size());
    std::size_t row = 0;
    for (const auto& numbers : rows) {
        std::copy(numbers.begin(), numbers.end(), &matrix(row, 0));
        ++row;
    }
    return matrix;
}

std::string number(Real value, int decimals) {
    if (std::isinf(value)) return value < 0 ? "−∞" : "∞";
    std::string digits = fmt::format("{:.{}f}", std::abs(value), decimals);
    const bool zero = digits.find_first_not_of("0.") == std::string::npos;
    return value < 0 && !zero ? "−" + digits : digits;
}

std::string grid(const std::string& title, const Matrix& matrix, const Words& row_words,
                 const Words& column_words, int decimals) {
    const std::size_t first = widest(row_words) + 2;
    std::string text = fmt::format("{}   {}\n", title, shape_text(matrix));
    std::string line = pad_right("", first);
    for (const std::string& word : column_words)
        line += "  " + pad_left(word, narrowest_column);
    text += line + "\n";
    for (std::size_t row = 0; row < matrix.size1(); ++row) {
        text += pad_right("  " + row_words[row], first);
        for (std::size_t column = 0; column < matrix.size2(); ++column) {
            const std::size_t width = std::max(narrowest_column, columns_of(column_words[column]));
            text += "  " + pad_left(number(matrix(row, column), decimals), width);
        }
        text += "\n";
    }
    return text;
}

} // namespace whirlygig
