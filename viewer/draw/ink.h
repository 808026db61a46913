// Text and shapes on a panel. All text is drawn here and noted down, so that a test can find what
// is cut off or lies on top of other text.
#pragma once

#include "theme.h"

#include <string>
#include <string_view>
#include <vector>

namespace whirlygig {

struct WrittenText {
    std::string text;
    ImVec2 low, high;           // the corners of what was written, in pixels
    ImVec2 clip_low, clip_high; // nothing outside of these is seen
};

// The text, or its beginning with "…" where it would be wider than `width`; empty where not even
// one character fits.
std::string shortened(ImFont* font, std::string_view text, float width);

// The text in lines of at most `width`, broken at blanks and where it has line ends of its own.
std::vector<std::string> lines_within(ImFont* font, std::string_view text, float width);

enum class Align { left, centre, right };

// Draws on one panel, in the part of it that is inside the clip rectangle.
class Ink {
public:
    Ink(const Theme& theme, std::vector<WrittenText>& written)
        : theme(theme),
          list(ImGui::GetWindowDrawList()),
          written(written) {}

    const Theme& theme;

    // `at` is the left end, the middle or the right end of the text's upper edge.
    void text(ImFont* font, ImVec2 at, ImU32 colour, std::string_view text,
              Align align = Align::left);

    // Shortened where it would be wider than `width`.
    void text_within(ImFont* font, ImVec2 at, float width, ImU32 colour, std::string_view text,
                     Align align = Align::left);

    // In lines of at most `width`; gives the height that they took.
    float paragraph(ImFont* font, ImVec2 at, float width, ImU32 colour, std::string_view text);

    void line(ImVec2 from, ImVec2 to, ImU32 colour, float thickness = 1);
    void rectangle(ImVec2 low, ImVec2 high, ImU32 colour, float rounding = 0);
    void frame(ImVec2 low, ImVec2 high, ImU32 colour, float thickness = 1, float rounding = 0);
    void circle(ImVec2 centre, float radius, ImU32 colour);
    void ring(ImVec2 centre, float radius, ImU32 colour, float thickness = 1);
    void curve(const std::vector<ImVec2>& points, ImU32 colour, float thickness = 1);
    void arrow(ImVec2 from, ImVec2 to, ImU32 colour, float bend = 0); // bend: to the left, in units
    void hatch(ImVec2 low, ImVec2 high, ImU32 colour); // slanted lines: behind the mask

    static ImVec2 size_of(ImFont* font, std::string_view text);

private:
    ImDrawList* list;
    std::vector<WrittenText>& written;
};

} // namespace whirlygig
