// Training as it goes: losses, maps and made-up texts.
#include "training/training_views.h"

#include "training/progress.h"

#include <fmt/format.h>

#include <cmath>

namespace whirlygig {
namespace {

void draw_samples(State& state, Ink& ink, Box box) {
    const Theme& theme = ink.theme;
    write(ink, box, {theme.fonts.text, theme.text, 1}, "What it makes up");
    write(ink, box, {theme.fonts.small, theme.dim, 2},
          "Texts drawn from its probabilities, always with the same random numbers.");
    box.cut_top(theme.units(4));
    for (const std::string& sample : state.experiment.samples) {
        write(ink, box, {theme.fonts.text, theme.text, 3}, "“" + sample + "”");
        box.cut_top(theme.units(5));
    }
}

// Before there is a run: what one would see, and what to press.
void draw_invitation(Ink& ink, Box box) {
    const Theme& theme = ink.theme;
    box.cut_top(box.height() * 0.25F);
    write(ink, box, {theme.fonts.large, theme.text, 1}, "Watch it learn");
    box.cut_top(theme.units(8));
    write(ink, box, {theme.fonts.text, theme.dim, 6},
          "At the start every parameter is a random number, and the model guesses. Press Train: "
          "with every step it reads a few texts, looks how wrong its predictions were, and moves "
          "all parameters a little. Here you will see its loss fall, and its heads begin to look "
          "at what helps. Any moment can be looked at again, in every scene.");
}

} // namespace

void draw_curves_view(State& state, Ink& ink, Box box) {
    const Theme& theme = ink.theme;
    if (!state.experiment.has_runs()) return draw_invitation(ink, box);
    Box lower = box.cut_bottom(box.height() * 0.47F);
    draw_loss_chart(state, ink, box);
    lower.cut_top(theme.units(12));
    const Box samples = lower.cut_right(std::max(theme.units(210), lower.width() * 0.26F));
    lower.cut_right(theme.units(18));
    draw_heads_view(state, ink, lower);
    draw_samples(state, ink, samples);
}

} // namespace whirlygig
