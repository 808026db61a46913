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

// What has been written along an axis, in pixels from its beginning.
class TakenRoom {
public:
    bool take(float from, float to) {
        for (const auto& [low, high] : taken) {
            if (from < high && to > low) return false;
        }
        taken.emplace_back(from, to);
        return true;
    }

private:
    std::vector<std::pair<float, float>> taken;
};

// Where there is no room for all labels: what is framed comes first, then what matters to the text,
// then as many of the others as can stand at even distances.
std::vector<std::size_t> by_importance(const AxisLabels& axis, std::optional<std::size_t> current,
                                       std::size_t stride) {
    std::vector<std::size_t> order;
    const auto add = [&](std::size_t index) {
        if (index < axis.labels.size() && std::ranges::find(order, index) == order.end())
            order.push_back(index);
    };
    if (current) add(*current);
    for (const std::size_t index : axis.first)
        add(index);
    for (std::size_t index = 0; index < axis.labels.size(); index += stride)
        add(index);
    return order;
}

std::optional<std::size_t> marked_row(const MatrixView& view) {
    if (!view.current) return view.rows.marked;
    return view.transposed ? view.current->second : view.current->first;
}

std::optional<std::size_t> marked_column(const MatrixView& view) {
    if (!view.current) return view.columns.marked;
    return view.transposed ? view.current->first : view.current->second;
}

// The smaller letters where only they let each row have its label.
ImFont* row_font(const Theme& theme, float cell) {
    const bool small = cell < theme.fonts.small->FontSize && cell >= theme.units(9);
    return small ? theme.fonts.cells : theme.fonts.small;
}

void row_labels(Ink& ink, const MatrixView& view) {
    const Theme& theme = ink.theme;
    ImFont* font = row_font(theme, view.cell.y);
    const bool one_each = font != theme.fonts.small; // small letters may stand close together
    const float height = one_each ? view.cell.y : font->FontSize;
    const std::optional<std::size_t> current = marked_row(view);
    const float gap = view.cell.y >= theme.units(9) ? theme.units(2) : 0; // below each row
    TakenRoom taken;
    for (const std::size_t row :
         by_importance(view.rows, current, stride_of(view.cell.y, height))) {
        const float middle = (static_cast<float>(row) + 0.5F) * view.cell.y - gap / 2;
        if (!taken.take(middle - height / 2 + 0.5F, middle + height / 2 - 0.5F)) continue;
        // Small letters have more room above them than below.
        const float y = view.low.y + middle - font->FontSize * 0.56F;
        const ImU32 colour = row == current ? theme.accent : theme.text;
        ink.text(font, {view.low.x - theme.units(8), y}, colour, view.rows.labels[row],
                 Align::right);
    }
}

// How the labels stand above the columns: words that would run into each other climb up in steps.
struct ColumnLabels {
    const std::vector<std::string>& labels;
    std::size_t stride = 1; // every so manieth is written
    std::size_t steps = 1;  // in how many lines they stand
    float widest = 0;       // of the labels that are written
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
    if (axis.labels.empty()) return {axis.labels};
    const float widest = widest_of(theme, axis.labels), room = widest + theme.units(6);
    if (axis.brief.empty()) // numbers
        return {axis.labels, stride_of(view.cell.x, room), 1, widest};
    const auto steps = static_cast<std::size_t>(std::ceil(room / view.cell.x));
    if (steps <= most_steps) return {axis.labels, 1, std::max<std::size_t>(steps, 1), widest};
    const float brief = widest_of(theme, axis.brief);
    return {axis.brief, stride_of(view.cell.x, brief + theme.units(6)), 1, brief};
}

// All of them in steps.
void climbing_labels(Ink& ink, const MatrixView& view, const ColumnLabels& shown) {
    const Theme& theme = ink.theme;
    ImFont* font = theme.fonts.small;
    for (std::size_t column = 0; column < shown.labels.size(); ++column) {
        const float middle = view.low.x + (static_cast<float>(column) + 0.5F) * view.cell.x;
        const auto climb = static_cast<float>(column % shown.steps);
        const float y = view.low.y - (climb + 1) * font->FontSize * 1.1F - theme.units(4);
        if (climb > 0) {
            ink.line({middle, y + font->FontSize}, {middle, view.low.y - theme.units(3)},
                     theme.edge, theme.units(1));
        }
        ink.text(font, {middle, y}, column == marked_column(view) ? theme.accent : theme.dim,
                 shown.labels[column], Align::centre);
    }
}

// In one line, as many as there is room for.
void labels_in_line(Ink& ink, const MatrixView& view, const ColumnLabels& shown) {
    const Theme& theme = ink.theme;
    ImFont* font = theme.fonts.small;
    const std::optional<std::size_t> current = marked_column(view);
    const float y = view.low.y - font->FontSize * 1.1F - theme.units(4);
    const float width = view.cell.x * static_cast<float>(view.drawn_columns());
    TakenRoom taken;
    const std::size_t stride = view.columns.words ? 1 : shown.stride;
    for (const std::size_t column : by_importance(view.columns, current, stride)) {
        const bool matters = column == current || std::ranges::find(view.columns.first, column) !=
                                                      view.columns.first.end();
        const std::string& label =
            matters || view.columns.words ? view.columns.labels[column] : shown.labels[column];
        const float wide = Ink::size_of(font, label).x;
        const float centre = (static_cast<float>(column) + 0.5F) * view.cell.x;
        // Words stay above the cells.
        const float least = std::min(wide / 2, width / 2);
        const float middle =
            matters || view.columns.words ? std::clamp(centre, least, width - least) : centre;
        const float room = wide + theme.units(6);
        if (!taken.take(middle - room / 2, middle + room / 2)) continue;
        ink.text(font, {view.low.x + middle, y}, column == current ? theme.accent : theme.dim,
                 label, Align::centre);
    }
}

void column_labels(Ink& ink, const MatrixView& view) {
    const ColumnLabels shown = column_labels_of(ink.theme, view);
    const bool has_words = &shown.labels == &view.columns.labels || !view.columns.words;
    if (has_words && shown.stride == 1) return climbing_labels(ink, view, shown);
    labels_in_line(ink, view, shown);
}

std::size_t label_lines(const Theme& theme, const MatrixView& view) {
    return view.columns.labels.empty() ? 0 : column_labels_of(theme, view).steps;
}

// The caption's line or its two lines: the name and, smaller, what else there is to say.
struct CaptionLines {
    std::string name, rest;
    bool below = false; // the rest stands under the name
};

CaptionLines caption_lines(const Theme& theme, const MatrixView& view) {
    CaptionLines lines{view.caption, view.note(theme)};
    const std::size_t shape = view.caption.rfind(" (");
    if (!view.broken_caption || shape == std::string::npos) return lines;
    lines.rest = view.caption.substr(shape + 1) + (lines.rest.empty() ? "" : "  " + lines.rest);
    lines.name = view.caption.substr(0, shape);
    lines.below = true;
    return lines;
}

float caption_width(const Theme& theme, const CaptionLines& lines) {
    const float name = Ink::size_of(theme.fonts.text, lines.name).x;
    const float rest = Ink::size_of(theme.fonts.small, lines.rest).x;
    if (lines.below) return std::max(name, rest);
    return lines.rest.empty() ? name : name + theme.units(8) + rest;
}

void caption(Ink& ink, const MatrixView& view) {
    const Theme& theme = ink.theme;
    const CaptionLines lines = caption_lines(theme, view);
    const Box box = caption_box(theme, view);
    const float size = theme.fonts.small->FontSize;
    ink.text(theme.fonts.text, box.low, theme.text, lines.name);
    if (lines.rest.empty()) return;
    const float name = Ink::size_of(theme.fonts.text, lines.name).x;
    const ImVec2 rest = lines.below ? ImVec2{box.low.x, box.high.y - size}
                                    : ImVec2{box.low.x + name + theme.units(8), box.high.y - size};
    ink.text(theme.fonts.small, rest, theme.dim, lines.rest);
}

} // namespace

void draw_labels(Ink& ink, const MatrixView& view) {
    row_labels(ink, view);
    column_labels(ink, view);
    caption(ink, view);
}

Box caption_box(const Theme& theme, const MatrixView& view) {
    const CaptionLines lines = caption_lines(theme, view);
    const float small = theme.fonts.small->FontSize;
    const float labels = static_cast<float>(label_lines(theme, view)) * small * 1.1F;
    const float low = view.low.y - labels - theme.units(11);
    const float height = theme.fonts.text->FontSize + (lines.below ? small * 1.3F : 0);
    return {{view.low.x, low - height}, {view.low.x + caption_width(theme, lines), low}};
}

Margins margins_of(const Theme& theme, const MatrixView& view) {
    Margins margins;
    ImFont* font = theme.fonts.small;
    if (!view.rows.labels.empty())
        margins.left = widest_of(theme, view.rows.labels) + theme.units(10);
    const ColumnLabels columns = column_labels_of(theme, view);
    const auto lines_above = static_cast<float>(columns.labels.empty() ? 0 : columns.steps);
    const float labels = lines_above * font->FontSize * 1.1F;
    const CaptionLines lines = caption_lines(theme, view);
    margins.top = labels + theme.units(4);
    if (!view.caption.empty()) {
        margins.top +=
            theme.fonts.text->FontSize + theme.units(8) + (lines.below ? font->FontSize * 1.3F : 0);
    }
    const float cells = view.cell.x * static_cast<float>(view.drawn_columns());
    margins.right = std::max(0.0F, caption_width(theme, lines) - cells);
    // They are centred, so half of the widest may stand out.
    const float out = (columns.widest - view.cell.x) / 2;
    margins.right = std::max(margins.right, out);
    margins.left = std::max(margins.left, out);
    return margins;
}

} // namespace whirlygig
