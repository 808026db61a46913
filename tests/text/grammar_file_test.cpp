// Grammar files that are wrong: each must be refused in one sentence that says what is wrong.
#include "files/file.h"
#include "support/error_sentence.h"
#include "support/temporary_folder.h"
#include "text/grammar.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

using namespace whirlygig;

namespace {

const std::string good = R"({
  "about": ["one", "two"], "kind": "sentences",
  "files": {"train_lines": 5, "held_out_lines": 3, "seed": 18446744073709551615},
  "sentence": "first:PHRASE and PHRASE then first.NOUN",
  "phrases": {"PHRASE": "the [SIZE] NOUN VERB"},
  "words": {"SIZE": {"s": ["tiny"], "l": ["huge"]}, "NOUN": ["cat", "dog"]},
  "different": ["NOUN"],
  "follows": {"VERB": {"from": ["SIZE", "NOUN"],
    "table": {"s cat": "ran", "s dog": "sat", "l cat": "ate", "l dog": "hid",
              "- cat": "won", "- dog": "lay"}}}
})";

std::string with(const std::string& part, const std::string& other) {
    const std::size_t place = good.find(part);
    EXPECT_NE(place, std::string::npos) << part;
    return std::string(good).replace(place, part.size(), other);
}

struct Case {
    std::string part, other, expected;
};

} // namespace

TEST(GrammarFile, AGoodOneIsRead) {
    const Grammar grammar = parse_grammar(good);
    EXPECT_EQ(grammar.about, "one\ntwo");
    EXPECT_EQ(grammar.files->train_lines, 5u);
    EXPECT_EQ(grammar.files->held_out_lines, 3u);
    EXPECT_EQ(grammar.files->seed, UINT64_MAX);
    EXPECT_EQ(grammar.longest(), 11u);
    EXPECT_GT(grammar.floor(), 0);
}

TEST(GrammarFile, WrongOnesAreRefused) {
    const Case cases[] = {
        {"\"kind\"", "\"kin\"", "has no \"kind\""},
        {"\"sentences\"", "\"verses\"", "no kind of grammar \"verses\""},
        {"\"sentences\"", "3", "\"kind\" of the grammar must be a text"},
        {"\"different\"", "\"diferent\"", "unknown key \"diferent\""},
        {"[\"one\", \"two\"]", "[1]", "\"about\""},
        {"[\"one\", \"two\"]", "{\"a\": \"b\"}", "\"about\""},
        {"\"train_lines\": 5", "\"train_lines\": 0", "\"train_lines\""},
        {"\"train_lines\": 5", "\"train_lines\": 99999999", "\"99999999\""},
        {"\"train_lines\": 5", "\"train_lines\": -5", "\"-5\""},
        {"\"train_lines\": 5, ", "", "no \"train_lines\""},
        {"18446744073709551615", "1.5", "\"seed\""},
        {"\"sentence\":", "\"phrase\":", "unknown key \"phrase\""},
        {"first:PHRASE and", "first:PHRASE (and", "the ( is not closed"},
        {"and PHRASE", "and first:PHRASE", "two phrases of one sentence are called first:"},
        {"and PHRASE", "and PHRASES", "the name PHRASES is not declared"},
        {"then first.NOUN", "then last.NOUN", "last.NOUN speaks of a phrase last:"},
        {"then first.NOUN", "then first.SIZE", "can do without SIZE"},
        {"first:PHRASE and PHRASE then first.NOUN", "first.NOUN first:PHRASE", "come before"},
        {"first:PHRASE and PHRASE then first.NOUN", "[first:PHRASE] first.NOUN", "come before"},
        {"first:PHRASE and PHRASE then first.NOUN", "hello", "a single word"},
        {"first:PHRASE and PHRASE then first.NOUN", "a [b] [c] | d", "a single word"},
        {"the [SIZE]", "the [PHRASE]", "PHRASE contains itself (PHRASE > PHRASE)"},
        {"\"the [SIZE] NOUN VERB\"", "[]", "the phrase PHRASE must be a pattern"},
        {"\"the [SIZE] NOUN VERB\"", "\"\"", "nothing"},
        {"\"the [SIZE] NOUN VERB\"", "\"the NOUN NOUN NOUN VERB\"", "different words NOUN"},
        {"{\"PHRASE\"", "{\"Phrase\"", "\"Phrase\" cannot be a name"},
        {"{\"PHRASE\"", "{\"NOUN\": \"x\", \"PHRASE\"", "the name NOUN is declared twice"},
        {"[\"cat\", \"dog\"]", "[]", "the word set NOUN is an empty list"},
        {"[\"cat\", \"dog\"]", "\"cat\"", "the word set NOUN must be a list"},
        {"[\"cat\", \"dog\"]", "[\"cat\", \"cat\"]", "the word set NOUN holds \"cat\" twice"},
        {"[\"cat\", \"dog\"]", "[\"cat\", 3]", "but holds a number"},
        {"[\"cat\", \"dog\"]", "[\"cat\", \"a dog\"]", "\"a dog\", which is not one word"},
        {"[\"cat\", \"dog\"]", "[\"cat\", \"\"]", "not one word"},
        {"[\"cat\", \"dog\"]", "[\"cat\", \"-\"]", "holds \"-\""},
        {"[\"cat\", \"dog\"]", "[\"cat\", \"cow\"]", "\"dog\" in the key \"- dog\""},
        {"[\"cat\", \"dog\"]", "[\"cat\", \"dog\", \"cow\"]", "VERB has no entry \"- cow\""},
        {"[\"tiny\"]", "[\"huge\"]", "holds \"huge\" in two classes"},
        {"[\"tiny\"]", "[]", "the class s of the word set SIZE is an empty list"},
        {"{\"s\": [\"tiny\"], \"l\": [\"huge\"]}", "{}", "SIZE has no classes"},
        {"\"words\": {", "\"words\": [], \"about\": {", "\"about\""},
        {"[\"NOUN\"]", "[\"VERB\"]", "\"different\" holds \"VERB\""},
        {"[\"NOUN\"]", "\"NOUN\"", "\"different\" must be a list"},
        {"\"from\": [\"SIZE\", \"NOUN\"]", "\"from\": [\"SIZE\", \"NOON\"]", "\"NOON\""},
        {"\"from\": [\"SIZE\", \"NOUN\"]", "\"from\": []", "\"from\" of the rule VERB"},
        {"\"from\": [\"SIZE\", \"NOUN\"]", "\"from\": [\"NOUN\"]", "must have 1 parts"},
        {"\"from\": [\"SIZE\", \"NOUN\"],", "", "has no \"from\""},
        {"\"table\"", "\"tables\"", "unknown key \"tables\""},
        {"\"s cat\": \"ran\", ", "", "the rule VERB has no entry \"s cat\""},
        {"\"s cat\"", "\"s  cat\"", "must have 2 parts"},
        {"\"s cat\"", "\"tiny cat\"", "\"tiny\" in the key \"tiny cat\""},
        {"\"ran\"", "null", "but holds null"},
        {"\"- dog\"", "\"- cat\"", "\"- cat\" twice"},
        {"\"words\"", "\"words\" \"words\"", "line 6"},
    };
    for (const Case& each : cases) {
        const auto sentence = error_sentence([&] { parse_grammar(with(each.part, each.other)); });
        expect_contains(sentence, each.expected);
        EXPECT_LT(sentence.size(), 400u);
    }
}

TEST(GrammarFile, WrongNumbersOfTheOtherKindsAreRefused) {
    const auto repeat = [](const std::string& numbers) {
        return error_sentence([&] {
            parse_grammar(R"({"kind": "repeat", "words": ["a", "b", "c"], )" + numbers + "}");
        });
    };
    expect_contains(repeat(R"("fewest": 0, "most": 2, "length": 5)"), "\"fewest\"");
    expect_contains(repeat(R"("fewest": 2, "most": 1, "length": 5)"), "\"most\"");
    expect_contains(repeat(R"("fewest": 2, "most": 4, "length": 5)"), "from 2 to 3");
    expect_contains(repeat(R"("fewest": 2, "most": 3, "length": 3)"), "from 4 to");
    expect_contains(repeat(R"("fewest": 2, "most": 3, "length": 1000000000)"), "\"length\"");
    expect_contains(repeat(R"("fewest": 2, "most": 3)"), "no \"length\"");
    expect_contains(repeat(R"("sentence": "a")"), "unknown key \"sentence\"");
    const auto sort = [](const std::string& rest) {
        return error_sentence(
            [&] { parse_grammar(R"({"kind": "sort", "words": ["1", "2"], )" + rest + "}"); });
    };
    expect_contains(sort(R"("separator": "1", "count": 3)"), "one of the words");
    expect_contains(sort(R"("separator": "", "count": 3)"), "not one word");
    expect_contains(sort(R"("separator": 7, "count": 3)"), "\"separator\"");
    expect_contains(sort(R"("separator": ">", "count": 0)"), "\"count\"");
    expect_contains(sort(R"("separator": ">", "count": 1e6)"), "\"count\"");
    expect_contains(error_sentence([] { parse_grammar(R"({"kind": "sort"})"); }), "\"words\"");
    expect_contains(error_sentence([] { parse_grammar("[]"); }), "a list");
}

// Small files that would grow without end.
TEST(GrammarFile, ExplosionsAreRefused) {
    std::string doubling = R"({"kind": "sentences", "sentence": "N0 N0", "phrases": {)";
    std::string optional = doubling, chain = doubling;
    for (int n = 0; n < 200; ++n) {
        const std::string name = fmt::format("\"N{}\": ", n), next = fmt::format("N{}", n + 1);
        doubling += name + (n < 14 ? "\"" + next + " " + next + "\", " : "\"word word\", ");
        optional += name + "\"[a] [b] [c] [d] [e] [f] [g] [h] [i] [j] [k] x\", ";
        chain += name + "\"" + next + "\", ";
    }
    const std::string end = R"("N200": "x x"}})";
    expect_contains(error_sentence([&] { parse_grammar(doubling + end); }), "256 words");
    expect_contains(error_sentence([&] { parse_grammar(optional + end); }), "1000 ways");
    expect_contains(error_sentence([&] { parse_grammar(chain + end); }), "16 deep");
}

TEST(GrammarFile, TheFileIsNamed) {
    const TemporaryFolder folder;
    write_file(folder / "grammar.json", with("\"ran\"", "null"));
    const auto read = [&] { read_grammar(folder / "grammar.json"); };
    expect_contains(error_sentence(read), (folder / "grammar.json").string());
    write_file(folder / "grammar.json", std::string(2 << 20, ' '));
    expect_contains(error_sentence(read), (folder / "grammar.json").string());
    std::filesystem::remove(folder / "grammar.json");
    expect_contains(error_sentence(read), (folder / "grammar.json").string());
}

// Files with bytes changed, left out or doubled: read or refused, but nothing else happens.
TEST(GrammarFile, DamagedFilesDoNoHarm) {
    Random random(20);
    int refused = 0, read = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string text = good;
        for (std::size_t edits = 1 + random.below(3); edits > 0; --edits) {
            const std::size_t place = random.below(text.size());
            const std::size_t length = 1 + random.below(12);
            const std::string piece = text.substr(random.below(text.size()), length);
            switch (random.below(4)) {
            case 0:
                text[place] = static_cast<char>(random.below(256));
                break;
            case 1:
                text.erase(place, length);
                break;
            case 2:
                text.insert(place, piece);
                break;
            default:
                text.replace(place, length, piece);
                break;
            }
        }
        try {
            const Grammar grammar = parse_grammar(text);
            ++read;
            EXPECT_GE(grammar.draw(random).size(), 2u);
            EXPECT_GE(grammar.floor(), 0);
        } catch (const Error& error) {
            ++refused;
            EXPECT_LT(std::string(error.what()).size(), 1500u) << error.what();
        }
    }
    EXPECT_GT(refused, 1000);
    EXPECT_GT(read, 20);
}
