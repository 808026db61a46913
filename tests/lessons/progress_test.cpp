#include "progress.h"

#include "files/file.h"
#include "support/error_sentence.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

using namespace whirlygig;

TEST(Progress, ComesBackAsItWasWritten) {
    TemporaryFolder folder;
    Progress progress;
    progress.exercises["fill"] = {.passed = "0123456789abcdef", .skipped = false, .hints = 2};
    progress.exercises["add"] = {.passed = "", .skipped = true, .hints = 0};
    write_progress(folder / "progress.json", progress);
    const Progress again = read_progress(folder / "progress.json");
    ASSERT_EQ(again.exercises.size(), 2u);
    EXPECT_EQ(again.exercises.at("fill").passed, "0123456789abcdef");
    EXPECT_EQ(again.exercises.at("fill").hints, 2);
    EXPECT_TRUE(again.passed("fill"));
    EXPECT_FALSE(again.skipped("fill"));
    EXPECT_FALSE(again.passed("add"));
    EXPECT_TRUE(again.skipped("add"));
    EXPECT_FALSE(again.passed("encode"));
}

TEST(Progress, NoFileIsNoProgress) {
    TemporaryFolder folder;
    EXPECT_TRUE(read_progress(folder / "progress.json").exercises.empty());
}

TEST(Progress, ABrokenFileIsNamedWithTheWayOut) {
    TemporaryFolder folder;
    for (const char* broken :
         {"", "{", "[]", "{}", "{\"exercises\": 3}", "{\"exercises\": {\"fill\": {\"passed\": 1}}}",
          "{\"exercises\": {\"fill\": 1}}", "{\"exercises\": {}, \"x\": 1}"}) {
        write_file(folder / "progress.json", broken);
        const std::string sentence =
            error_sentence([&folder] { read_progress(folder / "progress.json"); });
        expect_contains(sentence, "progress.json is broken (");
        expect_contains(sentence, "Delete the file");
    }
}
