#include "theme.h"

#include "error.h"

#include <algorithm>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <vector>

namespace whirlygig {
namespace {

constexpr ImU32 rgb(int red, int green, int blue) {
    return IM_COL32(red, green, blue, 255);
}

struct SignColours {
    ImU32 below, above;
};

SignColours sign_colours(Palette palette, Look look) {
    const bool dark = look == Look::dark;
    switch (palette) {
    case Palette::blue_orange:
        return dark ? SignColours{rgb(88, 166, 255), rgb(255, 158, 94)}
                    : SignColours{rgb(38, 115, 224), rgb(238, 118, 38)};
    case Palette::purple_green:
        return dark ? SignColours{rgb(186, 136, 240), rgb(120, 208, 120)}
                    : SignColours{rgb(118, 52, 170), rgb(30, 130, 52)};
    case Palette::grey:
        break;
    }
    // Grey tells signs apart by lightness alone; the digits say the rest.
    return dark ? SignColours{rgb(8, 8, 10), rgb(235, 235, 235)}
                : SignColours{rgb(255, 255, 255), rgb(40, 40, 44)};
}

void apply_style(const Theme& theme) {
    ImGuiStyle& style = ImGui::GetStyle();
    style = ImGuiStyle();
    if (theme.look == Look::dark) {
        ImGui::StyleColorsDark(&style);
    } else {
        ImGui::StyleColorsLight(&style);
    }
    style.WindowPadding = {0, 0};
    style.WindowBorderSize = 0;
    style.WindowRounding = 0;
    style.ChildRounding = theme.units(10);
    style.ChildBorderSize = 0;
    style.FrameRounding = theme.units(7);
    style.FramePadding = {theme.units(10), theme.units(6)};
    style.ItemSpacing = {theme.units(8), theme.units(6)};
    style.ScrollbarSize = theme.units(9);
    style.ScrollbarRounding = theme.units(5);
    style.PopupRounding = theme.units(8);
    const auto colour = [](ImU32 value) { return ImGui::ColorConvertU32ToFloat4(value); };
    style.Colors[ImGuiCol_WindowBg] = colour(theme.background);
    style.Colors[ImGuiCol_ChildBg] = colour(theme.panel);
    style.Colors[ImGuiCol_PopupBg] = colour(theme.panel);
    style.Colors[ImGuiCol_Border] = colour(theme.edge);
    style.Colors[ImGuiCol_Text] = colour(theme.text);
    style.Colors[ImGuiCol_TextDisabled] = colour(theme.dim);
    style.Colors[ImGuiCol_FrameBg] = colour(theme.empty_cell);
    style.Colors[ImGuiCol_ScrollbarBg] = ImVec4(0, 0, 0, 0);
    style.Colors[ImGuiCol_ScrollbarGrab] = colour(theme.edge);
    style.Colors[ImGuiCol_ScrollbarGrabHovered] = colour(theme.faint);
    style.Colors[ImGuiCol_ScrollbarGrabActive] = colour(theme.dim);
    style.Colors[ImGuiCol_TextSelectedBg] = colour(theme.accent_soft);
}

// The first of the files that is there.
std::string font_file(const std::vector<const char*>& files, const char* package) {
    for (const char* file : files) {
        if (std::filesystem::exists(file)) return file;
    }
    fail("the font {} is not there; install the package {} (viewer/run does)", files[0], package);
}

struct FontFiles {
    std::string plain, medium, fallback, mono;
};

FontFiles find_fonts() {
    return {font_file({"/usr/share/fonts/opentype/inter/Inter-Regular.otf",
                       "/usr/share/fonts/rsms-inter-fonts/Inter-Regular.otf",
                       "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
                       "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf"},
                      "fonts-inter"),
            font_file({"/usr/share/fonts/opentype/inter/Inter-SemiBold.otf",
                       "/usr/share/fonts/rsms-inter-fonts/Inter-SemiBold.otf",
                       "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
                       "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans-Bold.ttf"},
                      "fonts-inter"),
            font_file({"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
                       "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf"},
                      "fonts-dejavu-core"),
            font_file({"/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
                       "/usr/share/fonts/dejavu-sans-mono-fonts/DejaVuSansMono.ttf"},
                      "fonts-dejavu-core")};
}

// Letters of European languages, Greek and Cyrillic, and the signs of our formulas.
constexpr std::array<ImWchar, 15> letters = {0x20,   0x24F,  0x370,  0x52F,  0x1D40,
                                             0x1D6A, 0x2010, 0x2044, 0x2070, 0x209C,
                                             0x2190, 0x21FF, 0x2200, 0x22FF, 0};
constexpr std::array<ImWchar, 15> signs = {0x370,  0x3FF,  0x1D40, 0x1D6A, 0x2010,
                                           0x2044, 0x2070, 0x209C, 0x2100, 0x22FF,
                                           0x2500, 0x25FF, 0x2600, 0x26FF, 0};

ImFont* load(const std::string& file, const std::string& fallback, float size) {
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    ImFontConfig config;
    config.OversampleH = 2;
    config.OversampleV = 1;
    ImFont* font = atlas.AddFontFromFileTTF(file.c_str(), size, &config, letters.data());
    if (font == nullptr) fail("the font {} can't be read; install it again", file);
    ImFontConfig more = config;
    more.MergeMode = true;
    atlas.AddFontFromFileTTF(fallback.c_str(), size, &more, signs.data());
    return font;
}

} // namespace

const char* name_of(Look look) {
    return look == Look::dark ? "dark" : "light";
}

const char* name_of(Palette palette) {
    switch (palette) {
    case Palette::blue_orange:
        return "blue and orange";
    case Palette::purple_green:
        return "purple and green";
    case Palette::grey:
        break;
    }
    return "grey";
}

void apply_look(Theme& theme) {
    const SignColours signs_of = sign_colours(theme.palette, theme.look);
    theme.below = signs_of.below;
    theme.above = signs_of.above;
    if (theme.look == Look::dark) {
        theme.background = rgb(15, 16, 21);
        theme.panel = rgb(23, 25, 33);
        theme.edge = rgb(52, 56, 72);
        theme.text = rgb(232, 234, 242);
        theme.dim = rgb(164, 170, 188);
        theme.faint = rgb(136, 143, 163);
        theme.accent = rgb(124, 138, 255);
        theme.on_accent = rgb(14, 15, 26);
        theme.accent_soft = rgb(50, 56, 98);
        theme.empty_cell = rgb(33, 36, 47);
        theme.zero = theme.palette == Palette::grey ? rgb(92, 94, 102) : rgb(42, 45, 58);
        theme.warning = rgb(255, 208, 96);
    } else {
        theme.background = rgb(243, 245, 249);
        theme.panel = rgb(255, 255, 255);
        theme.edge = rgb(214, 219, 230);
        theme.text = rgb(24, 27, 38);
        theme.dim = rgb(84, 91, 112);
        theme.faint = rgb(98, 105, 125);
        theme.accent = rgb(77, 92, 232);
        theme.on_accent = rgb(255, 255, 255);
        theme.accent_soft = rgb(220, 225, 255);
        theme.empty_cell = rgb(238, 241, 246);
        theme.zero = theme.palette == Palette::grey ? rgb(168, 172, 180) : rgb(236, 238, 243);
        theme.warning = rgb(160, 96, 0);
    }
    apply_style(theme);
}

void load_fonts(Theme& theme) {
    const FontFiles files = find_fonts();
    ImGui::GetIO().Fonts->Clear();
    theme.fonts.text = load(files.plain, files.fallback, theme.units(16));
    theme.fonts.small = load(files.plain, files.fallback, theme.units(13));
    theme.fonts.large = load(files.medium, files.fallback, theme.units(22));
    theme.fonts.digits = load(files.mono, files.fallback, theme.units(14));
    theme.fonts.tiny_digits = load(files.mono, files.fallback, theme.units(11));
    theme.fonts.cells = load(files.plain, files.fallback, theme.units(11));
}

ImU32 colour_around_zero(const Theme& theme, double share) {
    if (std::isnan(share)) return theme.warning;
    // Small numbers should be seen, too: their colour grows faster than they do.
    const auto strength = static_cast<float>(std::pow(std::min(std::abs(share), 1.0), 0.7));
    return mix(theme.zero, share < 0 ? theme.below : theme.above, strength);
}

ImU32 colour_of_share(const Theme& theme, double share) {
    const auto strength = static_cast<float>(std::clamp(std::pow(share, 0.7), 0.0, 1.0));
    return mix(theme.zero, theme.accent, strength);
}

std::string words_for_colours(const Theme& theme) {
    const bool dark = theme.look == Look::dark;
    std::string signs = "Orange cells are above zero, blue ones below";
    if (theme.palette == Palette::purple_green)
        signs = "Green cells are above zero, purple ones below";
    if (theme.palette == Palette::grey)
        signs = dark ? "Bright cells are above zero, dark ones below"
                     : "Dark cells are above zero, bright ones below";
    const bool grey = theme.palette == Palette::grey;
    return fmt::format("{}, {} ones near it.", signs, grey ? "middle grey" : dark ? "dim" : "pale");
}

ImU32 mix(ImU32 from, ImU32 to, float share) {
    const ImVec4 a = ImGui::ColorConvertU32ToFloat4(from), b = ImGui::ColorConvertU32ToFloat4(to);
    return ImGui::ColorConvertFloat4ToU32({a.x + share * (b.x - a.x), a.y + share * (b.y - a.y),
                                           a.z + share * (b.z - a.z), a.w + share * (b.w - a.w)});
}

ImU32 faded(ImU32 colour, float opacity) {
    ImVec4 parts = ImGui::ColorConvertU32ToFloat4(colour);
    parts.w *= opacity;
    return ImGui::ColorConvertFloat4ToU32(parts);
}

ImU32 readable_on(ImU32 colour) {
    const ImVec4 parts = ImGui::ColorConvertU32ToFloat4(colour);
    const float lightness = 0.30F * parts.x + 0.59F * parts.y + 0.11F * parts.z;
    return lightness > 0.5F ? rgb(10, 11, 16) : rgb(245, 246, 252);
}

} // namespace whirlygig
