#include "scenes/stage_heading.h"

#include "draw/matrix_view.h"
#include "panels/matrix_words.h"
#include "stages/scales.h"
#include "terminal/stage_labels.h"
#include "terminal/stage_words.h"
#include "trace/expression.h"
#include "whose_code.h"

#include <fmt/format.h>

namespace whirlygig {
namespace {

// What the colours mean, at the right end of the title. Gives its left end.
float legend(Ink& ink, const Stage& stage, const Box& area) {
    const Theme& theme = ink.theme;
    const bool shares = stage.operation == Operation::softmax;
    const float width = theme.units(area.width() < theme.units(800) ? 90 : 120);
    const float height = theme.units(8), size = theme.fonts.small->FontSize;
    const double most = shares ? 1 : scale_of(stage);
    const std::string least_text = shares ? "0" : number_text(-most, 2);
    const std::string most_text = number_text(most, 2);
    const float beside = theme.units(6);
    const ImVec2 low = {area.high.x - width - beside - Ink::size_of(theme.fonts.small, most_text).x,
                        area.low.y + theme.units(8)};
    constexpr int steps = 24;
    for (int step = 0; step < steps; ++step) {
        const double share = shares ? (step + 0.5) / steps : 2 * (step + 0.5) / steps - 1;
        const float left = low.x + width * static_cast<float>(step) / steps;
        ink.rectangle({left, low.y}, {left + width / steps + 1, low.y + height},
                      shares ? colour_of_share(theme, share) : colour_around_zero(theme, share));
    }
    const float y = low.y + (height - size) / 2;
    ink.text(theme.fonts.small, {low.x - beside, y}, theme.faint, least_text, Align::right);
    ink.text(theme.fonts.small, {low.x + width + beside, y}, theme.faint, most_text);
    return low.x - beside - Ink::size_of(theme.fonts.small, least_text).x;
}

// The formula, and behind it, or below where it leaves no room, the shapes. Gives its height.
float formula_line(Ink& ink, const Stage& stage, ImVec2 low, float width) {
    const Theme& theme = ink.theme;
    const std::string shapes = shapes_of(stage);
    const std::string both = fmt::format("{}     {}", stage.formula, shapes);
    const bool fits = Ink::size_of(theme.fonts.text, both).x <= width;
    ink.text_within(theme.fonts.text, low, width, theme.accent, fits ? both : stage.formula);
    if (fits) return theme.units(26);
    ink.text_within(theme.fonts.small, {low.x, low.y + theme.units(22)}, width, theme.accent,
                    shapes);
    return theme.units(42);
}

} // namespace

void draw_heading(Ink& ink, const Stage& stage, Box& area) {
    const Theme& theme = ink.theme;
    const float left = area.low.x;
    const float title_end = legend(ink, stage, area) - theme.units(16);
    ink.text_within(theme.fonts.large, area.low, title_end - left, theme.text, stage.title);
    float y = area.low.y + theme.units(32);
    y += formula_line(ink, stage, {left, y}, area.width());
    const bool low = area.height() < theme.units(560);
    y += ink.paragraph(low ? theme.fonts.small : theme.fonts.text, {left, y}, area.width(),
                       theme.dim, sentence_about(stage));
    y += ink.paragraph(theme.fonts.small, {left, y + theme.units(2)}, area.width(), theme.faint,
                       axes_sentence(stage));
    if (const std::string whose = whose_stage(stage, exercise_bodies()); !whose.empty())
        y += ink.paragraph(theme.fonts.small, {left, y + theme.units(2)}, area.width(),
                           theme.accent, "Computed by " + whose + ".");
    area.low.y = y + theme.units(low ? 4 : 16);
}

} // namespace whirlygig
