#include "draw/axis_labels.h"

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

// Every label that has room; where rows are narrow, every second, fifth, tenth ...
std::size_t stride_of(float cell, float room) {
    for (const std::size_t stride : {1, 2, 5, 10, 20, 50}) {
        if (cell * static_cast<float>(stride) >= room) return stride;
    }
    return 100;
}

void row_labels(Ink& ink, const MatrixView& view) {
    const std::vector<std::string>& labels = view.rows.labels;
    ImFont* font = ink.theme.fonts.small;
    const std::size_t stride = stride_of(view.cell, font->FontSize);
    for (std::size_t row = 0; row < labels.size(); row += stride) {
        const float x = view.low.x - ink.theme.units(8);
        const float middle = view.low.y + (static_cast<float>(row) + 0.5F) * view.cell;
        const bool here =
            view.current && (view.transposed ? view.current->second : view.current->first) == row;
        const ImU32 colour = here ? ink.theme.accent : ink.theme.text;
        ink.text(font, {x, middle - font->FontSize / 2}, colour, labels[row], Align::right);
    }
}

// How the labels stand above the columns: words that would run into each other climb up in steps.
struct ColumnLabels {
    const std::vector<std::string>& labels;
    std::size_t stride = 1; // every so manieth is written
    std::size_t steps = 1;  // in how many lines they stand
};

float widest_of(const Theme& theme, const std::vector<std::string>& labels) {
    float widest = 0;
    for (const std::string& label : labels)
        widest = std::max(widest, Ink::size_of(theme.fonts.small, label).x);
    return widest;
}

ColumnLabels column_labels_of(const Theme& theme, const MatrixView& view) {
    constexpr std::size_t most_steps = 3;
    const AxisLabels& axis = view.columns;
    const float room = widest_of(theme, axis.labels) + theme.units(6);
    if (axis.brief.empty() || axis.labels.empty())
        return {axis.labels, stride_of(view.cell, room), 1}; // numbers
    const auto steps = static_cast<std::size_t>(std::ceil(room / view.cell));
    if (steps <= most_steps) return {axis.labels, 1, std::max<std::size_t>(steps, 1)};
    const float brief = widest_of(theme, axis.brief) + theme.units(6);
    return {axis.brief, stride_of(view.cell, brief), 1};
}

void column_labels(Ink& ink, const MatrixView& view) {
    const ColumnLabels shown = column_labels_of(ink.theme, view);
    ImFont* font = ink.theme.fonts.small;
    for (std::size_t column = 0; column < shown.labels.size(); column += shown.stride) {
        const float middle = view.low.x + (static_cast<float>(column) + 0.5F) * view.cell;
        const bool here = view.current &&
                          (view.transposed ? view.current->first : view.current->second) == column;
        const auto climb = static_cast<float>(column % shown.steps);
        const float y = view.low.y - (climb + 1) * font->FontSize * 1.1F - ink.theme.units(4);
        if (climb > 0) {
            ink.line({middle, y + font->FontSize}, {middle, view.low.y - ink.theme.units(3)},
                     ink.theme.edge, ink.theme.units(1));
        }
        ink.text(font, {middle, y}, here ? ink.theme.accent : ink.theme.dim, shown.labels[column],
                 Align::centre);
    }
}

std::size_t label_lines(const Theme& theme, const MatrixView& view) {
    return view.columns.labels.empty() ? 0 : column_labels_of(theme, view).steps;
}

void caption(Ink& ink, const MatrixView& view) {
    const Theme& theme = ink.theme;
    const float above =
        static_cast<float>(label_lines(theme, view)) * theme.fonts.small->FontSize * 1.1F +
        theme.units(8);
    const ImVec2 top = {view.low.x, view.low.y - above - theme.fonts.small->FontSize};
    ink.text(theme.fonts.text, {top.x, top.y - theme.units(6)}, theme.text, view.caption);
}

} // namespace

void draw_labels(Ink& ink, const MatrixView& view) {
    row_labels(ink, view);
    column_labels(ink, view);
    caption(ink, view);
}

Margins margins_of(const Theme& theme, const MatrixView& view) {
    Margins margins;
    ImFont* font = theme.fonts.small;
    for (const std::string& label : view.rows.labels)
        margins.left = std::max(margins.left, Ink::size_of(font, label).x + theme.units(10));
    const float labels = static_cast<float>(label_lines(theme, view)) * font->FontSize * 1.1F;
    margins.top = labels + theme.fonts.text->FontSize + theme.units(12);
    const float cells = view.cell * static_cast<float>(view.drawn_columns());
    const float caption = Ink::size_of(theme.fonts.text, view.caption).x;
    margins.right = std::max(0.0F, caption - cells);
    for (const std::string& label : column_labels_of(theme, view).labels) {
        // It is centred, so half of it stands out.
        const float out = (Ink::size_of(font, label).x - view.cell) / 2;
        margins.right = std::max(margins.right, out);
        margins.left = std::max(margins.left, out);
    }
    return margins;
}

} // namespace whirlygig
