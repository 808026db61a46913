#include "draw/matrix_view.h"

#include "draw/axis_labels.h"
#include "draw/box.h"
#include "draw/outlines.h"
#include "script.h"
#include "trace/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

constexpr double smallest_scale = 1e-30; // of a matrix of nothing but 0

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
    return {clamped(std::floor((low.y - view.low.y) / view.cell.y), view.drawn_rows()),
            clamped(std::ceil((high.y - view.low.y) / view.cell.y), view.drawn_rows()),
            clamped(std::floor((low.x - view.low.x) / view.cell.x), view.drawn_columns()),
            clamped(std::ceil((high.x - view.low.x) / view.cell.x), view.drawn_columns())};
}

std::pair<std::size_t, std::size_t> own_indices(const MatrixView& view, CellPlace place) {
    return view.transposed ? std::pair(place.column, place.row)
                           : std::pair(place.row, place.column);
}

// Between cells that are large enough to stand apart.
ImVec2 gap_of(const Theme& theme, ImVec2 cell) {
    const auto gap = [&](float side) { return side >= theme.units(9) ? theme.units(2) : 0; };
    return {gap(cell.x), gap(cell.y)};
}

class Painter {
public:
    Painter(Ink& ink, const MatrixView& view)
        : ink(ink),
          view(view),
          largest(view.full_colour()),
          inner{view.cell.x - gap_of(ink.theme, view.cell).x,
                view.cell.y - gap_of(ink.theme, view.cell).y},
          round(std::min(view.cell.x, view.cell.y) >= ink.theme.units(9)),
          digits(view.digits_of_cells(ink.theme)) {}

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
        const float thickness = std::min(ink.theme.units(2), view.smaller_side() / 5);
        const Visible visible = visible_cells(view);
        for (std::size_t r = visible.first_row; r < visible.end_row; ++r) {
            for (std::size_t c = visible.first_column; c < visible.end_column; ++c) {
                const auto [row, column] = own_indices(view, {r, c});
                if (!view.differs(row, column)) continue;
                const ImVec2 low = view.low_of(row, column);
                ink.frame(low, {low.x + inner.x, low.y + inner.y}, ink.theme.warning, thickness,
                          round ? ink.theme.units(3) : 0);
            }
        }
    }

    // One line around all cells that are read together.
    void outlines() {
        const Theme& theme = ink.theme;
        const float thickness = theme.units(round ? 2 : 1.5F);
        for (const CellRectangle& read : rectangles_of(view.lit)) {
            const ImVec2 one = view.low_of(read.first.first, read.first.second);
            const ImVec2 other = view.low_of(read.last.first, read.last.second);
            const float outer = thickness / 2;
            ink.frame({std::min(one.x, other.x) - outer, std::min(one.y, other.y) - outer},
                      {std::max(one.x, other.x) + inner.x + outer,
                       std::max(one.y, other.y) + inner.y + outer},
                      theme.accent, thickness, round ? theme.units(3) : 0);
        }
    }

    void current() {
        if (!view.current) return;
        const ImVec2 low = view.low_of(view.current->first, view.current->second);
        const float more = ink.theme.units(2);
        ink.frame({low.x - more, low.y - more}, {low.x + inner.x + more, low.y + inner.y + more},
                  ink.theme.text, ink.theme.units(2), ink.theme.units(5));
    }

private:
    void cell(CellPlace place) {
        const auto [row, column] = own_indices(view, place);
        const ImVec2 low = view.low_of(row, column);
        const Box box{low, {low.x + inner.x, low.y + inner.y}};
        const double value = view.numbers(row, column);
        if (row * view.numbers.columns + column >= view.computed) {
            fill(box, ink.theme.empty_cell);
        } else if (view.masked && view.masked(row, column)) {
            // A gradient may reach these cells, but it goes nowhere from here.
            fill(box, value == 0 || std::isinf(value) ? ink.theme.empty_cell : colour_of(value));
            ink.hatch(box.low, box.high, faded(ink.theme.faint, 0.7F));
        } else {
            const ImU32 colour = colour_of(value);
            fill(box, colour);
            if (digits.font != nullptr) write(box, colour, digits.text(value));
        }
    }

    void fill(const Box& box, ImU32 colour) {
        ink.rectangle(box.low, box.high, colour,
                      round ? std::min(ink.theme.units(3), view.smaller_side() / 6) : 0);
    }

    ImU32 colour_of(double value) const {
        if (view.shading == Shading::of_whole) return colour_of_share(ink.theme, value);
        const double share = std::isinf(value) ? (value > 0 ? 1 : -1) : value / largest;
        return colour_around_zero(ink.theme, share);
    }

    void write(const Box& box, ImU32 behind, const std::string& text) {
        const float width = Ink::size_of(digits.font, text).x;
        if (width > box.width() - ink.theme.units(2)) return; // it would touch the border
        ink.text(digits.font, {box.centre().x, box.centre().y - digits.font->FontSize / 2},
                 readable_on(behind), text, Align::centre);
    }

    Ink& ink;
    const MatrixView& view;
    double largest;
    ImVec2 inner; // of a cell, without the gap
    bool round;   // its corners
    CellDigits digits;
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
                            {low.x + view.cell.x, low.y + view.cell.y},
                            computed ? number_text(view.numbers(row, column), 4) : "");
        }
    }
}

} // namespace

ImVec2 MatrixView::high() const {
    return {low.x + static_cast<float>(drawn_columns()) * cell.x,
            low.y + static_cast<float>(drawn_rows()) * cell.y};
}

ImVec2 MatrixView::low_of(std::size_t row, std::size_t column) const {
    const std::size_t down = transposed ? column : row;
    const std::size_t right = transposed ? row : column;
    return {low.x + static_cast<float>(right) * cell.x, low.y + static_cast<float>(down) * cell.y};
}

ImVec2 MatrixView::centre_of(std::size_t row, std::size_t column) const {
    const ImVec2 corner = low_of(row, column);
    return {corner.x + cell.x / 2, corner.y + cell.y / 2};
}

float MatrixView::smaller_side() const {
    return std::min(cell.x, cell.y);
}

double MatrixView::full_colour() const {
    if (shading == Shading::of_whole) return 1;
    return scale > 0 ? scale : largest_of(numbers);
}

CellDigits MatrixView::digits_of_cells(const Theme& theme) const {
    if (!digits) return {};
    CellDigits found = digits_for(theme, full_colour(), cell.x - gap_of(theme, cell).x,
                                  cell.y - gap_of(theme, cell).y);
    if (shading == Shading::of_whole) found.decimals = 2; // a share: "0.42"
    return found;
}

std::string MatrixView::note(const Theme& theme) const {
    std::string words;
    if (full_colour() <= smallest_scale) return words; // there is nothing but 0
    if (says_scale && shading == Shading::around_zero)
        words = fmt::format("±{}", number_text(full_colour(), 2));
    const CellDigits shown = digits_of_cells(theme);
    if (shown.font == nullptr || shown.power == 0) return words;
    return words + (words.empty() ? "" : ", ") + power_in_words(shown.power);
}

double largest_of(const Numbers& numbers) {
    double largest = smallest_scale;
    for (std::size_t index = 0; index < numbers.rows * numbers.columns; ++index) {
        const double size = std::abs(static_cast<double>(numbers.data[index]));
        if (std::isfinite(size)) largest = std::max(largest, size);
    }
    return largest;
}

MatrixPointer draw_cells(Ink& ink, Controls& controls, const MatrixView& view) {
    Painter painter(ink, view);
    painter.cells();
    if (controls.cells_too) record_cells(controls, view);
    painter.differences();
    painter.outlines();
    painter.current();
    const Pointer pointer = area(controls, view.name + " matrix", view.low, view.high());
    MatrixPointer found;
    if (!pointer.hovered) return found;
    const ImVec2 mouse = ImGui::GetIO().MousePos;
    const CellPlace place = {
        clamped((mouse.y - view.low.y) / view.cell.y, view.drawn_rows() - 1),
        clamped((mouse.x - view.low.x) / view.cell.x, view.drawn_columns() - 1)};
    found.hovered = own_indices(view, place);
    found.clicked = pointer.clicked;
    return found;
}

MatrixPointer draw_matrix(Ink& ink, Controls& controls, const MatrixView& view) {
    const MatrixPointer pointer = draw_cells(ink, controls, view);
    draw_labels(ink, view);
    return pointer;
}

} // namespace whirlygig
