#include "files/strict_json.h"

#include "support/error_sentence.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

using whirlygig::parse_json;
using whirlygig::shown;

namespace {

std::string sentence_for(std::string_view text, std::size_t depth_limit = 9) {
    return error_sentence([&] { parse_json(text, "config.json", depth_limit); });
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string result;
    for (; times > 0; --times)
        result += text;
    return result;
}

} // namespace

TEST(StrictJson, GivesTheValue) {
    const auto value = parse_json(" {\"a\": [1, -2.5, null], \"\\u00e9\": \"\xc3\xa9\"}\n", "x", 2);
    EXPECT_EQ(value.size(), 2u);
    EXPECT_EQ(value["a"][0], 1);
    EXPECT_EQ(value["a"][1], -2.5);
    EXPECT_TRUE(value["a"][2].is_null());
    EXPECT_EQ(value["\xc3\xa9"], "\xc3\xa9");
}

TEST(StrictJson, SaysWhereTheTextIsNotJson) {
    EXPECT_EQ(sentence_for("{\n  \"a\": 1,\n  \"b\" 2}"),
              "config.json, line 3, column 7: not valid JSON; look for a missing comma, quote or "
              "bracket, or text that is not UTF-8");
    expect_contains(sentence_for(""), "line 1, column 1: not valid JSON");
    expect_contains(sentence_for("{\"a\": 1"), "line 1, column 8: not valid JSON");
    expect_contains(sentence_for("{} {}"), "line 1, column 4: not valid JSON");
    expect_contains(sentence_for("[1,]"), "line 1, column 4: not valid JSON");
    expect_contains(sentence_for("{\"a\": NaN}"), "not valid JSON");
}

TEST(StrictJson, TurnsDownTextThatIsNotUtf8) {
    expect_contains(sentence_for("[\"\xff\"]"), "line 1, column 3: not valid JSON");
    expect_contains(sentence_for("[\"\xc3\"]"), "not valid JSON");         // cut in the middle
    expect_contains(sentence_for("[\"\xc0\xaf\"]"), "not valid JSON");     // longer than needed
    expect_contains(sentence_for("[\"\xed\xa0\x80\"]"), "not valid JSON"); // half of a pair
    expect_contains(sentence_for("[\"\\ud800\"]"), "not valid JSON");
}

TEST(StrictJson, LooksBehindAZeroByte) {
    expect_contains(sentence_for(std::string_view("{}\0{}", 5)), "line 1, column 3: not valid");
}

TEST(StrictJson, TurnsDownANameThatOccursTwice) {
    EXPECT_EQ(sentence_for(R"({"a": {"b": 1}, "c": {"b": 2, "\u0062": 3}})"),
              "config.json holds the name \"b\" twice; remove or rename one");
    EXPECT_EQ(parse_json(R"([{"b": 1}, {"b": 2}, "b", "b"])", "x", 2).size(), 4u);
}

TEST(StrictJson, TurnsDownDeepNesting) {
    EXPECT_EQ(parse_json(R"({"a": [1]})", "x", 2)["a"][0], 1);
    EXPECT_EQ(sentence_for(R"({"a": [1]})", 1),
              "config.json nests its values more than 1 deep; is it the right file?");
    expect_contains(sentence_for(repeated("[", 5'000'000)), "more than 9 deep");
    expect_contains(sentence_for(repeated("{\"a\":", 1'000'000)), "more than 9 deep");
}

TEST(StrictJson, TurnsDownTooManyValues) {
    expect_contains(sentence_for("[0" + repeated(",0", 1'000'000) + "]"),
                    "config.json holds more than 1000000 values");
    EXPECT_EQ(parse_json("[0" + repeated(",0", 900'000) + "]", "x", 1).size(), 900'001u);
}

TEST(StrictJson, TurnsDownNumbersBeyondADouble) {
    expect_contains(sentence_for("[1e999]"), "config.json holds a number that is too large");
    EXPECT_EQ(parse_json("[18446744073709551615]", "x", 1)[0], UINT64_MAX);
}

TEST(Shown, QuotesAndCuts) {
    EXPECT_EQ(shown("attn.bias"), "\"attn.bias\"");
    EXPECT_EQ(shown("a\nb\x1b\""), "\"a\\nb\\u001b\\\"\"");
    EXPECT_EQ(shown("\xff"), "\"\xef\xbf\xbd\"");
    EXPECT_EQ(shown(std::string(80, 'n')), "\"" + std::string(80, 'n') + "\"");
    EXPECT_EQ(shown(std::string(81, 'n')), "\"" + std::string(80, 'n') + "\"…");
    // 40 letters of two bytes after one of one byte: the cut goes through the last of them.
    EXPECT_EQ(shown("n" + repeated("é", 40)), "\"n" + repeated("é", 39) + "\xef\xbf\xbd\"…");
}
