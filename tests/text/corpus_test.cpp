#include "text/corpus.h"

#include "files/file.h"
#include "support/error_sentence.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

using namespace whirlygig;
namespace fs = std::filesystem;

namespace {

using Lines = std::vector<std::string>;

const char* const corpora[] = {"creatures", "creatures_long", "reviews", "induction", "sorting"};

fs::path shipped(const std::string& name) {
    return fs::path(WHIRLYGIG_CORPORA) / name;
}

const std::string coins = R"({"kind": "sentences", "sentence": "COIN COIN COIN",
    "words": {"COIN": ["head", "tail"]}, "files": {"train_lines": 4, "held_out_lines": 9,
    "seed": 3}})";

} // namespace

TEST(Corpus, AFolderIsReadLineByLine) {
    const TemporaryFolder folder;
    write_file(folder / "train.txt", "\xEF\xBB\xBFthe cat\r\n\r\nthe dog sat\r\n \t\nlast line");
    write_file(folder / "held_out.txt", "a  cow\n\n");
    const Corpus corpus = read_corpus(folder.path);
    EXPECT_EQ(corpus.train, (Lines{"the cat", "the dog sat", "last line"}));
    EXPECT_EQ(corpus.held_out, (Lines{"a  cow"}));
    EXPECT_TRUE(corpus.lines);
    EXPECT_FALSE(corpus.grammar);
    EXPECT_EQ(corpus.name, folder.path.filename().string());
    EXPECT_EQ(read_corpus(folder.path / "").name, corpus.name);
}

TEST(Corpus, TheLastTenthOfATextIsHeldOut) {
    const TemporaryFolder folder;
    std::string train, held_out;
    for (int count = 0; count < 27; ++count)
        train += "é";
    held_out = "日b\n";
    write_file(folder / "some.book.txt", "\xEF\xBB\xBF" + train + held_out);
    const Corpus corpus = read_corpus(folder / "some.book.txt");
    EXPECT_EQ(corpus.train, Lines{train});
    EXPECT_EQ(corpus.held_out, Lines{held_out});
    EXPECT_FALSE(corpus.lines);
    EXPECT_EQ(corpus.name, "some.book");
}

TEST(Corpus, WindowsLineEndsOfATextBecomeSingleOnes) {
    const TemporaryFolder folder;
    write_file(folder / "text", "one\r\ntwo\r\n\r\nthree\rfour, five, six\r\n");
    const Corpus corpus = read_corpus(folder / "text");
    EXPECT_EQ(corpus.train[0] + corpus.held_out[0], "one\ntwo\n\nthree\rfour, five, six\n");
}

TEST(Corpus, WhatCannotBeReadIsNamed) {
    const TemporaryFolder folder;
    const auto refused = [&](const fs::path& path) {
        auto sentence = error_sentence([&] { read_corpus(path); });
        expect_contains(sentence, path.string());
        return sentence;
    };
    expect_contains(refused(folder / "none"), "no file or folder");
    expect_contains(refused(folder.path), "has no train.txt; a corpus folder holds");
    write_file(folder / "train.txt", "fine line\n");
    expect_contains(refused(folder.path), "has no held_out.txt");
    write_file(folder / "held_out.txt", "\n \n");
    expect_contains(refused(folder.path), "held_out.txt is empty");
    write_file(folder / "held_out.txt", "fine\n\nx\n");
    expect_contains(refused(folder.path), "line 3 is the single character \"x\"");
    write_file(folder / "held_out.txt", "fine\nbro\xFFken\n");
    expect_contains(refused(folder.path), "held_out.txt: byte 8");
    write_file(folder / "held_out.txt", "\xEF\xBB\xBF"
                                        "ok\n\xC3");
    expect_contains(refused(folder.path), "byte 6");
    write_file(folder / "held_out.txt", "fine\n");
    write_file(folder / "grammar.json", "{}");
    expect_contains(refused(folder.path), "grammar.json");
    write_file(folder / "text", "");
    expect_contains(refused(folder / "text"), "is empty");
    write_file(folder / "text", " \n\xE3\x80\x80 ");
    expect_contains(refused(folder / "text"), "is empty");
    write_file(folder / "text", "nineteen characters");
    expect_contains(refused(folder / "text"), "has 19 characters");
    write_file(folder / "text", "twenty characters..!");
    EXPECT_EQ(read_corpus(folder / "text").held_out, Lines{".!"});
    write_file(folder / "text", std::string(100, 'a') + "\x80");
    expect_contains(refused(folder / "text"), "byte 100");
}

TEST(Corpus, ATooLargeFileIsRefusedUnread) {
    const TemporaryFolder folder;
    write_file(folder / "text", "x");
    fs::resize_file(folder / "text", largest_corpus_file + 1); // a sparse file: takes no room
    expect_contains(error_sentence([&] { read_corpus(folder / "text"); }), "text");
}

TEST(Corpus, DrawnHeldOutLinesAreNotInTheTrainFile) {
    const TemporaryFolder folder;
    write_file(folder / "grammar.json", coins);
    draw_corpus(folder.path);
    const Corpus corpus = read_corpus(folder.path);
    EXPECT_EQ(corpus.train.size(), 4u);
    EXPECT_EQ(corpus.held_out.size(), 9u);
    const std::set<std::string> train(corpus.train.begin(), corpus.train.end());
    for (const std::string& line : corpus.held_out)
        EXPECT_FALSE(train.contains(line)) << line;
    ASSERT_TRUE(corpus.grammar);
    EXPECT_EQ(corpus.grammar->longest(), 3u);

    const std::string first = read_file(folder / "train.txt");
    draw_corpus(folder.path);
    EXPECT_EQ(read_file(folder / "train.txt"), first);
}

TEST(Corpus, DrawingSaysWhatIsMissing) {
    const TemporaryFolder folder;
    const auto refused = [&](const std::string& part, const std::string& other) {
        std::string text = coins;
        text.replace(text.find(part), part.size(), other);
        write_file(folder / "grammar.json", text);
        auto sentence = error_sentence([&] { draw_corpus(folder.path); });
        expect_contains(sentence, (folder / "grammar.json").string());
        EXPECT_FALSE(fs::exists(folder / "train.txt"));
        return sentence;
    };
    expect_contains(error_sentence([&] { draw_corpus(folder.path); }), "grammar.json");
    expect_contains(refused("\"train_lines\": 4", "\"train_lines\": 900"), "too few sequences");
    expect_contains(refused(", \"files\": {\"train_lines\": 4, \"held_out_lines\": 9,\n    "
                            "\"seed\": 3}",
                            ""),
                    "no \"files\"");
    expect_contains(refused("\"train_lines\": 4", "\"train_lines\": 4.5"), "\"train_lines\"");
}

TEST(Corpus, DrawingStopsBeforeTheFileIsTooLarge) {
    const TemporaryFolder folder;
    write_file(folder / "grammar.json", R"({"kind": "sentences", "sentence": "a WORD",
        "words": {"WORD": ["whirligig"]}, "files": {"train_lines": 1000000,
        "held_out_lines": 1, "seed": 1}})");
    expect_contains(error_sentence([&] { draw_corpus(folder.path, 100'000); }), "draw fewer");
    EXPECT_FALSE(fs::exists(folder / "train.txt"));
}

// The files in data/ are those that their grammars draw.
TEST(Corpus, TheShippedFilesCanBeDrawnAgain) {
    for (const char* name : corpora) {
        const TemporaryFolder folder;
        fs::copy_file(shipped(name) / "grammar.json", folder / "grammar.json");
        draw_corpus(folder.path);
        for (const char* file : {"train.txt", "held_out.txt"})
            EXPECT_TRUE(read_file(folder / file) == read_file(shipped(name) / file))
                << name << "/" << file << " is not what grammar.json draws";
    }
}

TEST(Corpus, TheShippedCorporaHaveTheSizesTheyPromise) {
    for (const char* name : corpora) {
        const Corpus corpus = read_corpus(shipped(name));
        EXPECT_EQ(corpus.name, name);
        const bool examples = corpus.name == "induction" || corpus.name == "sorting";
        EXPECT_EQ(corpus.train.size(), examples ? 1000u : 4000u);
        EXPECT_EQ(corpus.held_out.size(), 500u);
        const std::set<std::string> train(corpus.train.begin(), corpus.train.end());
        for (const std::string& line : corpus.held_out)
            ASSERT_FALSE(train.contains(line)) << line;
    }
}
