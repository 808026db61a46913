// Back through a layer norm: the gradient by one number of the row step by step, and the gradient
// by a gain as a table of the places that add to it.
#include "stages/norm_steps.h"
#include "trace/explain.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {
namespace {

// Words on the left, numbers behind them, in as many columns as are needed.
void write_steps(Inset& inset, Box box, const std::vector<NormStep>& steps) {
    const Theme& theme = inset.ink.theme;
    const float height = line_height(theme.fonts.small);
    const auto room = static_cast<std::size_t>(std::max(1.0F, box.height() / height));
    // The last steps say most: what there is no room for is left out at the beginning.
    const std::size_t first = steps.size() > room ? steps.size() - room : 0;
    float words = 0;
    for (std::size_t index = first; index < steps.size(); ++index)
        words = std::max(words, Ink::size_of(theme.fonts.small, steps[index].words).x);
    words = std::min(words, box.width() * 0.5F);
    const float lower = (theme.fonts.small->FontSize - theme.fonts.tiny_digits->FontSize) / 2;
    const float gap = theme.units(14), counts = theme.units(18);
    for (std::size_t index = first; index < steps.size(); ++index) {
        // One after the other, while the cell is being computed.
        if (static_cast<double>(index) > inset.moment.fraction * static_cast<double>(steps.size()))
            return;
        Box line = box.cut_top(height);
        const bool last = index + 1 == steps.size();
        inset.ink.text(theme.fonts.small, line.cut_left(counts).low, theme.faint,
                       fmt::format("{}", index + 1));
        inset.ink.text_within(theme.fonts.small, line.cut_left(words).low, words, theme.dim,
                              steps[index].words);
        line.cut_left(gap);
        inset.ink.text_within(theme.fonts.tiny_digits, {line.low.x, line.low.y + lower},
                              line.width(), last ? theme.accent : theme.text, steps[index].numbers);
    }
}

// A line of the table; columns from left to right.
struct Line {
    std::string place, gradient, normalised, product, so_far;
};

void write_line(Inset& inset, Box line, const Line& words, ImU32 colour) {
    const Theme& theme = inset.ink.theme;
    const Box label = line.cut_left(line.width() * 0.24F);
    inset.ink.text_within(theme.fonts.small, label.low, label.width() - theme.units(8), theme.dim,
                          words.place);
    const float width = std::min(line.width() / 4, theme.units(150));
    for (const std::string& number :
         {words.gradient, words.normalised, words.product, words.so_far}) {
        const Box place = line.cut_left(width);
        inset.ink.text_within(theme.fonts.small, {place.high.x, place.low.y},
                              width - theme.units(8), colour, number, Align::right);
    }
}

} // namespace

void draw_normalise_backward(Inset& inset) {
    const Moment& moment = inset.moment;
    const std::shared_ptr<const Expression> expression =
        inset.state.explained(inset.stage, moment.row, moment.column);
    const std::string straight_on =
        inset.stage.made_from.size() > 3 ? " Then comes what went straight on." : "";
    const Box box = below_caption(
        inset, fmt::format("Cell ({}, {}): what would only move the row's mean, or stretch the "
                           "row, is taken out of the gradient.{}",
                           moment.row, moment.column, straight_on));
    write_steps(inset, box,
                norm_steps_of(*expression, inset.stage.values(moment.row, moment.column)));
}

void draw_gain_backward(Inset& inset) {
    const Theme& theme = inset.ink.theme;
    const Moment& moment = inset.moment;
    const std::shared_ptr<const Expression> expression =
        inset.state.explained(inset.stage, moment.row, moment.column);
    Box box = below_caption(inset, fmt::format("Number {}: at every place the gradient times the "
                                               "normalised number n, (x − mean) / spread, all "
                                               "added up.",
                                               moment.column));
    const float height = line_height(theme.fonts.small);
    auto room = static_cast<std::size_t>(std::max(0.0F, box.height() / height));
    if (room < 2) return;
    write_line(inset, box.cut_top(height), {"", "gradient", "n", "gradient · n", "sum so far"},
               theme.dim);
    const std::vector<Expression>& terms = expression->parts;
    room -= 1;
    const std::size_t shown = terms.size() <= room ? terms.size() : room - 1;
    const double added = terms_added(moment, terms.size());
    const double stored = inset.stage.values(moment.row, moment.column);
    double so_far = 0;
    for (std::size_t place = 0; place < shown && static_cast<double>(place) <= added; ++place) {
        const Expression& term = terms[place];
        so_far = place + 1 == terms.size() ? stored : so_far + term.value;
        write_line(inset, box.cut_top(height),
                   {inset.state.traced_text().place(place), norm_number(term.parts.at(0).value),
                    norm_number(term.parts.at(1).value), norm_number(term.value),
                    norm_number(so_far)},
                   theme.text);
    }
    if (shown < terms.size() && added >= static_cast<double>(terms.size()))
        write_line(inset, box.cut_top(height),
                   {fmt::format("… {} more places", terms.size() - shown), "", "", "",
                    norm_number(stored)},
                   theme.text);
}

} // namespace whirlygig
