// Colours, sizes and fonts. Whoever draws takes them from here and nowhere else.
#pragma once

#include <imgui.h>

#include <string>

namespace whirlygig {

enum class Look { dark, light };

// What stands for numbers below and above zero. All are safe for colour-blind readers.
enum class Palette { blue_orange, purple_green, grey };
inline constexpr int palette_count = 3;

const char* name_of(Look look);
const char* name_of(Palette palette);

struct Fonts {
    ImFont* text = nullptr;        // 16 units high
    ImFont* small = nullptr;       // 13
    ImFont* large = nullptr;       // 22
    ImFont* digits = nullptr;      // 14, all digits equally wide
    ImFont* tiny_digits = nullptr; // 11, the same
    ImFont* cells = nullptr;       // 11, narrow: for the numbers in small cells
};

struct Theme {
    Look look = Look::dark;
    Palette palette = Palette::blue_orange;
    float scale = 1; // pixels in a unit of length: multiply every size with it
    Fonts fonts;

    ImU32 background = 0, panel = 0, edge = 0; // behind the panels, of a panel, around it
    ImU32 text = 0, dim = 0, faint = 0;        // three ranks of text
    ImU32 accent = 0, on_accent = 0;           // what is current or can be pressed; text on it
    ImU32 accent_soft = 0;                     // behind rows and columns that are being read
    ImU32 empty_cell = 0;                      // a cell that is not computed yet
    ImU32 below = 0, zero = 0, above = 0;      // of signed values
    ImU32 warning = 0;

    float units(float size) const { return size * scale; }
};

// Sets the colours, and Dear ImGui's style to match.
void apply_look(Theme& theme);

// Loads the fonts at the theme's scale. Throws an Error when they are not installed.
void load_fonts(Theme& theme);

// The colour of a number that is `share` of the largest of its matrix, −1 to 1.
ImU32 colour_around_zero(const Theme& theme, double share);

// The colour of a share of a whole, 0 to 1.
ImU32 colour_of_share(const Theme& theme, double share);

// "Orange cells are above zero, blue ones below, pale ones near it."
std::string words_for_colours(const Theme& theme);

ImU32 mix(ImU32 from, ImU32 to, float share);
ImU32 faded(ImU32 colour, float opacity);

// Black or white, whichever is read better on the colour.
ImU32 readable_on(ImU32 colour);

} // namespace whirlygig
