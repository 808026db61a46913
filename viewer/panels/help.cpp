// The keys, over everything else.
#include "panels/panels.h"

#include <array>

namespace whirlygig {
namespace {

struct Key {
    const char* keys;
    const char* effect;
};

constexpr std::array<Key, 17> keys = {{
    {"space", "play, pause"},
    {"← →", "one step back, forward"},
    {"↑ ↓", "larger, finer steps: model, stage, row, cell, term"},
    {"home end", "to the first stage, to the last"},
    {"+ −", "faster, slower"},
    {"o", "overview of the whole model, and back"},
    {"t", "guided tour"},
    {"/", "into the text box"},
    {"click", "pin a cell: its arithmetic stays"},
    {"escape", "let go of the cell, close what is open"},
    {"wheel", "zoom into the matrices; drag with the right button to move"},
    {"0", "zoom back"},
    {"d", "digits in the cells, or only colours"},
    {"l", "light or dark"},
    {"p", "another pair of colours"},
    {"r", "round again after the end"},
    {"?", "this list"},
}};

} // namespace

void draw_help(State& state, Ink& ink) {
    const Theme& theme = state.theme;
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    const float line = theme.units(28);
    const ImVec2 size = {theme.units(560), line * (keys.size() + 2.5F)};
    const ImVec2 low = {(screen.x - size.x) / 2, (screen.y - size.y) / 2};
    const ImVec2 high = {low.x + size.x, low.y + size.y};
    ink.rectangle(low, high, theme.panel, theme.units(12));
    ink.frame(low, high, theme.accent, theme.units(1.5F), theme.units(12));
    ink.text(theme.fonts.large, {low.x + theme.units(24), low.y + theme.units(16)}, theme.text,
             "Keys");
    float y = low.y + theme.units(56);
    for (const Key& key : keys) {
        ink.text(theme.fonts.text, {low.x + theme.units(24), y}, theme.accent, key.keys);
        ink.text(theme.fonts.text, {low.x + theme.units(124), y}, theme.text, key.effect);
        y += line;
    }
    const Pointer pointer = area(state.controls, "help", low, high);
    if (pointer.clicked) state.help_open = false;
}

} // namespace whirlygig
