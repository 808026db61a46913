#include "scenes/model_pictures.h"

#include "draw/matrix_view.h"
#include "terminal/stage_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace whirlygig {
namespace {

constexpr float hint = 0.4F; // how strongly shows what is not computed yet

struct PartColours {
    ImU32 fill, edge, name, size;
};

PartColours colours_of(const Theme& theme, const PartProgress& progress) {
    if (progress.current)
        return {theme.accent, theme.accent, theme.on_accent,
                mix(theme.on_accent, theme.accent, 0.2F)};
    const ImU32 edge = progress.hovered ? theme.text : theme.edge;
    if (progress.computed)
        return {mix(theme.panel, theme.accent, 0.2F),
                progress.hovered ? theme.text : mix(theme.edge, theme.accent, 0.6F), theme.text,
                theme.dim};
    return {theme.panel, edge, progress.hovered ? theme.text : theme.faint, theme.faint};
}

// One line, or two where the words are too long for one.
std::vector<std::string> name_lines(ImFont* font, const std::string& name, float width) {
    const std::size_t blank = name.find(' ');
    if (blank == name.npos || Ink::size_of(font, name).x <= width) return {name};
    return {name.substr(0, blank), name.substr(blank + 1)};
}

void draw_box_words(Ink& ink, const Part& part, Box room, const PartColours& colours,
                    const std::string& size) {
    const Theme& theme = ink.theme;
    const float width = room.width() - theme.units(6);
    const bool large =
        room.height() >= theme.units(46) && Ink::size_of(theme.fonts.text, part.name).x <= width;
    ImFont* font = large ? theme.fonts.text : theme.fonts.small;
    const std::vector<std::string> lines = name_lines(font, part.name, width);
    const float line = font->FontSize * 1.12F, last = theme.fonts.tiny_digits->FontSize;
    const float height = static_cast<float>(lines.size()) * line + last;
    float y = room.centre().y - height / 2;
    for (const std::string& words : lines) {
        ink.text_within(font, {room.centre().x, y}, width, colours.name, words, Align::centre);
        y += line;
    }
    ink.text_within(theme.fonts.tiny_digits, {room.centre().x, y}, width, colours.size, size,
                    Align::centre);
}

void draw_chip_words(Ink& ink, const Part& part, Box room, const PartColours& colours,
                     const std::string& size) {
    const Theme& theme = ink.theme;
    ImFont *font = theme.fonts.small, *digits = theme.fonts.tiny_digits;
    const float y = room.centre().y - font->FontSize / 2;
    const float pad = theme.units(7);
    const float both = Ink::size_of(font, part.name).x + Ink::size_of(digits, size).x;
    if (both + 3 * pad <= room.width()) {
        ink.text(font, {room.low.x + pad, y}, colours.name, part.name);
        ink.text(digits, {room.high.x - pad, y + theme.units(1.5F)}, colours.size, size,
                 Align::right);
        return;
    }
    ink.text_within(font, {room.centre().x, y}, room.width() - theme.units(3), colours.name,
                    part.name, Align::centre);
}

void draw_plus(Ink& ink, Box room, const PartColours& colours, const PartProgress& progress) {
    const Theme& theme = ink.theme;
    const float radius = room.width() / 2, arm = radius * 0.5F;
    const ImVec2 at = room.centre();
    ink.circle(at, radius, progress.current ? theme.accent : theme.panel);
    ink.ring(at, radius, progress.computed ? theme.accent : colours.edge, theme.units(1.6F));
    const ImU32 sign = colours.name;
    ink.line({at.x - arm, at.y}, {at.x + arm, at.y}, sign, theme.units(1.8F));
    ink.line({at.x, at.y - arm}, {at.x, at.y + arm}, sign, theme.units(1.8F));
}

std::vector<std::size_t> most_probable(const Matrix& probabilities, std::size_t count) {
    const std::size_t row = probabilities.size1() - 1;
    std::vector<std::size_t> order(probabilities.size2());
    std::iota(order.begin(), order.end(), std::size_t(0));
    count = std::min(count, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
                      order.end(), [&](std::size_t a, std::size_t b) {
                          return probabilities(row, a) > probabilities(row, b);
                      });
    order.resize(count);
    return order;
}

struct Guess {
    std::string token;
    double share = 0;
    float opacity = 1;
};

// The token, its probability, and below them a bar.
void draw_guess(Ink& ink, const Guess& guess, Box room, ImFont* font) {
    const Theme& theme = ink.theme;
    const float bar = theme.units(5), gap = theme.units(8);
    const std::string percent =
        guess.share < 0.001 ? "< 0.1 %" : fmt::format("{:.1f} %", 100 * guess.share);
    ImFont* small = theme.fonts.small;
    const float free = room.width() - Ink::size_of(small, percent).x - gap;
    ink.text_within(font, room.low, free, faded(theme.text, guess.opacity), guess.token);
    ink.text(small, {room.high.x, room.low.y + (font->FontSize - small->FontSize) * 0.8F},
             faded(theme.dim, guess.opacity), percent, Align::right);
    const float top = room.low.y + font->FontSize * 1.3F;
    ink.rectangle({room.low.x, top}, {room.high.x, top + bar}, theme.empty_cell, bar / 2);
    const float width = std::max(room.width() * static_cast<float>(guess.share), theme.units(2));
    ink.rectangle({room.low.x, top}, {room.low.x + width, top + bar},
                  faded(theme.accent, guess.opacity), std::min(bar, width) / 2);
}

} // namespace

void draw_part(Ink& ink, const Part& part, Box room, const PartProgress& progress,
               const std::string& size) {
    const Theme& theme = ink.theme;
    const PartColours colours = colours_of(theme, progress);
    if (part.shape == PartShape::plus) {
        draw_plus(ink, room, colours, progress);
        return;
    }
    const float rounding = std::min(theme.units(6), room.width() / 4);
    ink.rectangle(room.low, room.high, colours.fill, rounding);
    ink.frame(room.low, room.high, colours.edge, theme.units(1), rounding);
    if (part.shape == PartShape::box) draw_box_words(ink, part, room, colours, size);
    if (part.shape == PartShape::chip) draw_chip_words(ink, part, room, colours, size);
    if (progress.current && room.height() >= theme.units(26)) {
        const float inset = theme.units(4), y = room.high.y - theme.units(3);
        const float width = (room.width() - 2 * inset) * static_cast<float>(progress.share);
        ink.line({room.low.x + inset, y}, {room.low.x + inset + width, y}, theme.on_accent,
                 theme.units(2));
    }
}

void draw_map(Ink& ink, const Part& part, Box room, const PartProgress& progress,
              const Stage& stage) {
    const Theme& theme = ink.theme;
    const Numbers& numbers = stage.values;
    const bool gradient = parse_stage_name(stage.name).gradient;
    const double largest = gradient ? largest_of(numbers) : 1;
    // Of very long texts, only as many rows and columns as can be seen.
    const auto most = static_cast<std::size_t>(std::max(room.width() / 2, 1.0F));
    const std::size_t stride = (numbers.rows + most - 1) / most;
    const std::size_t shown = (numbers.rows + stride - 1) / stride;
    const float cell = room.width() / static_cast<float>(shown);
    const float space = cell > 5 ? theme.units(1) : 0;
    const auto done = static_cast<std::size_t>(progress.share *
                                               static_cast<double>(numbers.rows * numbers.columns));
    ink.rectangle(room.low, room.high, theme.empty_cell, theme.units(3));
    for (std::size_t row = 0; row < shown; ++row) {
        const std::size_t visible = part.mask == Mask::none ? shown : row + 1;
        for (std::size_t column = 0; column < visible; ++column) {
            const std::size_t r = row * stride, c = column * stride;
            const double number = numbers(r, c);
            ImU32 colour = gradient ? colour_around_zero(theme, number / largest)
                                    : colour_of_share(theme, number);
            const bool reached =
                progress.current ? r * numbers.columns + c < done : progress.computed;
            if (!reached) colour = faded(colour, hint);
            const ImVec2 low = {room.low.x + static_cast<float>(column) * cell,
                                room.low.y + static_cast<float>(row) * cell};
            ink.rectangle(low, {low.x + cell - space, low.y + cell - space}, colour);
        }
    }
    const bool marked = progress.current || progress.hovered;
    const ImU32 edge = progress.current ? theme.accent : progress.hovered ? theme.text : theme.edge;
    const float out = marked ? theme.units(2) : 0;
    ink.frame({room.low.x - out, room.low.y - out}, {room.high.x + out, room.high.y + out}, edge,
              theme.units(progress.current ? 2.5F : 1), theme.units(3));
    if (!part.has_caption) return;
    const ImU32 words = progress.current    ? theme.accent
                        : progress.computed ? theme.text
                                            : theme.faint;
    ImFont* font = theme.fonts.small;
    const ImVec2 top = {room.centre().x, room.low.y - theme.units(31)};
    ink.text(font, top, words, "attention", Align::centre);
    ink.text(font, {top.x, top.y + theme.units(14)}, words, "weights", Align::centre);
}

void draw_tokens(Ink& ink, const TracedText& text, Box room, ImVec2 ways) {
    const float middle = (ways.x + ways.y) / 2;
    const Theme& theme = ink.theme;
    ImFont* font = theme.fonts.text;
    const std::size_t count = text.trace.ids.size();
    const float pitch = theme.units(24);
    const auto most = static_cast<std::size_t>(std::max(room.height() / pitch, 3.0F));
    const std::size_t shown = std::min(count, most);
    const float height = static_cast<float>(shown) * pitch;
    float y =
        std::clamp(middle - height / 2, room.low.y, std::max(room.high.y - height, room.low.y));
    const float start = y;
    for (std::size_t line = 0; line < shown; ++line) {
        // In the middle of a long text some are left out.
        const bool gap = shown < count && line == shown / 2;
        const std::size_t place = line <= shown / 2 ? line : count - (shown - line);
        const std::string words =
            gap ? fmt::format("… {} more", count - shown + 1) : text.token_at(place);
        const float width = room.width() - theme.units(8);
        const bool fits = Ink::size_of(font, words).x <= width;
        ink.text_within(fits ? font : theme.fonts.small,
                        {room.high.x - theme.units(8), y + theme.units(fits ? 3 : 5)}, width,
                        gap ? theme.faint : theme.text, words, Align::right);
        y += pitch;
    }
    const float x = room.high.x + theme.units(1);
    ink.line({x, std::min(start, ways.x)}, {x, std::max(y, ways.y)}, theme.edge, theme.units(1.5F));
}

void draw_prediction(Ink& ink, const TracedText& text, Box room, bool computed) {
    const Theme& theme = ink.theme;
    const bool low = room.height() < theme.units(180);
    const std::string last = text.token_at(text.trace.ids.size() - 1);
    ImFont *small = theme.fonts.small, *large = low ? small : theme.fonts.text;
    float y = room.low.y;
    if (low) {
        ink.text_within(small, {room.low.x, y}, room.width() - theme.units(6), theme.dim,
                        "after " + last);
        y += theme.units(22);
    } else {
        ink.text_within(small, {room.low.x, y}, room.width(), theme.faint, "what follows");
        ink.text_within(large, {room.low.x, y + theme.units(18)}, room.width(), theme.text, last);
        y += theme.units(50);
    }
    const float pitch = theme.units(low ? 24 : 34), most = low ? 4 : 8;
    const float free = room.high.y - y - (computed || low ? 0 : theme.units(22));
    const auto rows = static_cast<std::size_t>(std::clamp(free / pitch, 1.0F, most));
    const Matrix& probabilities = text.trace.activations.probabilities;
    for (const std::size_t token : most_probable(probabilities, rows)) {
        const Guess guess{text.token(static_cast<int>(token)),
                          probabilities(probabilities.size1() - 1, token), computed ? 1 : hint};
        draw_guess(ink, guess, {{room.low.x, y}, {room.high.x, y + pitch}}, large);
        y += pitch;
    }
    if (!computed && !low)
        ink.text_within(small, {room.low.x, y}, room.width(), theme.faint, "not reached yet");
}

} // namespace whirlygig
