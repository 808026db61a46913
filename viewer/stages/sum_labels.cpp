#include "stages/sum_labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

bool is_bias(const RunningSum& sum, std::size_t index) {
    return label_of(sum, index) == "bias";
}

// The bias stands at the end and is no number among the others: its label has its room before all
// others. Gives what is left of the strip.
Box label_the_bias(const RunningSum& sum, TermWindow window, const BarChart& chart, Box strip) {
    const std::size_t last = window.end - 1;
    if (!is_bias(sum, last)) return strip;
    const Theme& theme = sum.inset.ink.theme;
    const float width = Ink::size_of(theme.fonts.tiny_digits, "bias").x;
    const float x = std::min(chart.centre(last - window.first), strip.high.x - width / 2);
    const bool current = last == sum.current && !sum.complete();
    sum.inset.ink.text(theme.fonts.tiny_digits, {x, strip.low.y},
                       current ? theme.accent : theme.dim, "bias", Align::centre);
    strip.high.x = x - width / 2 - theme.units(6);
    return strip;
}

// Whether another bar stands where the number of this one should.
bool is_crossed(const BarChart& chart, std::size_t bar, const Box& box) {
    for (std::size_t other = 0; other < chart.bars.size(); ++other) {
        const float x = chart.centre(other), half = chart.pitch() / 2;
        if (other == bar || x + half < box.low.x || x - half > box.high.x) continue;
        const float end = chart.heights.at(chart.bars[other].value), zero = chart.heights.at(0);
        if (std::max(end, zero) > box.low.y && std::min(end, zero) < box.high.y) return true;
    }
    return false;
}

} // namespace

void write_groups(const RunningSum& sum, TermWindow window, const BarChart& chart,
                  const Box& strip) {
    Ink& ink = sum.inset.ink;
    const Theme& theme = ink.theme;
    const float half = chart.pitch() / 2;
    for (std::size_t first = window.first; first < window.end;) {
        const std::string group = group_of(sum, first);
        std::size_t end = first + 1;
        while (end < window.end && group_of(sum, end) == group)
            ++end;
        const float left = chart.centre(first - window.first) - half;
        const float right = chart.centre(end - 1 - window.first) + half;
        const bool current = sum.current >= first && sum.current < end && !sum.complete();
        ink.text_within(theme.fonts.small, {(left + right) / 2, strip.low.y},
                        right - left - theme.units(4), current ? theme.accent : theme.dim, group,
                        Align::centre);
        if (first > window.first)
            ink.line({left, chart.area.low.y}, {left, strip.high.y}, theme.edge, theme.units(1));
        first = end;
    }
}

void write_labels(const RunningSum& sum, TermWindow window, const BarChart& chart, Box strip) {
    const Theme& theme = sum.inset.ink.theme;
    strip = label_the_bias(sum, window, chart, strip);
    ImFont* font = theme.fonts.tiny_digits;
    const float gap = theme.units(6);
    bool tokens_fit = true;
    for (std::size_t index = window.first; index < window.end; ++index)
        tokens_fit &= Ink::size_of(font, label_of(sum, index)).x <= chart.pitch() - gap;
    float taken = strip.low.x;
    for (std::size_t index = window.first; index < window.end; ++index) {
        if (is_bias(sum, index)) continue;
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

void write_largest(const RunningSum& sum, TermWindow window, const BarChart& chart) {
    const Theme& theme = sum.inset.ink.theme;
    ImFont* font = theme.fonts.tiny_digits;
    std::vector<std::size_t> order;
    for (std::size_t bar = 0; bar < chart.bars.size(); ++bar)
        order.push_back(bar);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::abs(chart.bars[a].value) > std::abs(chart.bars[b].value);
    });
    order.resize(std::min<std::size_t>(order.size(), 3));
    std::vector<Box> taken;
    for (const std::size_t bar : order) {
        const double value = sum.terms[window.first + bar].value;
        if (chart.bars[bar].grown < 1 || value == 0) continue;
        const std::string number = number_text(value, 3);
        const ImVec2 size = Ink::size_of(font, number);
        const float x = std::clamp(chart.centre(bar), chart.area.low.x + size.x / 2,
                                   chart.area.high.x - size.x / 2);
        const float end = chart.heights.at(value), gap = theme.units(2);
        const float top = value < 0 ? end + gap : end - gap - size.y;
        const Box box{{x - size.x / 2 - gap, top}, {x + size.x / 2 + gap, top + size.y}};
        const bool free = std::none_of(taken.begin(), taken.end(), [&](const Box& other) {
            return box.low.x < other.high.x && other.low.x < box.high.x &&
                   box.low.y < other.high.y && other.low.y < box.high.y;
        });
        if (!free || is_crossed(chart, bar, box)) continue;
        taken.push_back(box);
        sum.inset.ink.text(font, {x, top}, theme.text, number, Align::centre);
    }
}

void write_what_is_left_out(const RunningSum& sum, TermWindow window, const Box& strip) {
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

} // namespace whirlygig
