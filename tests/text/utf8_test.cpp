#include "text/utf8.h"

#include "support/error_sentence.h"

#include <gtest/gtest.h>

#include <array>
#include <locale>
#include <string>

using namespace whirlygig;

namespace {

std::string bytes(std::initializer_list<int> values) {
    std::string text;
    for (const int value : values)
        text += static_cast<char>(value);
    return text;
}

bool valid(const std::string& text) {
    return !first_invalid_byte(text).has_value();
}

// The well-formed byte sequences of Unicode's Table 3-7: a row is the ranges of byte 1, 2, ...
struct Row {
    std::array<std::array<int, 2>, 4> range;
    int length;
};
constexpr std::array<int, 2> tail{0x80, 0xBF};
const Row well_formed[] = {
    {{{{0x00, 0x7F}}}, 1},
    {{{{0xC2, 0xDF}, tail}}, 2},
    {{{{0xE0, 0xE0}, {0xA0, 0xBF}, tail}}, 3},
    {{{{0xE1, 0xEC}, tail, tail}}, 3},
    {{{{0xED, 0xED}, {0x80, 0x9F}, tail}}, 3},
    {{{{0xEE, 0xEF}, tail, tail}}, 3},
    {{{{0xF0, 0xF0}, {0x90, 0xBF}, tail, tail}}, 4},
    {{{{0xF1, 0xF3}, tail, tail, tail}}, 4},
    {{{{0xF4, 0xF4}, {0x80, 0x8F}, tail, tail}}, 4},
};

bool well_formed_by_table(const std::string& text) {
    for (const Row& row : well_formed) {
        bool fits = text.size() == static_cast<std::size_t>(row.length);
        for (std::size_t place = 0; fits && place < text.size(); ++place) {
            const int byte = static_cast<unsigned char>(text[place]);
            fits = byte >= row.range[place][0] && byte <= row.range[place][1];
        }
        if (fits) return true;
    }
    return false;
}

} // namespace

TEST(Utf8, OneByteIsValidWhenItIsAscii) {
    for (int first = 0; first < 256; ++first)
        EXPECT_EQ(valid(bytes({first})), first < 128) << first;
}

TEST(Utf8, AgreesWithUnicodesTableOfWellFormedBytes) {
    const int edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xE1, 0xFF};
    for (int first = 0xC0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            const std::string two = bytes({first, second});
            ASSERT_EQ(valid(two), well_formed_by_table(two)) << first << second;
            for (const int third : edges) {
                const std::string three = two + bytes({third});
                // Two bytes that are whole may have any ASCII character behind them.
                const bool two_and_one = well_formed_by_table(two) && third < 128;
                ASSERT_EQ(valid(three), well_formed_by_table(three) || two_and_one);
                for (const int fourth : edges) {
                    const std::string four = three + bytes({fourth});
                    const bool three_and_one = well_formed_by_table(three) && fourth < 128;
                    const bool two_and_two =
                        well_formed_by_table(two) && ((third < 128 && fourth < 128) ||
                                                      well_formed_by_table(bytes({third, fourth})));
                    ASSERT_EQ(valid(four),
                              well_formed_by_table(four) || three_and_one || two_and_two);
                }
            }
        }
    }
}

TEST(Utf8, EveryCodePointGoesThroughTheStandardLibrarysEncoding) {
    using Facet = std::codecvt<char32_t, char8_t, std::mbstate_t>;
    const auto& facet = std::use_facet<Facet>(std::locale::classic());
    for (char32_t point = 0; point <= 0x10FFFF; ++point) {
        if (point >= 0xD800 && point <= 0xDFFF) continue;
        std::mbstate_t state{};
        std::array<char8_t, 4> oracle{};
        const char32_t* read = nullptr;
        char8_t* end = nullptr;
        ASSERT_EQ(facet.out(state, &point, &point + 1, read, oracle.data(), oracle.data() + 4, end),
                  Facet::ok);
        const std::string expected(oracle.data(), end);
        ASSERT_EQ(to_utf8(point), expected);
        std::size_t offset = 0;
        ASSERT_EQ(next_code_point(expected, offset), point);
        ASSERT_EQ(offset, expected.size());
    }
}

TEST(Utf8, NumbersThatAreNoCodePointsAreRefused) {
    for (const char32_t number : {0xD800u, 0xDFFFu, 0x110000u, 0xFFFFFFFFu})
        EXPECT_THROW(to_utf8(number), Error) << static_cast<std::uint32_t>(number);
}

TEST(Utf8, TheFirstInvalidByteIsNamed) {
    EXPECT_EQ(first_invalid_byte("déjà vu"), std::nullopt);
    EXPECT_EQ(first_invalid_byte(""), std::nullopt);
    EXPECT_EQ(first_invalid_byte("d\xC3\xA9j\xE0 vu"), 4u);
    EXPECT_EQ(first_invalid_byte("cut \xE2\x82"), 4u); // the euro sign lacks its last byte
    std::size_t offset = 3;
    expect_contains(error_sentence([&] { next_code_point("abc\xFF", offset); }), "byte 3");
    EXPECT_EQ(offset, 3u);
    offset = 4;
    EXPECT_THROW(next_code_point("abc", offset), Error);
}

TEST(Utf8, CodePointsAreCountedNotBytes) {
    EXPECT_EQ(code_points("aé€😀"), U"aé€😀");
    EXPECT_EQ(code_points(""), U"");
    EXPECT_THROW(code_points("a\x80"), Error);
}

TEST(Utf8, WhiteSpaceIsMoreThanBlanks) {
    const std::u32string spaces = U"\t\n\v\f\r \u00A0\u1680\u2003\u2028\u202F\u205F\u3000";
    for (const char32_t space : spaces)
        EXPECT_TRUE(is_white_space(space)) << static_cast<std::uint32_t>(space);
    for (const char32_t other : {U'a', U'.', U'\u200B', U'\uFEFF', U'_', U'\0', U'\u180E'})
        EXPECT_FALSE(is_white_space(other)) << static_cast<std::uint32_t>(other);
}

TEST(Utf8, WidthsInTerminalColumns) {
    EXPECT_EQ(display_width("creature"), 8);
    EXPECT_EQ(display_width("naïve"), 5);
    EXPECT_EQ(display_width("nai\u0308ve"), 5); // the two dots as a mark of their own
    EXPECT_EQ(display_width("日本語"), 6);
    EXPECT_EQ(display_width("한국"), 4);
    EXPECT_EQ(display_width("ｆｕｌｌ"), 8);
    EXPECT_EQ(display_width("😀🐉"), 4);
    EXPECT_EQ(display_width("Ωя·→"), 4);
    EXPECT_EQ(display_width(""), 0);
    EXPECT_EQ(display_width(U'\u200D'), 0);
    EXPECT_EQ(display_width(U'\n'), 0);
    EXPECT_THROW(display_width(std::string_view("\xFF")), Error);
}

TEST(Utf8, QuotesAreFitForAMessage) {
    EXPECT_EQ(in_quotes("dragon"), "\"dragon\"");
    EXPECT_EQ(in_quotes(""), "\"\"");
    EXPECT_EQ(in_quotes("a\x1B[31m\u0085"), "\"a<U+001B>[31m<U+0085>\"");
    EXPECT_EQ(in_quotes("a\xFF"), "\"a<byte FF>\"");
    EXPECT_EQ(in_quotes("a\xE2\x82"), "\"a<byte E2><byte 82>\"");
    EXPECT_EQ(in_quotes(std::string(40, 'x')), "\"" + std::string(40, 'x') + "\"");
    EXPECT_EQ(in_quotes(std::string(41, 'x')), "\"" + std::string(40, 'x') + "…\"");
}
