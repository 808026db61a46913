// Layer norm of one row: dots that move to mean 0, to spread 1, and to where gain and shift want
// them.
#include "stages/inset_parts.h"
#include "trace/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

struct NormalisedRow {
    Inset& inset;
    Expression current; // of the moment's cell: (x − mean) / spread · gain + shift
    double fraction;    // of the row's time

    // How far each step is, 0 to 1, in the order in which they are taken.
    double mean_shown() const { return phase(fraction, 0.05, 0.15); }
    double centred() const { return phase(fraction, 0.18, 0.36); }
    double spread_shown() const { return phase(fraction, 0.40, 0.48); }
    double rescaled() const { return phase(fraction, 0.50, 0.68); }
    double stretched() const { return phase(fraction, 0.75, 0.95); }

    // The parts of the expression that explain gives for a layer norm.
    const Expression& product() const { return current.parts.at(0); }
    const Expression& quotient() const { return product().parts.at(0); }
    const Expression& difference() const { return quotient().parts.at(0); }
    double mean() const { return difference().parts.at(1).parts.at(0).value; }
    double spread() const { return quotient().parts.at(1).value; }
    double gain() const { return product().parts.at(1).value; }
    double shift() const { return current.parts.at(1).value; }

    const Numbers& input() const { return inset.stage.made_from[0].numbers; }
    double raw(std::size_t column) const { return input()(inset.moment.row, column); }
    double output(std::size_t column) const { return inset.stage.values(inset.moment.row, column); }
    double normalised(std::size_t column) const { return (raw(column) - mean()) / spread(); }

    // 1 to 1 / spread
    double factor() const { return 1 + rescaled() * (1 / spread() - 1); }

    // Where the number of a column is now.
    double place(std::size_t column) const {
        const double before = (raw(column) - centred() * mean()) * factor();
        return before + stretched() * (output(column) - before);
    }
};

// Wide enough for all places before gain and shift, then gliding to what the last ones need.
Scale range_of(const NormalisedRow& row) {
    std::vector<double> first, last;
    for (std::size_t column = 0; column < row.input().columns; ++column) {
        first.insert(first.end(),
                     {row.raw(column), row.raw(column) - row.mean(), row.normalised(column)});
        last.push_back(row.output(column));
    }
    first.insert(first.end(), {1.2, -1.2});
    last.insert(last.end(), {1.2, -1.2});
    const Scale before = range_with_zero(first), after = range_with_zero(last);
    const double glide = row.stretched();
    const double from = before.from + glide * (after.from - before.from);
    const double to = before.to + glide * (after.to - before.to);
    const double margin = 0.02 * (to - from);
    return {.from = from - margin, .to = to + margin};
}

void draw_dots(const NormalisedRow& row, const Box& box, const Scale& scale) {
    const Theme& theme = row.inset.ink.theme;
    const float radius = theme.units(3);
    const auto count = static_cast<float>(row.input().columns);
    const auto at = [&](std::size_t column) {
        const float room = box.height() - 4 * radius;
        return ImVec2{scale.at(row.place(column)),
                      box.low.y + 2 * radius + room * (static_cast<float>(column) + 0.5F) / count};
    };
    const double largest = std::max(std::abs(scale.from), std::abs(scale.to));
    for (std::size_t column = 0; column < row.input().columns; ++column) {
        const double share = row.place(column) / largest;
        const ImU32 colour = mix(theme.faint, share < 0 ? theme.below : theme.above,
                                 std::min(1.0F, 0.35F + static_cast<float>(std::abs(share))));
        row.inset.ink.circle(at(column), radius, colour);
    }
    row.inset.ink.circle(at(row.inset.moment.column), radius * 1.2F, theme.accent);
    row.inset.ink.ring(at(row.inset.moment.column), radius * 1.9F, theme.accent, theme.units(1.5F));
}

// The mean as an upright line, and the spread as a bracket to both sides of it.
void draw_statistics(const NormalisedRow& row, const Box& box, const Scale& scale) {
    Ink& ink = row.inset.ink;
    const Theme& theme = ink.theme;
    const auto opacity = static_cast<float>(1 - row.stretched());
    const double middle = row.mean() * (1 - row.centred());
    const float x = scale.at(middle);
    ink.line({x, box.low.y}, {x, box.high.y},
             faded(theme.warning, opacity * static_cast<float>(row.mean_shown())),
             theme.units(1.5F));
    const ImU32 colour = faded(theme.warning, opacity * static_cast<float>(row.spread_shown()));
    const double reach = row.spread() * row.factor();
    const float left = scale.at(middle - reach), right = scale.at(middle + reach);
    const float y = box.low.y + theme.units(3), end = theme.units(6);
    ink.line({left, y}, {right, y}, colour, theme.units(1.5F));
    ink.line({left, y}, {left, y + end}, colour, theme.units(1.5F));
    ink.line({right, y}, {right, y + end}, colour, theme.units(1.5F));
}

// The current column's number on its way, a line for each step that is taken.
void write_steps(const NormalisedRow& row, Box box) {
    const Inset& inset = row.inset;
    const Theme& theme = inset.ink.theme;
    const Writing digits{theme.fonts.tiny_digits, theme.text, 1};
    const std::size_t column = inset.moment.column;
    write(inset.ink, box, {theme.fonts.small, theme.dim, 1},
          fmt::format("the ringed dot: column {}", column));
    write(inset.ink, box, digits, fmt::format("x = {}", number_text(row.raw(column), 4)));
    if (row.mean_shown() > 0)
        write(inset.ink, box, digits,
              fmt::format("− mean {} = {}", in_brackets(row.mean()),
                          number_text(row.difference().value, 4)));
    if (row.spread_shown() > 0)
        write(inset.ink, box, digits,
              fmt::format("/ spread {} = {}", number_text(row.spread(), 4),
                          number_text(row.quotient().value, 4)));
    if (row.stretched() <= 0) return;
    write(inset.ink, box, digits,
          fmt::format("· gain {} = {}", in_brackets(row.gain()),
                      number_text(row.product().value, 4)));
    write(inset.ink, box, {theme.fonts.tiny_digits, theme.accent, 1},
          fmt::format("+ shift {} = {}", in_brackets(row.shift()),
                      number_text(row.output(column), 4)));
}

std::string caption_of(const NormalisedRow& row) {
    const std::string place = row.inset.state.traced_text().place(row.inset.moment.row);
    const std::size_t count = row.input().columns;
    const std::string axes = fmt::format("A dot for each of the {} numbers of {}, the first one on "
                                         "top; across: its value. ",
                                         count, place);
    if (row.stretched() > 0) return axes + "Gain and shift put each where the model wants it.";
    if (row.spread_shown() > 0) return axes + "All are divided by the spread (bracket).";
    if (row.mean_shown() > 0) return axes + "The mean (line) is taken away from all.";
    return axes + "They come as they are.";
}

} // namespace

void draw_normalise(Inset& inset) {
    const Theme& theme = inset.ink.theme;
    const Moment& moment = inset.moment;
    const NormalisedRow row{inset, *inset.state.explained(inset.stage, moment.row, moment.column),
                            moment.row_fraction};
    Box box = below_caption(inset, caption_of(row));
    Box words = box.cut_right(std::max(theme.units(216), box.width() * 0.25F));
    words.cut_left(theme.units(16));
    const Box axis = box.cut_bottom(axis_height(theme));
    Scale scale = range_of(row);
    scale.start = box.low.x;
    scale.end = box.high.x;
    draw_horizontal_axis(inset.ink, axis, scale);
    draw_statistics(row, box, scale);
    draw_dots(row, box, scale);
    write_steps(row, words);
}

} // namespace whirlygig
