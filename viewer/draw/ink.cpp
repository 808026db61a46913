#include "draw/ink.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

float distance(ImVec2 a, ImVec2 b) {
    return std::hypot(b.x - a.x, b.y - a.y);
}

std::string_view without_last_character(std::string_view text) {
    std::size_t size = text.size() - 1;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U)
        --size; // a code point's bytes after the first one
    return text.substr(0, size);
}

// As many words as fit, at least one; up to the end of the line.
std::string_view first_line(ImFont* font, std::string_view text, float width) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::size_t fits = std::min(text.find(' '), end);
    while (fits < end) {
        const std::size_t next = std::min(text.find(' ', fits + 1), end);
        if (Ink::size_of(font, text.substr(0, next)).x > width) break;
        fits = next;
    }
    return text.substr(0, fits);
}

} // namespace

std::string shortened(ImFont* font, std::string_view text, float width) {
    if (Ink::size_of(font, text).x <= width) return std::string(text);
    while (!text.empty()) {
        text = without_last_character(text);
        std::string cut = std::string(text) + "…";
        if (!text.empty() && Ink::size_of(font, cut).x <= width) return cut;
    }
    return "";
}

std::vector<std::string> lines_within(ImFont* font, std::string_view text, float width) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::string_view line = first_line(font, text, width);
        lines.emplace_back(line);
        text.remove_prefix(std::min(line.size() + 1, text.size())); // with the blank behind it
    }
    return lines;
}

ImVec2 Ink::size_of(ImFont* font, std::string_view text) {
    // Layouts are found by trying sizes, so labels are measured often: ImGui's own way is slower.
    float width = 0;
    for (const char letter : text) {
        if (letter < ' ' || letter > '~') // lines, or signs of several bytes
            return font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, text.data(),
                                       text.data() + text.size());
        width += font->GetCharAdvance(static_cast<ImWchar>(letter));
    }
    return {width, font->FontSize};
}

void Ink::text(ImFont* font, ImVec2 at, ImU32 colour, std::string_view text, Align align) {
    if (text.empty()) return;
    const ImVec2 size = size_of(font, text);
    if (align == Align::centre) at.x -= size.x / 2;
    if (align == Align::right) at.x -= size.x;
    at = {std::round(at.x), std::round(at.y)}; // letters between two pixels are blurred
    list->AddText(font, font->FontSize, at, colour, text.data(), text.data() + text.size());
    written.push_back({std::string(text),
                       at,
                       {at.x + size.x, at.y + size.y},
                       list->GetClipRectMin(),
                       list->GetClipRectMax()});
}

void Ink::text_within(ImFont* font, ImVec2 at, float width, ImU32 colour, std::string_view text,
                      Align align) {
    this->text(font, at, colour, shortened(font, text, width), align);
}

float Ink::paragraph(ImFont* font, ImVec2 at, float width, ImU32 colour, std::string_view text) {
    const float line_height = font->FontSize * 1.3F;
    float height = 0;
    for (const std::string& line : lines_within(font, text, width)) {
        this->text(font, {at.x, at.y + height}, colour, line);
        height += line_height;
    }
    return height;
}

void Ink::line(ImVec2 from, ImVec2 to, ImU32 colour, float thickness) {
    list->AddLine(from, to, colour, thickness);
}

void Ink::rectangle(ImVec2 low, ImVec2 high, ImU32 colour, float rounding) {
    list->AddRectFilled(low, high, colour, rounding);
}

void Ink::frame(ImVec2 low, ImVec2 high, ImU32 colour, float thickness, float rounding) {
    list->AddRect(low, high, colour, rounding, 0, thickness);
}

void Ink::circle(ImVec2 centre, float radius, ImU32 colour) {
    list->AddCircleFilled(centre, radius, colour);
}

void Ink::ring(ImVec2 centre, float radius, ImU32 colour, float thickness) {
    list->AddCircle(centre, radius, colour, 0, thickness);
}

void Ink::curve(const std::vector<ImVec2>& points, ImU32 colour, float thickness) {
    list->AddPolyline(points.data(), static_cast<int>(points.size()), colour, 0, thickness);
}

void Ink::arrow(ImVec2 from, ImVec2 to, ImU32 colour, float bend) {
    const float length = distance(from, to);
    if (length < 1) return;
    const ImVec2 along = {(to.x - from.x) / length, (to.y - from.y) / length};
    const ImVec2 aside = {along.y * theme.units(bend), -along.x * theme.units(bend)};
    const ImVec2 middle = {(from.x + to.x) / 2 + aside.x, (from.y + to.y) / 2 + aside.y};
    const float head = theme.units(7);
    const float last = distance(middle, to);
    const ImVec2 into = {(to.x - middle.x) / last, (to.y - middle.y) / last};
    const ImVec2 neck = {to.x - into.x * head, to.y - into.y * head};
    list->AddBezierQuadratic(from, middle, neck, colour, theme.units(1.8F));
    const ImVec2 side = {-into.y * head * 0.55F, into.x * head * 0.55F};
    list->AddTriangleFilled(to, {neck.x + side.x, neck.y + side.y},
                            {neck.x - side.x, neck.y - side.y}, colour);
}

void Ink::hatch(ImVec2 low, ImVec2 high, ImU32 colour) {
    list->PushClipRect(low, high, true);
    const float gap = theme.units(4);
    const float height = high.y - low.y;
    for (float x = low.x - height; x < high.x; x += gap)
        list->AddLine({x, high.y}, {x + height, low.y}, colour, theme.units(1));
    list->PopClipRect();
}

} // namespace whirlygig
