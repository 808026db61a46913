// The terms of a sum as bars, and the sum so far.
#include "stages/sum_labels.h"
#include "trace/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

RunningSum running_sum_of(Inset& inset) {
    const Moment& moment = inset.moment;
    Expression expression = *inset.state.explained(inset.stage, moment.row, moment.column);
    RunningSum sum{inset, std::move(expression.parts), 0, 0};
    if (sum.terms.empty()) return sum;
    sum.added = terms_added(moment, sum.terms.size());
    sum.current = std::min(static_cast<std::size_t>(sum.added), sum.terms.size() - 1);
    return sum;
}

TermWindow window_of(const RunningSum& sum, float width) {
    const std::size_t count = sum.terms.size();
    const auto room =
        static_cast<std::size_t>(std::max(1.0F, width / sum.inset.ink.theme.units(5)));
    if (count <= room) return {0, count};
    // It turns over like a page, so that the bars stand still while they are added.
    const std::size_t first = sum.current / room * room;
    return {std::min(first, count - room), std::min(first, count - room) + room};
}

// Room above and below the bars for the numbers of the longest ones.
constexpr float least_height_with_numbers = 48;

ImU32 colour_of(const Theme& theme, double value) {
    return value < 0 ? theme.below : theme.above;
}

BarChart chart_of(const RunningSum& sum, TermWindow window, const Box& area) {
    BarChart chart{.area = area, .heights = {}, .bars = {}};
    std::vector<double> values; // of all terms, so that pages share their heights
    for (const Expression& term : sum.terms)
        values.push_back(term.value);
    chart.heights = range_with_zero(values);
    const Theme& theme = sum.inset.ink.theme;
    const bool numbers = area.height() >= theme.units(least_height_with_numbers);
    const float inside = theme.units(2);
    const float number = numbers ? line_height(theme.fonts.tiny_digits) : 0;
    chart.heights.start = area.high.y - inside - (chart.heights.from < 0 ? number : 0);
    chart.heights.end = area.low.y + inside + (chart.heights.to > 0 ? number : 0);
    for (std::size_t index = window.first; index < window.end; ++index) {
        const double grown =
            phase(sum.added, static_cast<double>(index), static_cast<double>(index) + 1);
        chart.bars.push_back({values[index], grown, colour_of(theme, values[index]),
                              index == sum.current && !sum.complete()});
    }
    return chart;
}

void draw_terms(const RunningSum& sum, Box box) {
    const Theme& theme = sum.inset.ink.theme;
    const TermWindow window = window_of(sum, box.width());
    if (window.end - window.first < sum.terms.size())
        write_what_is_left_out(sum, window, box.cut_top(line_height(theme.fonts.small)));
    const bool grouped = !group_of(sum, 0).empty();
    const Box labels =
        box.cut_bottom(line_height(grouped ? theme.fonts.small : theme.fonts.tiny_digits));
    const BarChart chart = chart_of(sum, window, box);
    draw_bars(sum.inset.ink, chart);
    if (box.height() >= theme.units(least_height_with_numbers)) write_largest(sum, window, chart);
    if (grouped) return write_groups(sum, window, chart, labels);
    write_labels(sum, window, chart, labels);
}

// The longest numbers that there are.
constexpr const char* widest_number = "−0.0001234";
constexpr const char* widest_product = "−0.0001234 · (−0.0001234) = −0.0001234";

// Whether what a term is made from and its numbers fit beside each other, the same for all terms.
bool fits_in_a_line(const RunningSum& sum, float width) {
    const Fonts& fonts = sum.inset.ink.theme.fonts;
    const float words = Ink::size_of(fonts.small, words_of(sum).made_from).x;
    const float longer_indices = Ink::size_of(fonts.small, "0000").x;
    return words + longer_indices + Ink::size_of(fonts.digits, widest_product).x < width;
}

std::string all_added(std::size_t terms) {
    return terms == 1 ? "There is only this one term."
                      : fmt::format("All {} terms are added.", terms);
}

void write_term(const RunningSum& sum, Box box) {
    Ink& ink = sum.inset.ink;
    const Theme& theme = ink.theme;
    TermWords words = words_of(sum);
    if (sum.complete()) words = {all_added(sum.terms.size()), ""};
    const float line = line_height(theme.fonts.digits);
    Box first = box.cut_top(line), second = box;
    if (box.height() < line) { // one line for both
        const float gap = theme.units(14);
        second = first;
        second.cut_left(Ink::size_of(theme.fonts.small, words.made_from).x + gap);
        first.high.x = second.low.x;
    }
    ink.text_within(theme.fonts.small, first.low, first.width(), theme.dim, words.made_from);
    ink.text_within(theme.fonts.digits, second.low, second.width(), theme.text, words.numbers);
}

// The sum as a bar that goes to and fro, on a scale that holds all that it is on the way.
void draw_sum(const RunningSum& sum, Box box) {
    Ink& ink = sum.inset.ink;
    const Theme& theme = ink.theme;
    const std::size_t count = sum.terms.size();
    const auto whole = static_cast<std::size_t>(sum.added);
    const double fraction = sum.added - static_cast<double>(whole);
    const double before = sum.of_first(std::min(whole, count));
    const double after = sum.of_first(std::min(whole + 1, count));
    const double shown = fraction < 0.5 ? before : after;
    const float gap = theme.units(12);
    const Box label = box.cut_left(Ink::size_of(theme.fonts.small, "sum so far").x + gap);
    const Box number = box.cut_left(Ink::size_of(theme.fonts.digits, widest_number).x + gap);
    ink.text_within(theme.fonts.small, label.low, label.width(), theme.dim,
                    sum.complete() ? "the sum" : "sum so far");
    ink.text_within(theme.fonts.digits, number.low, number.width(),
                    sum.complete() ? theme.accent : theme.text, number_text(shown, 4));
    std::vector<double> sums;
    double total = 0;
    for (const Expression& term : sum.terms)
        sums.push_back(total += term.value);
    Scale scale = range_with_zero(sums);
    // At both ends what the bar's ends stand for.
    ImFont* tiny = theme.fonts.tiny_digits;
    const std::string least = number_text(scale.from, 2), most = number_text(scale.to, 2);
    const Box low = box.cut_left(Ink::size_of(tiny, least).x + theme.units(6));
    const Box high = box.cut_right(Ink::size_of(tiny, most).x + theme.units(6));
    ink.text(tiny, {low.low.x, low.low.y + theme.units(2)}, theme.dim, least);
    ink.text(tiny, {high.high.x, high.low.y + theme.units(2)}, theme.dim, most, Align::right);
    scale.start = box.low.x + theme.units(2);
    scale.end = box.high.x - theme.units(2);
    const float zero = scale.at(0), end = scale.at(before + fraction * (after - before));
    const float top = box.low.y + theme.units(2);
    const float bottom = std::min(box.high.y, top + theme.units(13));
    ink.rectangle({box.low.x, top}, {box.high.x, bottom}, theme.empty_cell, theme.units(3));
    ink.rectangle({std::min(zero, end), top}, {std::max(zero, end), bottom},
                  colour_of(theme, end < zero ? -1 : 1));
    ink.line({zero, top - theme.units(2)}, {zero, bottom + theme.units(2)}, theme.dim);
}

} // namespace

void draw_running_sum(Inset& inset) {
    const Theme& theme = inset.ink.theme;
    const RunningSum sum = running_sum_of(inset);
    Box box = below_caption(inset, caption_of(sum));
    if (sum.terms.empty()) {
        const double value = inset.stage.values(inset.moment.row, inset.moment.column);
        write(inset.ink, box, {theme.fonts.large, theme.text, 1}, number_text(value, 4));
        return;
    }
    const float line = line_height(theme.fonts.digits);
    draw_sum(sum, box.cut_bottom(line + theme.units(2)));
    write_term(sum, box.cut_bottom(fits_in_a_line(sum, box.width()) ? line : 2 * line));
    box.cut_bottom(theme.units(4));
    draw_terms(sum, box);
}

} // namespace whirlygig
