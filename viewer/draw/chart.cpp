#include "draw/chart.h"

#include "trace/expression.h"

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

// The steps that people count in: 1, 2 or 5 times a power of ten.
double round_step(double rough) {
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (rough <= factor * power) return factor * power;
    }
    return 10 * power;
}

} // namespace

float line_height(ImFont* font) {
    return std::ceil(font->FontSize * 1.15F);
}

void write(Ink& ink, Box& box, const Writing& writing, std::string_view text) {
    std::vector<std::string> lines = lines_within(writing.font, text, box.width());
    const float height = line_height(writing.font);
    constexpr float grain = 0.5F; // of a pixel: strips that are cut off leave a rest of rounding
    const auto room = static_cast<std::size_t>(std::max(0.0F, (box.height() + grain) / height));
    const std::size_t shown = std::min({lines.size(), writing.most_lines, room});
    if (shown == 0) return;
    // What does not fit any more is put behind the last line, which is then cut.
    for (std::size_t left = shown; left < lines.size(); ++left)
        lines[shown - 1] += " " + lines[left];
    for (std::size_t line = 0; line < shown; ++line) {
        const Box strip = box.cut_top(height);
        ink.text_within(writing.font, strip.low, strip.width(), writing.colour, lines[line]);
    }
}

float Scale::at(double value) const {
    const double share = (value - from) / (to - from);
    return start + static_cast<float>(share) * (end - start);
}

Scale range_with_zero(const std::vector<double>& values) {
    Scale scale{.from = 0, .to = 0};
    for (const double value : values) {
        if (!std::isfinite(value)) continue;
        scale.from = std::min(scale.from, value);
        scale.to = std::max(scale.to, value);
    }
    if (scale.from == scale.to) scale.to = 1;
    return scale;
}

std::vector<double> ticks_of(const Scale& scale, std::size_t count) {
    const double least = std::min(scale.from, scale.to), most = std::max(scale.from, scale.to);
    const double step = round_step((most - least) / static_cast<double>(std::max(count, 1UL)));
    std::vector<double> ticks;
    // Counted rather than added up, so that 0 is 0 and not the rest of a rounding.
    for (double k = std::ceil(least / step - 1e-9); k * step <= most + 1e-9 * step; ++k)
        ticks.push_back(k * step);
    return ticks;
}

float axis_height(const Theme& theme) {
    return theme.units(5) + theme.fonts.tiny_digits->FontSize;
}

float axis_width(const Theme& theme) {
    return theme.units(7) + Ink::size_of(theme.fonts.tiny_digits, "−0.25").x;
}

void draw_horizontal_axis(Ink& ink, const Box& box, const Scale& scale) {
    const Theme& theme = ink.theme;
    ImFont* font = theme.fonts.tiny_digits;
    ink.line({scale.start, box.low.y}, {scale.end, box.low.y}, theme.faint);
    const auto count = static_cast<std::size_t>(box.width() / theme.units(46));
    float taken = box.low.x;
    for (const double tick : ticks_of(scale, count)) {
        const float x = scale.at(tick);
        const std::string number = number_text(tick, 4);
        const float width = Ink::size_of(font, number).x;
        ink.line({x, box.low.y}, {x, box.low.y + theme.units(4)}, theme.faint);
        if (x - width / 2 < taken || x + width / 2 > box.high.x) continue;
        if (box.low.y + axis_height(theme) > box.high.y + 0.5F) continue;
        ink.text(font, {x, box.low.y + theme.units(5)}, theme.dim, number, Align::centre);
        taken = x + width / 2 + theme.units(6);
    }
}

void draw_vertical_axis(Ink& ink, const Box& box, const Scale& scale) {
    const Theme& theme = ink.theme;
    ImFont* font = theme.fonts.tiny_digits;
    ink.line({box.high.x, scale.start}, {box.high.x, scale.end}, theme.faint);
    const auto count = static_cast<std::size_t>(box.height() / theme.units(22));
    float taken = box.high.y; // numbers are written from the lower edge upwards
    for (const double tick : ticks_of(scale, count)) {
        const float y = scale.at(tick);
        const std::string number = number_text(tick, 4);
        const ImVec2 size = Ink::size_of(font, number);
        ink.line({box.high.x - theme.units(4), y}, {box.high.x, y}, theme.faint);
        if (y + size.y / 2 > taken || y - size.y / 2 < box.low.y) continue;
        if (size.x > box.width() - theme.units(6)) continue;
        ink.text(font, {box.high.x - theme.units(6), y - size.y / 2}, theme.dim, number,
                 Align::right);
        taken = y - size.y / 2 - theme.units(2);
    }
}

float BarChart::centre(std::size_t bar) const {
    return area.low.x + pitch() * (static_cast<float>(bar) + 0.5F);
}

void draw_bars(Ink& ink, const BarChart& chart) {
    if (chart.bars.empty()) return;
    const Theme& theme = ink.theme;
    const float zero = chart.heights.at(0);
    const float half = std::min(chart.pitch() * 0.36F, theme.units(17));
    const float least = theme.units(1); // so that a bar near 0 can be seen
    for (std::size_t index = 0; index < chart.bars.size(); ++index) {
        const Bar& bar = chart.bars[index];
        if (!std::isfinite(bar.value)) continue;
        const auto spans = [&](double value, float extra) {
            const float end = chart.heights.at(value), x = chart.centre(index);
            const float upper = std::min(zero, end), lower = std::max(zero, end);
            const float thin = std::max(0.0F, least - (lower - upper)) / 2;
            return Box{{x - half - extra, upper - thin - extra},
                       {x + half + extra, lower + thin + extra}};
        };
        const Box whole = spans(bar.value, 0), grown = spans(bar.value * bar.grown, 0);
        if (bar.grown < 1) ink.frame(whole.low, whole.high, theme.faint);
        if (bar.grown > 0) ink.rectangle(grown.low, grown.high, bar.colour);
        if (!bar.current) continue;
        const Box around = spans(bar.value, theme.units(1.5F));
        ink.frame(around.low, around.high, theme.accent, theme.units(1.5F));
    }
    ink.line({chart.area.low.x, zero}, {chart.area.high.x, zero}, theme.dim);
}

bool Plot::holds(double x, double y) const {
    const ImVec2 point = at(x, y);
    return point.x >= area.low.x && point.x <= area.high.x && point.y >= area.low.y &&
           point.y <= area.high.y;
}

Plot draw_axes(Ink& ink, Box box, Scale across, Scale up) {
    const Theme& theme = ink.theme;
    Box left = box.cut_left(axis_width(theme));
    Box below = box.cut_bottom(axis_height(theme));
    left.high.y = below.low.y;
    const float inside = theme.units(3); // so that a point at the end is not cut in half
    across.start = box.low.x + inside;
    across.end = box.high.x - inside;
    up.start = box.high.y - inside;
    up.end = box.low.y + inside;
    draw_horizontal_axis(ink, below, across);
    draw_vertical_axis(ink, left, up);
    return {.area = box, .across = across, .up = up};
}

} // namespace whirlygig
