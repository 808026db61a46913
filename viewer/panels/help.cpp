// The keys and the words, over everything else.
#include "panels/panels.h"

#include <array>

namespace whirlygig {
namespace {

struct Key {
    const char* keys;
    const char* effect;
};

constexpr std::array<Key, 27> keys = {{
    {"space", "play, pause"},
    {"← →", "one step back, forward"},
    {"↑ ↓", "larger, finer steps: model, stage, row, cell, term"},
    {"home end", "to the first stage, to the last"},
    {"+ −", "faster, slower"},
    {"o", "overview of the whole model, and back"},
    {"v", "training, and back: space trains, arrows go through its steps"},
    {"t", "guided tour"},
    {"/", "into the text box"},
    {"tab", "in the text box: take the first word that is offered"},
    {"enter", "pin the cell that is being computed"},
    {"click", "pin a cell: its arithmetic stays"},
    {"ctrl ← → ↑ ↓", "pin the cell beside it"},
    {", . f", "choose a link of the cell, follow it"},
    {"n", "nudge the pinned parameter"},
    {"escape", "let go of the cell, close what is open"},
    {"wheel", "zoom into the matrices; the right button moves them"},
    {"0", "zoom back"},
    {"d", "digits in the cells, or only colours"},
    {"l", "light or dark"},
    {"p", "another pair of colours"},
    {"r", "round again after the end"},
    {"s", "settings"},
    {"m", "reduced motion"},
    {"e g", "write a picture; record an animation, and stop"},
    {"[ ]", "smaller, larger letters"},
    {"?", "this list"},
}};

struct Word {
    const char* word;
    const char* meaning;
};

constexpr std::array<Word, 14> words = {{
    {"token", "a word (or a character) of the text; its place counts from 0"},
    {"width", "how many numbers stand for a token"},
    {"residual stream", "these numbers on their way; every part reads and adds"},
    {"norm", "a row brought to mean 0 and spread 1"},
    {"head", "one way of looking around; heads work side by side"},
    {"query", "what a place is looking for"},
    {"key", "what a place offers to those who look"},
    {"score", "query and key compared: products added up"},
    {"attention weight", "a score as a share: how much the row looks there"},
    {"value", "what a place hands over to those who look at it"},
    {"logit", "how well a token would fit as the next one"},
    {"probability", "the same as a share of 1"},
    {"loss", "the surprise at the token that really came next"},
    {"gradient", "how fast the loss grows with a number"},
}};

float line_height(const Theme& theme) {
    return theme.units(22.5F);
}

} // namespace

ImVec2 help_size(const Theme& theme) {
    return {theme.units(1150), line_height(theme) * (keys.size() + 3.8F)};
}

void draw_help(State& state, Ink& ink) {
    const Theme& theme = state.theme;
    const ImVec2 low = ImGui::GetWindowPos(), size = help_size(theme);
    const ImVec2 high = {low.x + size.x, low.y + size.y};
    ink.frame(low, high, theme.accent, theme.units(1.5F), theme.units(10));
    const float left = low.x + theme.units(24), right = left + theme.units(520);
    const float top = low.y + theme.units(16);
    ink.text(theme.fonts.large, {left, top}, theme.text, "Keys");
    ink.text(theme.fonts.large, {right, top}, theme.text, "Words");
    float y = top + theme.units(40);
    for (const Key& key : keys) {
        ink.text(theme.fonts.text, {left, y}, theme.accent, key.keys);
        ink.text(theme.fonts.text, {left + theme.units(110), y}, theme.text, key.effect);
        y += line_height(theme);
    }
    ink.text(theme.fonts.small, {left, y + theme.units(6)}, theme.dim,
             words_for_colours(theme) +
                 " Violet is a share of 1; hatched cells are behind the mask. Escape or a click "
                 "closes this.");
    y = top + theme.units(40);
    for (const Word& word : words) {
        ink.text(theme.fonts.text, {right, y}, theme.accent, word.word);
        ink.text(theme.fonts.text, {right + theme.units(150), y}, theme.text, word.meaning);
        y += line_height(theme);
    }
    if (area(state.controls, "help", low, high).clicked) state.help_open = false;
}

} // namespace whirlygig
