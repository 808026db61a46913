#include "terminal/matrix_text.h"

#include "terminal/cell_colour.h"
#include "terminal/text_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

struct Band {
    std::size_t first, end; // columns
};

// The widths of everything, found before anything is written.
class Layout {
public:
    Layout(const MatrixPicture& picture, std::size_t width)
        : picture(picture) {
        find_style();
        for (const std::string& label : picture.row_labels)
            label_width = std::max(label_width, columns_of(label));
        label_width = std::min(label_width, std::max<std::size_t>(9, width / 3));
        find_column_widths(width);
        find_bands(width);
    }

    bool masked(std::size_t row, std::size_t column) const {
        return picture.masked && picture.masked(row, column);
    }

    std::string text(std::size_t row, std::size_t column) const {
        return masked(row, column) ? "·" : styled(picture.numbers(row, column), style);
    }

    double largest = 0; // number that is shown, without its sign
    std::size_t label_width = 0;
    std::vector<std::size_t> column_widths;
    std::vector<Band> bands;

private:
    void find_style() {
        for (const std::size_t row : picture.rows) {
            for (std::size_t column = 0; column < picture.column_labels.size(); ++column) {
                const double size = std::abs(picture.numbers(row, column));
                if (!masked(row, column) && std::isfinite(size)) largest = std::max(largest, size);
            }
        }
        const bool shares = picture.shading == Shading::of_whole;
        style = choose_style(shares ? 1 : largest, picture.digits);
    }

    void find_column_widths(std::size_t width) {
        std::size_t number_width = 1;
        for (const std::size_t row : picture.rows) {
            for (std::size_t column = 0; column < picture.column_labels.size(); ++column)
                number_width = std::max(number_width, columns_of(text(row, column)));
        }
        const std::size_t widest_word = std::max(number_width, width / 4);
        for (const ColumnLabel& label : picture.column_labels) {
            const std::size_t words = std::max(columns_of(label.number), columns_of(label.word));
            column_widths.push_back(std::max(number_width, std::min(words, widest_word)));
        }
    }

    void find_bands(std::size_t width) {
        std::size_t used = 0;
        for (std::size_t column = 0; column < column_widths.size(); ++column) {
            const std::size_t needed = 2 + column_widths[column];
            if (bands.empty() || used + needed > width) {
                bands.push_back({column, column});
                used = label_width;
            }
            used += needed;
            bands.back().end = column + 1;
        }
    }

    const MatrixPicture& picture;
    NumberStyle style;
};

// Above each of several bands: what the axes are, and which columns follow.
std::string band_title(const MatrixPicture& picture, const Layout& layout, const Band& band,
                       std::size_t width) {
    if (layout.bands.size() == 1 && band.end == picture.numbers.columns) return "";
    const std::string columns = band.end == band.first + 1
                                    ? fmt::format("column {}", band.first)
                                    : fmt::format("columns {} to {}", band.first, band.end - 1);
    return wrap(fmt::format("{}{} of 0 to {}:", picture.axes, columns, picture.numbers.columns - 1),
                width) +
           "\n";
}

std::string head_line(const MatrixPicture& picture, const Layout& layout, const Band& band,
                      std::string ColumnLabel::*part) {
    std::string line(layout.label_width, ' ');
    bool empty = true;
    for (std::size_t column = band.first; column < band.end; ++column) {
        const std::string& label = picture.column_labels[column].*part;
        const std::size_t room = layout.column_widths[column];
        line += "  " + pad_left(cut(label, room), room);
        empty = empty && label.empty();
    }
    return empty ? "" : without_blanks_behind(line);
}

std::optional<CellColour> background(const MatrixPicture& picture, const Layout& layout,
                                     std::size_t row, std::size_t column) {
    const double value = picture.numbers(row, column);
    if (layout.masked(row, column) || !std::isfinite(value)) return std::nullopt;
    switch (picture.shading) {
    case Shading::around_zero:
        return layout.largest > 0 ? colour_around_zero(value / layout.largest) : std::nullopt;
    case Shading::of_whole:
        return colour_of_share(value);
    case Shading::none:
        break;
    }
    return std::nullopt;
}

std::string row_line(const MatrixPicture& picture, const Layout& layout, const Band& band,
                     std::size_t index, Colours colours) {
    const std::size_t row = picture.rows[index];
    std::string line =
        pad_right(cut(picture.row_labels[index], layout.label_width), layout.label_width);
    for (std::size_t column = band.first; column < band.end; ++column) {
        // One of the two blanks before a number belongs to its coloured cell.
        const std::string cell =
            " " + pad_left(layout.text(row, column), layout.column_widths[column]);
        line += " " + on_background(cell, background(picture, layout, row, column), colours);
    }
    return line + "\n";
}

} // namespace

std::string matrix_text(const MatrixPicture& picture, std::size_t width, Colours colours) {
    const Layout layout(picture, width);
    std::string text;
    for (const Band& band : layout.bands) {
        if (!text.empty()) text += "\n";
        text += band_title(picture, layout, band, width);
        text += head_line(picture, layout, band, &ColumnLabel::number);
        text += head_line(picture, layout, band, &ColumnLabel::word);
        for (std::size_t index = 0; index < picture.rows.size(); ++index)
            text += row_line(picture, layout, band, index, colours);
    }
    return text;
}

std::size_t columns_in_bands(const MatrixPicture& picture, std::size_t width, std::size_t bands) {
    const Layout layout(picture, width);
    if (layout.bands.empty() || bands == 0) return 0;
    return layout.bands[std::min(bands, layout.bands.size()) - 1].end;
}

} // namespace whirlygig
