#include "text/utf8.h"

#include "error.h"

#include <algorithm>
#include <array>
#include <span>

namespace whirlygig {

namespace {

struct Decoded {
    char32_t code_point = 0;
    std::size_t length = 0; // in bytes; 0 where the bytes are not well-formed
};

// The lead byte says how many bytes belong together; each of the others is 10xxxxxx and adds six
// bits.
Decoded decode(std::string_view text, std::size_t offset) {
    if (offset >= text.size()) return {};
    const auto lead = static_cast<unsigned char>(text[offset]);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC0 || lead >= 0xF8 || text.size() - offset < length) return {};
    char32_t value = lead & (0x7Fu >> length);
    for (std::size_t index = 1; index < length; ++index) {
        const auto byte = static_cast<unsigned char>(text[offset + index]);
        if ((byte & 0xC0) != 0x80) return {};
        value = value << 6 | (byte & 0x3Fu);
    }
    constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < smallest[length] || surrogate || value > 0x10FFFF) return {};
    return {value, length};
}

struct Range {
    char32_t first, last;
};

bool in_ranges(std::span<const Range> ranges, char32_t code_point) {
    return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
        return code_point >= range.first && code_point <= range.last;
    });
}

constexpr Range no_columns[] = {
    {0x0000, 0x001F},   {0x007F, 0x009F}, // control characters
    {0x0300, 0x036F},   {0x0483, 0x0489}, // Latin, Greek, Cyrillic accents
    {0x0591, 0x05BD},   {0x05BF, 0x05BF},   {0x05C1, 0x05C2}, {0x05C4, 0x05C5},
    {0x05C7, 0x05C7},   {0x0610, 0x061A}, // Hebrew, Arabic
    {0x064B, 0x065F},   {0x0670, 0x0670},   {0x06D6, 0x06DC}, {0x06DF, 0x06E4},
    {0x06E7, 0x06E8},   {0x06EA, 0x06ED},   {0x0900, 0x0902}, {0x093A, 0x093A},
    {0x093C, 0x093C},   {0x0941, 0x0948},   {0x094D, 0x094D}, // Devanagari
    {0x0E31, 0x0E31},   {0x0E34, 0x0E3A},   {0x0E47, 0x0E4E}, // Thai
    {0x1AB0, 0x1ACE},   {0x1DC0, 0x1DFF},                     // more combining marks
    {0x200B, 0x200F},   {0x202A, 0x202E},   {0x2060, 0x2064}, // joiners, writing directions
    {0x20D0, 0x20F0},   {0x3099, 0x309A},   {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
    {0xFEFF, 0xFEFF},   {0x1F3FB, 0x1F3FF}, // skin tones join the emoji before them
    {0xE0001, 0xE007F}, {0xE0100, 0xE01EF},
};

constexpr Range two_columns[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},
    {0x23F0, 0x23F0},   {0x23F3, 0x23F3},   {0x25FD, 0x25FE},   {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x267F, 0x267F},   {0x2693, 0x2693},   {0x26A1, 0x26A1},
    {0x26AA, 0x26AB},   {0x26BD, 0x26BE},   {0x26C4, 0x26C5},   {0x26CE, 0x26CE},
    {0x26D4, 0x26D4},   {0x26EA, 0x26EA},   {0x26F2, 0x26F3},   {0x26F5, 0x26F5},
    {0x26FA, 0x26FA},   {0x26FD, 0x26FD},   {0x2705, 0x2705},   {0x270A, 0x270B},
    {0x2728, 0x2728},   {0x274C, 0x274C},   {0x274E, 0x274E},   {0x2753, 0x2755},
    {0x2757, 0x2757},   {0x2795, 0x2797},   {0x27B0, 0x27B0},   {0x27BF, 0x27BF},
    {0x2B1B, 0x2B1C},   {0x2B50, 0x2B50},   {0x2B55, 0x2B55}, // emoji among the older symbols
    {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0xA4CF},
    {0xA960, 0xA97C},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE10, 0xFE19},
    {0xFE30, 0xFE6B},   {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6}, // Chinese, Japanese, Korean
    {0x16FE0, 0x18D08}, {0x1AFF0, 0x1B2FB}, {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF},
    {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A}, {0x1F200, 0x1F320}, {0x1F32D, 0x1F335},
    {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393}, {0x1F3A0, 0x1F3CA}, {0x1F3CF, 0x1F3D3},
    {0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4}, {0x1F3F8, 0x1F43E}, {0x1F440, 0x1F440},
    {0x1F442, 0x1F4FC}, {0x1F4FF, 0x1F53D}, {0x1F54B, 0x1F54E}, {0x1F550, 0x1F567},
    {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596}, {0x1F5A4, 0x1F5A4}, {0x1F5FB, 0x1F64F},
    {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC}, {0x1F6D0, 0x1F6D2}, {0x1F6D5, 0x1F6D7},
    {0x1F6DC, 0x1F6DF}, {0x1F6EB, 0x1F6EC}, {0x1F6F4, 0x1F6FC}, {0x1F7E0, 0x1F7F0},
    {0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945}, {0x1F947, 0x1F9FF}, {0x1FA70, 0x1FAFF}, // emoji
    {0x20000, 0x2FFFD}, {0x30000, 0x3FFFD},
};

constexpr Range white_space[] = {
    {0x0009, 0x000D}, {0x0020, 0x0020}, {0x0085, 0x0085}, {0x00A0, 0x00A0}, {0x1680, 0x1680},
    {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000},
};

} // namespace

char32_t next_code_point(std::string_view text, std::size_t& offset) {
    const Decoded decoded = decode(text, offset);
    if (decoded.length == 0)
        fail("byte {} of the text (counted from 0) is not valid UTF-8; save the text as UTF-8",
             offset);
    offset += decoded.length;
    return decoded.code_point;
}

std::optional<std::size_t> first_invalid_byte(std::string_view text) {
    for (std::size_t offset = 0; offset < text.size();) {
        const std::size_t length = decode(text, offset).length;
        if (length == 0) return offset;
        offset += length;
    }
    return std::nullopt;
}

std::u32string code_points(std::string_view text) {
    std::u32string points;
    for (std::size_t offset = 0; offset < text.size();)
        points.push_back(next_code_point(text, offset));
    return points;
}

std::string to_utf8(char32_t code_point) {
    const auto number = static_cast<std::uint32_t>(code_point);
    if (number > 0x10FFFF || (number >= 0xD800 && number <= 0xDFFF))
        fail("to_utf8: there is no code point with the number {:X}", number);
    const auto last_bits = [&](int shift) {
        return static_cast<char>(0x80 | (number >> shift & 0x3F));
    };
    if (number < 0x80) return {static_cast<char>(number)};
    if (number < 0x800) return {static_cast<char>(0xC0 | number >> 6), last_bits(0)};
    if (number < 0x10000)
        return {static_cast<char>(0xE0 | number >> 12), last_bits(6), last_bits(0)};
    return {static_cast<char>(0xF0 | number >> 18), last_bits(12), last_bits(6), last_bits(0)};
}

bool is_white_space(char32_t code_point) {
    return in_ranges(white_space, code_point);
}

int display_width(char32_t code_point) {
    if (code_point >= 0x20 && code_point < 0x7F) return 1;
    if (in_ranges(no_columns, code_point)) return 0;
    return in_ranges(two_columns, code_point) ? 2 : 1;
}

int display_width(std::string_view text) {
    int width = 0;
    for (std::size_t offset = 0; offset < text.size();)
        width += display_width(next_code_point(text, offset));
    return width;
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t longest = 40;
    std::string result = "\"";
    std::size_t count = 0;
    for (std::size_t offset = 0; offset < text.size(); ++count) {
        if (count == longest) return result + "…\"";
        const Decoded decoded = decode(text, offset);
        const std::size_t length = std::max<std::size_t>(decoded.length, 1);
        const auto number = static_cast<std::uint32_t>(decoded.code_point);
        if (decoded.length == 0)
            result += fmt::format("<byte {:02X}>", static_cast<unsigned char>(text[offset]));
        else if (number < 0x20 || (number >= 0x7F && number < 0xA0))
            result += fmt::format("<U+{:04X}>", number);
        else
            result += text.substr(offset, length);
        offset += length;
    }
    return result + "\"";
}

} // namespace whirlygig
