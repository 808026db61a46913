#include "text/pattern.h"

#include "support/error_sentence.h"

#include <gtest/gtest.h>

#include <string>

using namespace whirlygig;

namespace {

// A pattern written out again, with every bracket: <a b> for a sequence, {a | b} for a choice.
std::string spelled(const Pattern& pattern) {
    if (pattern.kind == Pattern::Kind::word) return "'" + pattern.text + "'";
    if (pattern.kind == Pattern::Kind::name) {
        const std::string label = pattern.label.empty() ? "" : pattern.label + ":";
        return label + (pattern.owner.empty() ? "" : pattern.owner + ".") + pattern.text;
    }
    const bool choice = pattern.kind == Pattern::Kind::choice;
    std::string text = choice ? "{" : "<";
    for (std::size_t index = 0; index < pattern.parts.size(); ++index)
        text += (index == 0 ? "" : choice ? " | " : " ") + spelled(pattern.parts[index]);
    return text + (choice ? "}" : ">");
}

} // namespace

TEST(Pattern, IsReadAsItIsMeant) {
    const auto read = [](const char* text) { return spelled(parse_pattern(text)); };
    EXPECT_EQ(read("the NOUN ."), "<'the' NOUN '.'>");
    EXPECT_EQ(read("the [SIZE] NOUN"), "<'the' {<SIZE> | <>} NOUN>");
    EXPECT_EQ(read("(AA | BB | AA BB) c"), "<{<AA> | <BB> | <AA BB>} 'c'>");
    EXPECT_EQ(read("a | b c"), "{<'a'> | <'b' 'c'>}");
    EXPECT_EQ(read("[a|b](c)"), "<{{<'a'> | <'b'>} | <>} <'c'>>");
    EXPECT_EQ(read("first:CLAUSE . later first.NOUN"), "<first:CLAUSE '.' 'later' first.NOUN>");
    EXPECT_EQ(read("stars : I A the.end x:y V2 B_ 2B Ab e.g."),
              "<'stars' ':' 'I' 'A' 'the.end' 'x:y' V2 B_ '2B' 'Ab' 'e.g.'>");
    EXPECT_EQ(read("\t((a))\n"), "<<<'a'>>>");
}

TEST(Pattern, WrongOnesAreQuotedWithThePlace) {
    const auto refused = [](const std::string& text) {
        return error_sentence([&] { parse_pattern(text); });
    };
    expect_contains(refused("the [SIZE NOUN"), "wrong at \"[SIZE NOUN\": the [ is not closed");
    expect_contains(refused("(a | b] c"), "wrong at \"(a | b] c\": the ( is not closed");
    expect_contains(refused("a b) c"), "wrong at \") c\"");
    expect_contains(refused("]"), "nothing");
    expect_contains(refused(""), "at the end");
    expect_contains(refused("a ()"), "nothing");
    expect_contains(refused("(a | )"), "nothing");
    expect_contains(refused("| a"), "nothing");
    expect_contains(refused("a\u00A0b"), "blanks");
    expect_contains(refused(std::string("a\0b", 3) + " ("), "nothing");
    expect_contains(refused(std::string(100'000, '(')), "too deep");
}
