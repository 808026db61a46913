#include "text/tokenizer.h"

#include "support/error_sentence.h"
#include "support/tokenizer_mistakes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace whirlygig;

namespace {

constexpr auto words = TokenizerKind::words;
constexpr auto characters = TokenizerKind::characters;

std::vector<std::string> tokens_of(const Tokenizer& tokenizer) {
    std::vector<std::string> tokens;
    tokens.reserve(static_cast<std::size_t>(tokenizer.size()));
    for (int id = 0; id < tokenizer.size(); ++id)
        tokens.push_back(tokenizer.token(id));
    return tokens;
}

Tokenizer creatures() {
    return Tokenizer::from_vocabulary(words, {"the", "blue", "dragon", "dragoon", "wagon", "in"});
}

using Tokens = std::vector<std::string>;
using Ids = std::vector<int>;
using support::Teacher;

void try_collecting(Teacher& teacher, TokenizerKind kind, const Tokens& texts,
                    const Tokens& expected) {
    const std::string given = fmt::format("given the texts {}, split into {}\n",
                                          support::written(texts), to_string(kind));
    teacher.try_out({given, expected, mistakes::collect_pieces(texts, kind == words)},
                    [&] { return tokens_of(Tokenizer::from_texts(kind, texts)); });
}

std::string with_ids(const Tokens& vocabulary) {
    std::string text = "given the vocabulary";
    for (std::size_t id = 0; id < vocabulary.size(); ++id)
        text += fmt::format("{} {} = {}", id == 0 ? "" : ",", id, support::quoted(vocabulary[id]));
    return text + "\n";
}

struct Vocabulary {
    TokenizerKind kind;
    Tokens tokens;
};
const Vocabulary story = {words, {"the", "blue", "dragon", "in", "wagon"}};
const Vocabulary letters = {characters, {"\n", " ", "a", "b", "d", "n"}};

void try_encoding(Teacher& teacher, const Vocabulary& vocabulary, const std::string& text,
                  const Tokens& expected) {
    const auto& [kind, tokens] = vocabulary;
    const auto tokenizer = Tokenizer::from_vocabulary(kind, tokens);
    const std::string given =
        with_ids(tokens) +
        fmt::format("given the text {} of {}\n", support::quoted(text), to_string(kind));
    teacher.try_out({given, expected, mistakes::encode(text, tokens, kind == words)},
                    [&] { return mistakes::numbers(tokenizer.encode(text)); });
}

void try_decoding(Teacher& teacher, const Vocabulary& vocabulary, const Ids& ids,
                  const std::string& expected) {
    const auto& [kind, tokens] = vocabulary;
    const auto tokenizer = Tokenizer::from_vocabulary(kind, tokens);
    const std::string given = with_ids(tokens) + fmt::format("given the ids {} of {}\n",
                                                             fmt::join(ids, ", "), to_string(kind));
    teacher.try_out({given, {expected}, mistakes::decode(ids, tokens, kind == words)},
                    [&] { return Tokens{tokenizer.decode(ids)}; });
}

} // namespace

TEST(CollectPieces, EachWordIsKeptOnce) {
    Teacher teacher("collect_pieces");
    try_collecting(teacher, words, {"the blue dragon", "a dragon in the wagon", "go on"},
                   {"a", "blue", "dragon", "go", "in", "on", "the", "wagon"});
    try_collecting(teacher, words, {"one"}, {"one"});
    try_collecting(teacher, words, {"to be or", "not", "to be"}, {"be", "not", "or", "to"});
}

TEST(CollectPieces, WhiteSpaceIsNoWord) {
    Teacher teacher("collect_pieces");
    try_collecting(teacher, words, {"two  words ", "\n three\tmore \n"},
                   {"more", "three", "two", "words"});
    try_collecting(teacher, words, {"", "alone", "  "}, {"alone"});
}

TEST(CollectPieces, CharactersAreKeptOnceToo) {
    Teacher teacher("collect_pieces");
    try_collecting(teacher, characters, {"bad", "a band\n", "nab"},
                   {"\n", " ", "a", "b", "d", "n"});
    try_collecting(teacher, characters, {"x", "yz "}, {" ", "x", "y", "z"});
}

TEST(Encode, EachWordBecomesItsId) {
    Teacher teacher("encode");
    try_encoding(teacher, story, "the dragon in the blue wagon", {"0", "2", "3", "0", "1", "4"});
    try_encoding(teacher, story, "wagon", {"4"});
    try_encoding(teacher, story, "in in the the in", {"3", "3", "0", "0", "3"});
    try_encoding(teacher, {words, {"b", "a", "c"}}, "a b c", {"1", "0", "2"});
    try_encoding(teacher, story, "", {});
}

TEST(Encode, WhiteSpaceIsNoWord) {
    Teacher teacher("encode");
    try_encoding(teacher, story, " dragon\n in  the\twagon \n", {"2", "3", "0", "4"});
    try_encoding(teacher, story, "blue ", {"1"});
    try_encoding(teacher, story, " \n ", {});
}

TEST(Encode, EachCharacterBecomesItsId) {
    Teacher teacher("encode");
    try_encoding(teacher, letters, "a bad band\n",
                 {"2", "1", "3", "2", "4", "1", "3", "2", "5", "4", "0"});
    try_encoding(teacher, letters, "n", {"5"});
    try_encoding(teacher, letters, " b ", {"1", "3", "1"});
}

TEST(Encode, AnUnknownPieceIsRefused) {
    Teacher teacher("encode");
    try_encoding(teacher, story, "the blue dragno in",
                 {"Error: the word \"dragno\" (word 3 of the text) is not in the vocabulary; did "
                  "you mean \"dragon\" or \"wagon\"?"});
    try_encoding(
        teacher, story, "xylophone",
        {"Error: the word \"xylophone\" (word 1 of the text) is not in the vocabulary, and "
         "no known word is like it"});
    try_encoding(teacher, letters, "bax",
                 {"Error: the character \"x\" (U+0078, character 3 of the text) is not in the "
                  "vocabulary; leave it out or train on a corpus that has it"});
}

TEST(Decode, WordsStandSideBySideWithABlankBetweenThem) {
    Teacher teacher("decode");
    try_decoding(teacher, story, {0, 2, 3, 0, 1, 4}, "the dragon in the blue wagon");
    try_decoding(teacher, story, {4}, "wagon");
    try_decoding(teacher, story, {3, 3, 0, 0, 3}, "in in the the in");
    try_decoding(teacher, story, {}, "");
}

TEST(Decode, CharactersStandSideBySide) {
    Teacher teacher("decode");
    try_decoding(teacher, letters, {2, 1, 3, 2, 4, 1, 3, 2, 5, 4, 0}, "a bad band\n");
    try_decoding(teacher, letters, {5}, "n");
    try_decoding(teacher, letters, {1, 3, 1}, " b ");
    try_decoding(teacher, letters, {}, "");
}

TEST(CollectPieces, WordsAreSortedAndEachIsThereOnce) {
    const auto tokenizer =
        Tokenizer::from_texts(words, {"the blue dragon .", "  zebra\tthe\r\nÉcole ", "", " \n"});
    EXPECT_EQ(tokens_of(tokenizer), (Tokens{".", "blue", "dragon", "the", "zebra", "École"}));
    EXPECT_EQ(tokenizer.kind(), words);
    EXPECT_TRUE(tokenizer.knows("zebra"));
    EXPECT_FALSE(tokenizer.knows("zebr"));
}

TEST(CollectPieces, CharactersAreCodePointsInTheirOrder) {
    // In UTF-16 the last two would be the other way round.
    const auto tokenizer = Tokenizer::from_texts(characters, {"bé a", "\n\U0001F600\uFFFDb"});
    EXPECT_EQ(tokens_of(tokenizer), (Tokens{"\n", " ", "a", "b", "é", "\uFFFD", "\U0001F600"}));
}

TEST(CollectPieces, TheOrderOfTheTextsMakesNoDifference) {
    const auto one = Tokenizer::from_texts(words, {"c a", "b a"});
    const auto other = Tokenizer::from_texts(words, {"b a", "a a a c"});
    EXPECT_EQ(tokens_of(one), tokens_of(other));
}

TEST(Decode, DecodeUndoesEncode) {
    const std::string text = "the dragon\n\n in  the \u3000wagon\t";
    const auto by_character = Tokenizer::from_texts(characters, {text});
    EXPECT_EQ(by_character.decode(by_character.encode(text)), text);
    EXPECT_EQ(by_character.encode(text).size(), 28u);
    const auto by_word = Tokenizer::from_texts(words, {text});
    EXPECT_EQ(by_word.decode(by_word.encode(text)), "the dragon in the wagon");
    EXPECT_EQ(by_word.encode(text), (Ids{2, 0, 1, 2, 3}));
}

TEST(Encode, ATokenMayBeOneCharacterLongAndStillBeAWord) {
    const auto tokenizer = Tokenizer::from_texts(words, {"3 1 > 1 3"});
    EXPECT_EQ(tokens_of(tokenizer), (Tokens{"1", "3", ">"}));
    expect_contains(error_sentence([&] { tokenizer.encode("31"); }), "\"31\" (word 1");
}

TEST(Encode, AnEmptyTextHasNoTokens) {
    EXPECT_EQ(creatures().encode(""), Ids{});
    EXPECT_EQ(creatures().encode(" \n\t "), Ids{});
}

TEST(Decode, NoIdsAreAnEmptyText) {
    EXPECT_EQ(creatures().decode({}), "");
}

TEST(Encode, AnUnknownWordIsNamedWithItsPlaceAndWhatIsNear) {
    const auto sentence = error_sentence([] { creatures().encode("the  blue dragno in"); });
    expect_contains(sentence, "\"dragno\" (word 3 of the text)");
    expect_contains(sentence, "did you mean \"dragon\" or \"dragoon\" or \"wagon\"?");
    const auto nothing_near = error_sentence([] { creatures().encode("xylophone"); });
    expect_contains(nothing_near, "\"xylophone\" (word 1 of the text)");
    expect_contains(nothing_near, "no known word is like it");
}

TEST(Encode, AnUnknownCharacterIsNamedWithItsNumber) {
    const auto tokenizer = Tokenizer::from_texts(characters, {"abc"});
    expect_contains(error_sentence([&] { tokenizer.encode("ab\u00E9"); }),
                    "\"é\" (U+00E9, character 3 of the text)");
    expect_contains(error_sentence([&] { tokenizer.encode("\x1B"); }), "\"<U+001B>\" (U+001B");
    expect_contains(error_sentence([&] { tokenizer.encode("a😀"); }), "(U+1F600, character 2");
}

TEST(Encode, InvalidUtf8IsNamedByItsByte) {
    expect_contains(error_sentence([] { creatures().encode("the bl\xFFue"); }), "byte 6");
    expect_contains(error_sentence([] { creatures().encode("the \xE2\x82"); }), "byte 4");
    const auto tokenizer = Tokenizer::from_texts(characters, {"abc"});
    expect_contains(error_sentence([&] { tokenizer.encode("ab\x80"); }), "byte 2");
}

TEST(CollectPieces, InvalidUtf8IsRefused) {
    const auto sentence = error_sentence([] {
        Tokenizer::from_texts(words, {"fine", "not \xC0\x80"});
    });
    expect_contains(sentence, "byte 4");
}

TEST(Tokenizer, SuggestionsComeNearestFirst) {
    EXPECT_EQ(creatures().suggestions("dragon"), (Tokens{"dragon", "dragoon", "wagon"}));
    EXPECT_EQ(creatures().suggestions("bleu"), (Tokens{"blue"}));
    EXPECT_EQ(creatures().suggestions("teh"), (Tokens{"the"}));
    EXPECT_EQ(creatures().suggestions("ix"), (Tokens{"in"}));
    EXPECT_EQ(creatures().suggestions(""), Tokens{});
    EXPECT_EQ(creatures().suggestions(std::string(100'000, 'x')), Tokens{});
    EXPECT_EQ(Tokenizer::from_texts(characters, {"abc"}).suggestions("d"), Tokens{});
    const auto many = Tokenizer::from_vocabulary(words, {"bad", "dad", "had", "mad", "sad"});
    EXPECT_EQ(many.suggestions("rad"), (Tokens{"bad", "dad", "had"})); // equally near: by id
}

TEST(Tokenizer, IdsOutsideTheVocabularyAreRefused) {
    for (const int id : {-1, 6, 2147483647, -2147483647 - 1}) {
        expect_contains(error_sentence([&] { creatures().token(id); }), std::to_string(id));
    }
}

TEST(Decode, IdsOutsideTheVocabularyAreRefused) {
    for (const int id : {-1, 6, 2147483647, -2147483647 - 1})
        expect_contains(error_sentence([&] {
                            creatures().decode({0, id});
                        }),
                        fmt::format("no token with the id {}", id));
}

TEST(Tokenizer, VocabulariesThatCannotBeAreRefused) {
    const auto refused = [](TokenizerKind kind, Tokens tokens) {
        return error_sentence([&] { Tokenizer::from_vocabulary(kind, tokens); });
    };
    expect_contains(refused(words, {}), "empty");
    expect_contains(refused(words, {"a", ""}), "id 1 is empty");
    expect_contains(refused(words, {"a", "b", "a"}), "\"a\" has two ids, 0 and 2");
    expect_contains(refused(words, {"a b"}), "white space");
    expect_contains(refused(words, {" a"}), "white space");
    expect_contains(refused(words, {"\n"}), "white space");
    expect_contains(refused(words, {"a\xFF"}), "not valid UTF-8");
    expect_contains(refused(characters, {"ab"}), "not a single character");
    expect_contains(refused(characters, {"\xC3"}), "not valid UTF-8");
    EXPECT_EQ(Tokenizer::from_vocabulary(characters, {" ", "\n"}).size(), 2);
}

TEST(CollectPieces, TextsWithoutAnyTokenAreRefused) {
    const auto refused = [](TokenizerKind kind, const Tokens& texts) {
        return error_sentence([&] { Tokenizer::from_texts(kind, texts); });
    };
    expect_contains(refused(words, {}), "the texts are empty");
    expect_contains(refused(words, {"", " \n "}), "the texts are empty");
    expect_contains(refused(characters, {""}), "the texts are empty");
}

TEST(Tokenizer, AVocabularyHasAnEnd) {
    std::string text;
    for (int number = 0; number <= 250'000; ++number)
        text += std::to_string(number) + " ";
    expect_contains(error_sentence([&] { Tokenizer::from_texts(words, {text}); }), "250000");
    text.resize(text.size() - std::string("250000 ").size());
    EXPECT_EQ(Tokenizer::from_texts(words, {text}).size(), 250'000);
}

TEST(Tokenizer, KindsHaveNames) {
    for (const auto kind : {words, characters})
        EXPECT_EQ(tokenizer_kind(to_string(kind)), kind);
    expect_contains(error_sentence([] { tokenizer_kind("syllables"); }), "\"syllables\"");
}
