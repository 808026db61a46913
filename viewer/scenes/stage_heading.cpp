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

// What the colours mean, at the right end of the title.
void legend(Ink& ink, const Stage& stage, const Box& area) {
    const Theme& theme = ink.theme;
    const bool shares = stage.operation == Operation::softmax;
    const float width = theme.units(120), height = theme.units(8);
    const float size = theme.fonts.small->FontSize;
    const ImVec2 low = {area.high.x - width - theme.units(48), area.low.y + theme.units(8)};
    constexpr int steps = 24;
    for (int step = 0; step < steps; ++step) {
        const double share = shares ? (step + 0.5) / steps : 2 * (step + 0.5) / steps - 1;
        const float left = low.x + width * static_cast<float>(step) / steps;
        ink.rectangle({left, low.y}, {left + width / steps + 1, low.y + height},
                      shares ? colour_of_share(theme, share) : colour_around_zero(theme, share));
    }
    const double most = shares ? 1 : scale_of(stage);
    const float y = low.y + (height - size) / 2;
    ink.text(theme.fonts.small, {low.x - theme.units(6), y}, theme.faint,
             shares ? "0" : number_text(-most, 2), Align::right);
    ink.text(theme.fonts.small, {low.x + width + theme.units(6), y}, theme.faint,
             number_text(most, 2));
}

} // namespace

void draw_heading(Ink& ink, const Stage& stage, Box& area) {
    const Theme& theme = ink.theme;
    const float left = area.low.x;
    legend(ink, stage, area);
    ink.text_within(theme.fonts.large, area.low, area.width() - theme.units(250), theme.text,
                    stage.title);
    float y = area.low.y + theme.units(32);
    const std::string formula = fmt::format("{}     {}", stage.formula, shapes_of(stage));
    ink.text_within(theme.fonts.text, {left, y}, area.width(), theme.accent, formula);
    y += theme.units(26);
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
