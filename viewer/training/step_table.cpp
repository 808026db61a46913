// The update of one number as a table.
#include "training/step_parts.h"

#include <algorithm>

namespace whirlygig {
namespace {

// Products need some air: "0.9 · 0.134".
std::string spaced(const std::string& text) {
    std::string wide;
    for (std::size_t at = 0; at < text.size();) {
        const bool dot = text.compare(at, 2, "·") == 0;
        wide += dot ? " · " : text.substr(at, 1);
        at += dot ? 2 : 1;
    }
    return wide;
}

float width_of(ImFont* font, const std::string& text) {
    return Ink::size_of(font, text).x;
}

} // namespace

UpdateTable::UpdateTable(const Theme& theme, const StepRecord& record, NumberPlace place,
                         const Box& room, float reserved)
    : theme(theme),
      gap(theme.units(16)) {
    const UpdateArithmetic arithmetic = update_arithmetic(record, place);
    for (const ArithmeticLine& line : arithmetic.lines) {
        // The last line adds something small to something large.
        const int digits = line.rule == UpdateRule::new_value ? 6 : 4;
        if (line.rule == UpdateRule::stride) heart = rows.size();
        rows.push_back({line.what, spaced(line.formula), spaced(numbers_text(line, digits)),
                        "= " + number_text(line.result, digits), sentence_for(record, line.rule)});
    }
    const float free = room.height() - reserved;
    if (set(theme.fonts.text, true, room.width()) && height() <= free) return;
    set(theme.fonts.small, true, room.width());
    if (height() <= free) return;
    set(theme.fonts.small, false, room.width());
}

// True when every row has room in one line.
bool UpdateTable::set(ImFont* chosen_font, bool with_sentences, float width) {
    font = chosen_font;
    sentences = with_sentences;
    const auto rest_of = [&](const Columns& widths) {
        return width - widths.what - widths.result - 3 * gap;
    };
    columns = natural_columns(true);
    const bool fits = columns.formula + columns.numbers <= rest_of(columns);
    if (!fits) {
        columns = natural_columns(false);
        columns.formula = std::min(columns.formula, rest_of(columns) * 0.5F);
    }
    const float rest = std::max(0.0F, rest_of(columns) - columns.formula);
    columns.numbers = fits ? columns.numbers : rest;
    for (Row& row : rows) {
        row.stacked = width_of(font, row.formula) > columns.formula + 0.5F ||
                      width_of(font, row.numbers) > columns.numbers + 0.5F;
        const float below = width - columns.what - gap;
        row.sentence_lines = lines_within(theme.fonts.small, row.sentence, below).size();
    }
    return fits;
}

// How wide the columns would like to be; not all: without the longest row, which can be stacked.
UpdateTable::Columns UpdateTable::natural_columns(bool all) const {
    Columns widths;
    for (std::size_t index = 0; index < rows.size(); ++index) {
        const Row& row = rows[index];
        widths.what = std::max(widths.what, width_of(font, row.what));
        widths.result = std::max(widths.result, width_of(font, row.result));
        if (!all && index == heart) continue;
        widths.formula = std::max(widths.formula, width_of(font, row.formula));
        widths.numbers = std::max(widths.numbers, width_of(font, row.numbers));
    }
    return widths;
}

float UpdateTable::line() const {
    return line_height(font) + theme.units(sentences ? 2 : 1);
}

float UpdateTable::height_of(const Row& row) const {
    const float lines = line() * (row.stacked ? 2.0F : 1.0F);
    const auto below = static_cast<float>(sentences ? row.sentence_lines : 0);
    return lines + below * line_height(theme.fonts.small) + theme.units(sentences ? 6 : 0);
}

float UpdateTable::height() const {
    float height = line_height(theme.fonts.small) + theme.units(6); // the header
    for (const Row& row : rows)
        height += height_of(row);
    if (!sentences) height += 2 * line_height(theme.fonts.small) + theme.units(4);
    return height;
}

void UpdateTable::draw_header(Ink& ink, Box& box) const {
    Box line = box.cut_top(line_height(theme.fonts.small) + theme.units(2));
    const float under = line.high.y;
    const auto head = [&](float width, const char* words) {
        const Box column = line.cut_left(width + gap);
        ink.text_within(theme.fonts.small, column.low, column.width(), theme.faint, words);
    };
    head(columns.what, "what");
    head(columns.formula, "formula");
    head(columns.numbers, "with its numbers");
    head(columns.result, "result");
    ink.line({box.low.x, under}, {box.high.x, under}, theme.edge, theme.units(1));
    box.cut_top(theme.units(4));
}

void UpdateTable::draw_row(Ink& ink, Box strip, const Row& row) const {
    const ImU32 colour = &row == &rows.back() ? theme.accent : theme.text;
    Box first = strip.cut_top(line());
    ink.text(font, first.cut_left(columns.what + gap).low, colour, row.what);
    strip.cut_left(columns.what + gap);
    const float wide = columns.formula + gap + columns.numbers;
    ink.text_within(font, first.low, row.stacked ? wide : columns.formula, theme.dim, row.formula);
    Box numbers = row.stacked ? strip.cut_top(line()) : first;
    if (!row.stacked) numbers.cut_left(columns.formula + gap);
    ink.text_within(font, numbers.low, row.stacked ? wide : columns.numbers, theme.text,
                    row.numbers);
    first.cut_left(wide + gap);
    ink.text(font, first.low, colour, row.result);
    if (sentences) write(ink, strip, {theme.fonts.small, theme.dim, 3}, row.sentence);
}

void UpdateTable::draw(State& state, Ink& ink, Box box) const {
    draw_header(ink, box);
    std::size_t spoken = heart;
    for (std::size_t index = 0; index < rows.size(); ++index) {
        const Row& row = rows[index];
        const Box strip = box.cut_top(height_of(row));
        const Pointer pointer =
            area(state.controls, "Step line: " + row.what, strip.low, strip.high, row.result);
        if (pointer.hovered) {
            spoken = index;
            ink.rectangle({strip.low.x - theme.units(6), strip.low.y - theme.units(2)},
                          {strip.high.x + theme.units(6), strip.high.y - theme.units(2)},
                          theme.accent_soft, theme.units(4));
        }
        draw_row(ink, strip, row);
    }
    if (sentences) return;
    box.cut_top(theme.units(4));
    write(ink, box, {theme.fonts.small, theme.dim, 2},
          rows[spoken].what + ": " + rows[spoken].sentence);
}

} // namespace whirlygig
