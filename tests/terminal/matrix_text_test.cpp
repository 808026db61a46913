#include "terminal/matrix_text.h"

#include "support/traced_example.h"
#include "terminal/cell_colour.h"
#include "terminal/text_layout.h"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>
#include <optional>
#include <regex>
#include <sstream>

using namespace whirlygig;
using support::lines_of;

namespace {

// A matrix whose numbers are all different: 12.03 in row 12, column 3.
struct Example {
    Matrix matrix;
    MatrixPicture picture;

    Example(std::size_t rows, std::size_t columns)
        : matrix(rows, columns) {
        for (std::size_t row = 0; row < rows; ++row) {
            for (std::size_t column = 0; column < columns; ++column)
                matrix(row, column) = static_cast<Real>(row + 1) + static_cast<Real>(column) / 100;
        }
        picture.numbers = numbers_of(matrix);
        picture.rows.resize(rows);
        std::iota(picture.rows.begin(), picture.rows.end(), std::size_t(0));
        for (std::size_t row = 0; row < rows; ++row)
            picture.row_labels.push_back("label" + std::to_string(row));
        for (std::size_t column = 0; column < columns; ++column)
            picture.column_labels.push_back({std::to_string(column), ""});
        picture.shading = Shading::around_zero;
        picture.digits = 4;
    }
};

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream stream(line);
    return {std::istream_iterator<std::string>(stream), {}};
}

// The texts of a row's cells over all bands, in order.
std::vector<std::string> cells_of_row(const std::string& text, const std::string& label) {
    std::vector<std::string> cells;
    for (const std::string& line : lines_of(text)) {
        std::vector<std::string> words = words_of(line);
        if (words.empty() || words.front() != label) continue;
        cells.insert(cells.end(), words.begin() + 1, words.end());
    }
    return cells;
}

std::string without_colours(const std::string& text) {
    return std::regex_replace(text, std::regex("\x1b\\[[0-9;]*m"), "");
}

} // namespace

TEST(MatrixText, ShowsEveryCellExactlyOnceAtAnyWidth) {
    const Example example(5, 23);
    for (const std::size_t width : {40u, 41u, 57u, 80u, 133u, 400u}) {
        const std::string text = matrix_text(example.picture, width, Colours::none);
        for (std::size_t row = 0; row < 5; ++row) {
            const auto cells = cells_of_row(text, "label" + std::to_string(row));
            ASSERT_EQ(cells.size(), 23u) << text;
            for (std::size_t column = 0; column < 23; ++column)
                EXPECT_NEAR(std::stod(cells[column]), example.matrix(row, column), 0.0005);
        }
        for (const std::string& line : lines_of(text))
            EXPECT_LE(columns_of(line), width) << line;
    }
}

TEST(MatrixText, NamesTheColumnsOfEachBand) {
    Example example(2, 23);
    example.picture.axes = "row looks at column; ";
    const std::string folded = matrix_text(example.picture, 40, Colours::none);
    EXPECT_NE(folded.find("row looks at column; columns 0 to 3 of 0\nto 22:"), std::string::npos)
        << folded;
    const std::string whole = matrix_text(example.picture, 400, Colours::none);
    EXPECT_EQ(whole.find("columns"), std::string::npos);
}

TEST(MatrixText, AlignsWideLabels) {
    Example example(2, 2);
    example.picture.row_labels = {"你好", "the"};
    example.picture.column_labels = {{"0", "你好"}, {"1", "creature"}};
    EXPECT_EQ(matrix_text(example.picture, 80, Colours::none), "          0         1\n"
                                                               "       你好  creature\n"
                                                               "你好  1.000     1.010\n"
                                                               "the   2.000     2.010\n");
}

TEST(MatrixText, CutsLabelsAndNeverNumbers) {
    Example example(2, 2);
    const std::string monster(200, 'x');
    example.picture.row_labels = {monster, monster};
    example.picture.column_labels = {{"0", monster}, {"1", monster}};
    example.picture.digits = 17;
    const std::string text = matrix_text(example.picture, 40, Colours::none);
    for (const std::string& line : lines_of(text))
        EXPECT_LE(columns_of(line), 40u) << line;
    EXPECT_NE(text.find("xxx…"), std::string::npos);
    EXPECT_NE(text.find("1.0000000000000000"), std::string::npos) << text;
}

TEST(MatrixText, MarksMaskedCells) {
    Example example(3, 3);
    example.matrix(0, 2) = 0;
    example.matrix(2, 0) = Real(1e-9);
    example.matrix(2, 1) = Real(-1e-9);
    example.picture.masked = [](std::size_t row, std::size_t column) { return column > row + 1; };
    const std::string text = matrix_text(example.picture, 80, Colours::full);
    const std::string plain = without_colours(text);
    // Masked, computed but too small, and exactly zero are three different things.
    EXPECT_EQ(cells_of_row(plain, "label0")[2], "·");
    EXPECT_EQ(cells_of_row(plain, "label2")[0], "0.000");
    EXPECT_EQ(cells_of_row(plain, "label2")[1], "−0.000");
    example.matrix(2, 0) = 0;
    EXPECT_EQ(cells_of_row(matrix_text(example.picture, 80, Colours::none), "label2")[0], "0");
}

TEST(MatrixText, WritesInfinityAndScalesByTheOthers) {
    Example example(2, 2);
    example.matrix(0, 1) = -std::numeric_limits<Real>::infinity();
    const std::string text = matrix_text(example.picture, 80, Colours::palette);
    EXPECT_NE(text.find("−∞"), std::string::npos);
    EXPECT_EQ(cells_of_row(without_colours(text), "label1")[1], "2.010");
}

TEST(MatrixText, UsesExponentsForVerySmallAndVeryLargeNumbers) {
    Example example(2, 2);
    example.matrix *= Real(1e-9);
    EXPECT_EQ(cells_of_row(matrix_text(example.picture, 80, Colours::none), "label1")[1],
              "2.01e-09");
    example.matrix *= Real(1e20);
    EXPECT_EQ(cells_of_row(matrix_text(example.picture, 80, Colours::none), "label1")[1],
              "2.01e+11");
}

TEST(MatrixText, SaysTheSameWithAndWithoutColours) {
    Example example(4, 19);
    example.matrix(1, 3) = Real(-2.5);
    const std::string plain = matrix_text(example.picture, 60, Colours::none);
    EXPECT_EQ(plain.find('\x1b'), std::string::npos);
    for (const Colours colours : {Colours::palette, Colours::full}) {
        const std::string coloured = matrix_text(example.picture, 60, colours);
        EXPECT_NE(coloured.find('\x1b'), std::string::npos);
        EXPECT_EQ(without_colours(coloured), plain);
    }
}

TEST(MatrixText, IsOrangeAboveZeroAndBlueBelow) {
    Example example(1, 3);
    example.matrix(0, 0) = 2;
    example.matrix(0, 1) = -2;
    example.matrix(0, 2) = Real(0.01);
    const std::string text = matrix_text(example.picture, 80, Colours::palette);
    const auto painted = [](std::optional<CellColour> colour, const std::string& number) {
        return on_background(number, colour, Colours::palette);
    };
    EXPECT_NE(text.find(painted(colour_around_zero(1), "  2.000")), std::string::npos);
    EXPECT_NE(text.find(painted(colour_around_zero(-1), " −2.000")), std::string::npos);
    EXPECT_NE(text.find("   0.010\n"), std::string::npos);
}

TEST(MatrixText, CountsTheColumnsOfTheFirstBands) {
    const Example example(2, 23);
    // 40 columns: 6 for the label, and 2 + 5 for each number.
    EXPECT_EQ(columns_in_bands(example.picture, 40, 1), 4u);
    EXPECT_EQ(columns_in_bands(example.picture, 40, 2), 8u);
    EXPECT_EQ(columns_in_bands(example.picture, 40, 100), 23u);
    EXPECT_EQ(columns_in_bands(example.picture, 40, 0), 0u);
}
