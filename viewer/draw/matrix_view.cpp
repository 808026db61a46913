#include "draw/matrix_view.h"

#include "draw/axis_labels.h"
#include "script.h"
#include "trace/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

struct CellPlace {
    std::size_t row, column; // as drawn
};

// Which drawn cells are inside of the clip rectangle: others need no work.
struct Visible {
    std::size_t first_row, end_row, first_column, end_column;
};

std::size_t clamped(float cells, std::size_t most) {
    return static_cast<std::size_t>(std::clamp(cells, 0.0F, static_cast<float>(most)));
}

Visible visible_cells(const MatrixView& view) {
    const ImVec2 low = ImGui::GetWindowDrawList()->GetClipRectMin();
    const ImVec2 high = ImGui::GetWindowDrawList()->GetClipRectMax();
    return {clamped(std::floor((low.y - view.low.y) / view.cell), view.drawn_rows()),
            clamped(std::ceil((high.y - view.low.y) / view.cell), view.drawn_rows()),
            clamped(std::floor((low.x - view.low.x) / view.cell), view.drawn_columns()),
            clamped(std::ceil((high.x - view.low.x) / view.cell), view.drawn_columns())};
}

std::pair<std::size_t, std::size_t> own_indices(const MatrixView& view, CellPlace place) {
    return view.transposed ? std::pair(place.column, place.row)
                           : std::pair(place.row, place.column);
}

// "−6e-4": one digit of a number that two decimals would round to zero.
std::string tiny_digits(double size) {
    const int power = static_cast<int>(std::floor(std::log10(size)));
    const int digit = static_cast<int>(std::lround(size / std::pow(10, power)));
    return digit == 10 ? fmt::format("1e{}", power + 1) : fmt::format("{}e{}", digit, power);
}

// All numbers of a matrix alike, with as many decimals as its largest leaves room for; none when
// they would be misread.
std::string digits_of(double value, double largest, std::size_t most_characters) {
    if (std::isinf(value)) return value < 0 ? "−∞" : "∞";
    if (value == 0) return "0";
    const double size = std::abs(value);
    std::string text;
    if (largest < 0.0995) {
        text = tiny_digits(size);
    } else {
        const std::size_t before = largest < 9.95 ? 1 : largest < 99.5 ? 2 : 3;
        const std::size_t room = most_characters - 2; // without sign and point
        const std::size_t decimals = room > before ? std::min<std::size_t>(room - before, 2) : 0;
        text = fmt::format("{:.{}f}", size, decimals);
        if (text.find_first_not_of("0.") == text.npos) return "0";
    }
    if (text.size() + 1 > most_characters) return "";
    return (value < 0 ? "−" : "") + text;
}

class Painter {
public:
    Painter(Ink& ink, const MatrixView& view)
        : ink(ink),
          view(view),
          largest(largest_of(view.numbers)),
          gap(view.cell >= ink.theme.units(9) ? ink.theme.units(2) : 0),
          letter(Ink::size_of(ink.theme.fonts.tiny_digits, "0")) {}

    void cells() {
        const Visible visible = visible_cells(view);
        for (std::size_t row = visible.first_row; row < visible.end_row; ++row) {
            for (std::size_t column = visible.first_column; column < visible.end_column; ++column)
                cell({row, column});
        }
    }

    // Cells whose numbers are others in the file that is compared with.
    void differences() {
        if (!view.differs) return;
        const float thickness = std::min(ink.theme.units(2), view.cell / 5);
        const Visible visible = visible_cells(view);
        for (std::size_t r = visible.first_row; r < visible.end_row; ++r) {
            for (std::size_t c = visible.first_column; c < visible.end_column; ++c) {
                const auto [row, column] = own_indices(view, {r, c});
                if (!view.differs(row, column)) continue;
                const ImVec2 low = view.low_of(row, column);
                ink.frame(low, {low.x + view.cell - gap, low.y + view.cell - gap},
                          ink.theme.warning, thickness, gap > 0 ? ink.theme.units(3) : 0);
            }
        }
    }

    void current() {
        if (!view.current) return;
        const ImVec2 low = view.low_of(view.current->first, view.current->second);
        const float more = ink.theme.units(2);
        ink.frame({low.x - more, low.y - more},
                  {low.x + view.cell - gap + more, low.y + view.cell - gap + more}, ink.theme.text,
                  ink.theme.units(2), ink.theme.units(5));
    }

private:
    void cell(CellPlace place) {
        const auto [row, column] = own_indices(view, place);
        const ImVec2 low = view.low_of(row, column);
        const ImVec2 high = {low.x + view.cell - gap, low.y + view.cell - gap};
        const float rounding = gap > 0 ? ink.theme.units(3) : 0;
        if (view.lit.contains({row, column})) {
            const float more = std::max(gap, ink.theme.units(1));
            ink.rectangle({low.x - more, low.y - more}, {high.x + more, high.y + more},
                          ink.theme.accent, rounding);
        }
        if (view.masked && view.masked(row, column)) {
            ink.rectangle(low, high, ink.theme.empty_cell, rounding);
            ink.hatch(low, high, ink.theme.faint);
            return;
        }
        if (row * view.numbers.columns + column >= view.computed) {
            ink.rectangle(low, high, ink.theme.empty_cell, rounding);
            return;
        }
        number(low, high, rounding, view.numbers(row, column));
    }

    void number(ImVec2 low, ImVec2 high, float rounding, double value) {
        const bool is_share = view.shading == Shading::of_whole;
        const double share = std::isinf(value) ? (value > 0 ? 1 : -1) : value / largest;
        const ImU32 colour =
            is_share ? colour_of_share(ink.theme, value) : colour_around_zero(ink.theme, share);
        ink.rectangle(low, high, colour, rounding);
        const auto characters = static_cast<std::size_t>((high.x - low.x) / letter.x);
        if (!view.digits || characters < 4 || high.y - low.y < letter.y) return;
        const std::string digits = digits_of(value, is_share ? 1 : largest, characters);
        const ImVec2 at = {(low.x + high.x) / 2, (low.y + high.y - letter.y) / 2};
        ink.text(ink.theme.fonts.tiny_digits, at, readable_on(colour), digits, Align::centre);
    }

    Ink& ink;
    const MatrixView& view;
    double largest;
    float gap;
    ImVec2 letter;
};

// For scripts, which hover and click cells by their names.
void record_cells(Controls& controls, const MatrixView& view) {
    const Visible visible = visible_cells(view);
    for (std::size_t down = visible.first_row; down < visible.end_row; ++down) {
        for (std::size_t right = visible.first_column; right < visible.end_column; ++right) {
            const auto [row, column] = own_indices(view, {down, right});
            const ImVec2 low = view.low_of(row, column);
            const bool computed = row * view.numbers.columns + column < view.computed;
            controls.record(cell_label(view.name, row, column), low,
                            {low.x + view.cell, low.y + view.cell},
                            computed ? number_text(view.numbers(row, column), 4) : "");
        }
    }
}

} // namespace

ImVec2 MatrixView::high() const {
    return {low.x + static_cast<float>(drawn_columns()) * cell,
            low.y + static_cast<float>(drawn_rows()) * cell};
}

ImVec2 MatrixView::low_of(std::size_t row, std::size_t column) const {
    const std::size_t down = transposed ? column : row;
    const std::size_t right = transposed ? row : column;
    return {low.x + static_cast<float>(right) * cell, low.y + static_cast<float>(down) * cell};
}

ImVec2 MatrixView::centre_of(std::size_t row, std::size_t column) const {
    const ImVec2 corner = low_of(row, column);
    return {corner.x + cell / 2, corner.y + cell / 2};
}

double largest_of(const Numbers& numbers) {
    double largest = 1e-30;
    for (std::size_t index = 0; index < numbers.rows * numbers.columns; ++index) {
        const double size = std::abs(static_cast<double>(numbers.data[index]));
        if (std::isfinite(size)) largest = std::max(largest, size);
    }
    return largest;
}

MatrixPointer draw_matrix(Ink& ink, Controls& controls, const MatrixView& view) {
    Painter painter(ink, view);
    painter.cells();
    if (controls.cells_too) record_cells(controls, view);
    painter.differences();
    painter.current();
    draw_labels(ink, view);
    const Pointer pointer = area(controls, view.name + " matrix", view.low, view.high());
    MatrixPointer found;
    if (!pointer.hovered) return found;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const CellPlace place = {clamped((mouse.y - view.low.y) / view.cell, view.drawn_rows() - 1),
                             clamped((mouse.x - view.low.x) / view.cell, view.drawn_columns() - 1)};
    found.hovered = own_indices(view, place);
    found.clicked = pointer.clicked;
    return found;
}

} // namespace whirlygig
