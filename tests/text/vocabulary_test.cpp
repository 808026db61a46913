#include "text/vocabulary.h"

#include "files/file.h"
#include "support/error_sentence.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace whirlygig;

namespace {

constexpr auto words = TokenizerKind::words;
constexpr auto characters = TokenizerKind::characters;

} // namespace

TEST(Vocabulary, ReadsBackWhatItWrote) {
    const TemporaryFolder folder;
    const std::vector<std::string> tokens{"the", "\"", "\\", "é", "日本", "😀", "\x01", "/", "a"};
    const auto written = Tokenizer::from_vocabulary(words, tokens);
    write_vocabulary(folder / "vocabulary.json", written);
    const auto read = read_vocabulary(folder / "vocabulary.json", words);
    ASSERT_EQ(read.size(), static_cast<int>(tokens.size()));
    for (int id = 0; id < read.size(); ++id)
        EXPECT_EQ(read.token(id), tokens[static_cast<std::size_t>(id)]);
    // And so does anyone else.
    const auto json = nlohmann::json::parse(read_file(folder / "vocabulary.json"));
    EXPECT_EQ(json.size(), tokens.size());
    EXPECT_EQ(json["日本"], 4);
}

TEST(Vocabulary, CharactersMayBeWhiteSpace) {
    const TemporaryFolder folder;
    write_vocabulary(folder / "v.json", Tokenizer::from_vocabulary(characters, {"\n", " ", "a"}));
    EXPECT_EQ(read_vocabulary(folder / "v.json", characters).encode("a\n "),
              (std::vector<int>{2, 0, 1}));
    EXPECT_THROW(read_vocabulary(folder / "v.json", words), Error);
}

TEST(Vocabulary, ReadsGpt2sKindOfFile) {
    const TemporaryFolder folder;
    write_file(folder / "v.json", R"({"b":1,"a":0})");
    EXPECT_EQ(read_vocabulary(folder / "v.json", words).encode("b a"), (std::vector<int>{1, 0}));
}

TEST(Vocabulary, WrongFilesAreRefusedWithTheirName) {
    struct Case {
        std::string content, expected;
    };
    const std::string deep(100'000, '[');
    const Case cases[] = {
        {"", "not valid JSON"},
        {"[]", "must be an object"},
        {"[\"the\", \"blue\"]", "is a list"},
        {"3", "is a number"},
        {"{}", "the vocabulary is empty"},
        {R"({"a": 0, "b": 2})", "the id of \"b\" must be a whole number from 0 to 1"},
        {R"({"a": 1})", "from 0 to 0"},
        {R"({"a": -1, "b": 0})", "\"-1\""},
        {R"({"a": 0, "b": 0})", "\"a\" and \"b\" have the same id, 0"},
        {R"({"a": 0.0})", "must be a whole number"},
        {R"({"a": "0"})", "must be a whole number"},
        {R"({"a": null})", "must be a whole number"},
        {R"({"a": [0]})", "must be a whole number"},
        {R"({"a": 99999999999999999999999})", "must be a whole number"},
        {R"({"a": 18446744073709551615})", "must be a whole number"},
        {R"({"a": 1e999})", "too large"},
        {R"({"a": 0, "a": 1})", "\"a\" twice"},
        {R"({"": 0})", "is empty"},
        {R"({"a b": 0})", "white space"},
        {"{\"a\xFF\": 0}", "UTF-8"},
        {R"({"a": 0)", "line 1"},
        {"{\"a\": 0,\n\"b\" 1}", "line 2"},
        {"{\"a\": " + deep, "deep"},
        {deep, "deep"},
    };
    const TemporaryFolder folder;
    const auto path = folder / "vocabulary.json";
    for (const Case& each : cases) {
        write_file(path, each.content);
        const auto sentence = error_sentence([&] { read_vocabulary(path, words); });
        expect_contains(sentence, path.string());
        expect_contains(sentence, each.expected);
        EXPECT_LT(sentence.size(), 400u) << sentence;
    }
    expect_contains(error_sentence([&] { read_vocabulary(folder / "none.json", words); }),
                    "none.json");
}
