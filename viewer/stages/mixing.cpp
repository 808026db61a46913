// The weighted sum of values: how tokens learn from each other.
#include "stages/inset_parts.h"
#include "terminal/number_style.h"
#include "trace/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace whirlygig {
namespace {

struct Mixing {
    Inset& inset;
    const Numbers& weights;          // (T, T)
    const Numbers& values;           // (T, D)
    std::vector<Expression> terms;   // of the current cell, a place each
    std::vector<std::size_t> places; // that are shown, in the order of the text
    double largest = 0;              // of the values, without its sign
    NumberStyle style = {};

    double weight(std::size_t place) const { return weights(inset.moment.row, place); }

    // The sum of the current cell with the current place's term.
    double so_far() const {
        const Moment& moment = inset.moment;
        if (moment.term + 1 >= terms.size()) return inset.stage.values(moment.row, moment.column);
        double total = 0;
        for (std::size_t place = 0; place <= moment.term; ++place)
            total += terms[place].value;
        return total;
    }

    bool is_current(std::size_t place) const {
        return place == inset.moment.term && !inset.moment.done;
    }
};

// Where the parts of each line are, from left to right.
struct Columns {
    Box label, number, bar, cells;
};

// The places with the largest attention weights that there is room for. Those behind the mask take
// no part.
std::vector<std::size_t> strongest(const Mixing& mixing, std::size_t room) {
    const Numbers& weights = mixing.weights;
    const std::size_t row = mixing.inset.moment.row;
    std::vector<std::size_t> places(visible_places(*mixing.inset.state.trace, row));
    std::iota(places.begin(), places.end(), std::size_t(0));
    std::stable_sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) {
        return weights(row, a) > weights(row, b);
    });
    places.resize(std::min(places.size(), std::max<std::size_t>(room, 1)));
    std::sort(places.begin(), places.end());
    return places;
}

Columns columns_of(const Theme& theme, Box box) {
    const float width = box.width();
    const float gap = theme.units(8);
    Columns columns;
    columns.label = box.cut_left(std::min(theme.units(150), width * 0.2F));
    box.cut_left(gap);
    columns.number = box.cut_left(Ink::size_of(theme.fonts.tiny_digits, "0.0000").x);
    box.cut_left(gap);
    columns.bar = box.cut_left(width * 0.13F);
    box.cut_left(gap);
    columns.cells = box;
    return columns;
}

Box line_of(const Box& column, const Box& line) {
    return {{column.low.x, line.low.y}, {column.high.x, line.high.y}};
}

Box cell_of(const Mixing& mixing, const Box& cells, std::size_t column) {
    const float width = cells.width() / static_cast<float>(mixing.values.columns);
    const float x = cells.low.x + width * static_cast<float>(column);
    const float gap = width > mixing.inset.ink.theme.units(6) ? mixing.inset.ink.theme.units(1) : 0;
    return {{x, cells.low.y + gap}, {x + width - gap, cells.high.y - gap}};
}

// With its number if it fits.
void draw_cell(const Mixing& mixing, const Box& cell, double value) {
    Ink& ink = mixing.inset.ink;
    const ImU32 colour = colour_around_zero(ink.theme, value / mixing.largest);
    ink.rectangle(cell.low, cell.high, colour, ink.theme.units(2));
    const std::string number = styled(value, mixing.style);
    const ImVec2 size = Ink::size_of(ink.theme.fonts.tiny_digits, number);
    if (size.x + ink.theme.units(4) > cell.width() || size.y > cell.height()) return;
    ink.text(ink.theme.fonts.tiny_digits,
             {(cell.low.x + cell.high.x) / 2, cell.centre().y - size.y / 2}, readable_on(colour),
             number, Align::centre);
}

void write_beside(const Mixing& mixing, const Box& box, ImFont* font, ImU32 colour,
                  const std::string& text) {
    mixing.inset.ink.text_within(font, {box.low.x, box.centre().y - font->FontSize / 2},
                                 box.width(), colour, text);
}

void draw_place(const Mixing& mixing, const Columns& columns, const Box& line, std::size_t place) {
    Ink& ink = mixing.inset.ink;
    const Theme& theme = ink.theme;
    const double weight = mixing.weight(place);
    const ImU32 colour = mixing.is_current(place) ? theme.accent : theme.text;
    const TracedText text = mixing.inset.state.traced_text();
    write_beside(mixing, line_of(columns.label, line), theme.fonts.small, colour,
                 fmt::format("{} {}", place, text.token_at(place)));
    write_beside(mixing, line_of(columns.number, line), theme.fonts.tiny_digits, colour,
                 fmt::format("{:.4f}", weight));
    Box bar = line_of(columns.bar, line);
    bar.cut_top(bar.height() * 0.2F);
    bar.cut_bottom(bar.height() * 0.25F);
    ink.rectangle(bar.low, bar.high, theme.empty_cell, theme.units(2));
    const float filled = bar.low.x + bar.width() * static_cast<float>(std::clamp(weight, 0.0, 1.0));
    ink.rectangle(bar.low, {filled, bar.high.y}, theme.accent, theme.units(2));
    const Box cells = line_of(columns.cells, line);
    for (std::size_t column = 0; column < mixing.values.columns; ++column)
        draw_cell(mixing, cell_of(mixing, cells, column), weight * mixing.values(place, column));
}

// What is mixed so far: the columns before the current one, and the current one as far as its
// places are added.
void draw_result(const Mixing& mixing, const Columns& columns, const Box& line) {
    const Inset& inset = mixing.inset;
    const Theme& theme = inset.ink.theme;
    write_beside(mixing, line_of({columns.label.low, columns.bar.high}, line), theme.fonts.small,
                 theme.text, "mixed: the sum");
    const Box cells = line_of(columns.cells, line);
    for (std::size_t column = 0; column < mixing.values.columns; ++column) {
        const Box cell = cell_of(mixing, cells, column);
        inset.ink.frame(cell.low, cell.high, theme.edge);
        if (column < inset.moment.column || inset.moment.done) {
            draw_cell(mixing, cell, inset.stage.values(inset.moment.row, column));
        } else if (column == inset.moment.column) {
            draw_cell(mixing, cell, mixing.so_far());
        }
    }
}

void frame_current_column(const Mixing& mixing, const Columns& columns, const Box& lines) {
    const Box cell = cell_of(mixing, line_of(columns.cells, lines), mixing.inset.moment.column);
    const Theme& theme = mixing.inset.ink.theme;
    mixing.inset.ink.frame(cell.low, cell.high, theme.text, theme.units(1.5F), theme.units(3));
}

// "column 3, place 2 (blue): 0.6012 · (−0.3) = −0.18", and what it comes to.
std::string arithmetic_of(const Mixing& mixing) {
    const Moment& moment = mixing.inset.moment;
    const std::string so_far = number_text(mixing.so_far(), 4);
    if (moment.done) {
        std::string sum;
        for (const std::size_t place : mixing.places)
            sum += (sum.empty() ? "" : " + ") + in_brackets(mixing.terms.at(place).value);
        const bool all =
            mixing.places.size() == visible_places(*mixing.inset.state.trace, moment.row);
        std::string words = fmt::format("Column {}: {} = {}", moment.column, sum, so_far);
        const Theme& theme = mixing.inset.ink.theme;
        const float room = mixing.inset.high.x - mixing.inset.low.x;
        if (all && Ink::size_of(theme.fonts.small, words).x <= room) return words;
        return fmt::format("Column {}: all places together give {}", moment.column, so_far);
    }
    const Expression& term = mixing.terms.at(moment.term);
    return fmt::format("Column {}, {}: {} · {} = {}; sum so far {}", moment.column,
                       mixing.inset.state.traced_text().place(moment.term),
                       number_text(term.parts[0].value, 4), in_brackets(term.parts[1].value),
                       number_text(term.value, 4), so_far);
}

std::string mixing_caption(const Inset& inset) {
    return fmt::format("What {} takes from each place: a line per place with its attention weight, "
                       "then weight · value in each column; the lines add up to the sum.",
                       inset.state.traced_text().place(inset.moment.row));
}

} // namespace

void draw_mixing(Inset& inset) {
    const Theme& theme = inset.ink.theme;
    Box box = below_caption(inset, mixing_caption(inset));
    const float least = line_height(theme.fonts.small);
    const Box words = box.cut_bottom(least);
    box.cut_bottom(theme.units(3));
    const auto lines = static_cast<std::size_t>(std::max(2.0F, box.height() / least));
    const Numbers& weights = inset.stage.made_from[0].numbers;
    const std::size_t visible = visible_places(*inset.state.trace, inset.moment.row);
    Mixing mixing{inset, weights, inset.stage.made_from[1].numbers, {}, {}};
    mixing.terms = inset.state.explained(inset.stage, inset.moment.row, inset.moment.column)->parts;
    // One line is for the sum, and one says how many places are left out.
    mixing.places = strongest(mixing, visible < lines ? visible : lines - 2);
    mixing.largest = largest_of(mixing.values);
    mixing.style = choose_style(mixing.largest, 3);
    const bool all = mixing.places.size() == visible;
    const auto used = static_cast<float>(mixing.places.size() + (all ? 1 : 2));
    const float height = std::min(box.height() / used, theme.units(28));
    const Columns columns = columns_of(theme, box);
    Box picture = box;
    for (const std::size_t place : mixing.places)
        draw_place(mixing, columns, box.cut_top(height), place);
    if (!all)
        write_beside(mixing, box.cut_top(height), theme.fonts.small, theme.dim,
                     fmt::format("… and {} more places with smaller attention weights",
                                 visible - mixing.places.size()));
    draw_result(mixing, columns, box.cut_top(height));
    picture.high.y = box.low.y;
    box.high.y = words.high.y;
    box.cut_top(theme.units(3));
    frame_current_column(mixing, columns, picture);
    write(inset.ink, box, {theme.fonts.small, theme.text, 1}, arithmetic_of(mixing));
}

} // namespace whirlygig
