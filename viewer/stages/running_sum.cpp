// The terms of a sum as bars, and the sum so far.
#include "stages/sum_words.h"
#include "trace/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

// The terms that there is room for.
struct Window {
    std::size_t first, end;
};

RunningSum running_sum_of(Inset& inset) {
    const Moment& moment = inset.moment;
    Expression expression = *inset.state.explained(inset.stage, moment.row, moment.column);
    RunningSum sum{inset, std::move(expression.parts), 0, 0};
    if (sum.terms.empty()) return sum;
    sum.added = terms_added(moment, sum.terms.size());
    sum.current = std::min(static_cast<std::size_t>(sum.added), sum.terms.size() - 1);
    return sum;
}

Window window_of(const RunningSum& sum, float width) {
    const std::size_t count = sum.terms.size();
    const auto room =
        static_cast<std::size_t>(std::max(1.0F, width / sum.inset.ink.theme.units(5)));
    if (count <= room) return {0, count};
    // It turns over like a page, so that the bars stand still while they are added.
    const std::size_t first = sum.current / room * room;
    return {std::min(first, count - room), std::min(first, count - room) + room};
}

ImU32 colour_of(const Theme& theme, double value) {
    return value < 0 ? theme.below : theme.above;
}

BarChart chart_of(const RunningSum& sum, Window window, const Box& area) {
    BarChart chart{.area = area, .heights = {}, .bars = {}};
    std::vector<double> values; // of all terms, so that pages share their heights
    for (const Expression& term : sum.terms)
        values.push_back(term.value);
    chart.heights = range_with_zero(values);
    const float inside = sum.inset.ink.theme.units(2);
    chart.heights.start = area.high.y - inside;
    chart.heights.end = area.low.y + inside;
    for (std::size_t index = window.first; index < window.end; ++index) {
        const double grown =
            phase(sum.added, static_cast<double>(index), static_cast<double>(index) + 1);
        chart.bars.push_back({values[index], grown, colour_of(sum.inset.ink.theme, values[index]),
                              index == sum.current && !sum.complete()});
    }
    return chart;
}

// Under each bar its k, or under every few where all would not fit.
void write_labels(const RunningSum& sum, Window window, const BarChart& chart, const Box& strip) {
    const Theme& theme = sum.inset.ink.theme;
    ImFont* font = theme.fonts.tiny_digits;
    const float gap = theme.units(6);
    bool tokens_fit = true;
    for (std::size_t index = window.first; index < window.end; ++index)
        tokens_fit &= Ink::size_of(font, label_of(sum, index)).x <= chart.pitch() - gap;
    float taken = strip.low.x;
    for (std::size_t index = window.first; index < window.end; ++index) {
        std::string label = label_of(sum, index);
        if (!tokens_fit) label = label.substr(0, label.find(' '));
        const float half = Ink::size_of(font, label).x / 2;
        const float x = chart.centre(index - window.first);
        if (label.empty() || x - half < taken || x + half > strip.high.x) continue;
        const bool current = index == sum.current && !sum.complete();
        sum.inset.ink.text(font, {x, strip.low.y}, current ? theme.accent : theme.dim, label,
                           Align::centre);
        taken = x + half + gap;
    }
}

// Where there is too little room for all terms, how many are not shown on either side.
void write_what_is_left_out(const RunningSum& sum, Window window, const Box& strip) {
    const Theme& theme = sum.inset.ink.theme;
    const std::size_t after = sum.terms.size() - window.end;
    if (window.first > 0)
        sum.inset.ink.text_within(theme.fonts.small, strip.low, strip.width() / 2 - theme.units(8),
                                  theme.dim, fmt::format("… {} terms before", window.first));
    if (after > 0)
        sum.inset.ink.text_within(theme.fonts.small, {strip.high.x, strip.low.y},
                                  strip.width() / 2 - theme.units(8), theme.dim,
                                  fmt::format("… and {} more terms", after), Align::right);
}

void draw_terms(const RunningSum& sum, Box box) {
    const Theme& theme = sum.inset.ink.theme;
    const Window window = window_of(sum, box.width());
    if (window.end - window.first < sum.terms.size())
        write_what_is_left_out(sum, window, box.cut_top(line_height(theme.fonts.small)));
    const Box labels = box.cut_bottom(line_height(theme.fonts.tiny_digits));
    const BarChart chart = chart_of(sum, window, box);
    draw_bars(sum.inset.ink, chart);
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

void write_term(const RunningSum& sum, Box box) {
    Ink& ink = sum.inset.ink;
    const Theme& theme = ink.theme;
    TermWords words = words_of(sum);
    if (sum.complete()) words = {fmt::format("All {} terms are added.", sum.terms.size()), ""};
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
