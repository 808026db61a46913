#include "text/edit_distance.h"

#include <gtest/gtest.h>

#include <map>
#include <queue>
#include <string>
#include <vector>

using whirlygig::edit_distance;

namespace {

constexpr std::u32string_view letters = U"abc";

// Every word that one typing mistake makes of this one.
std::vector<std::u32string> mistakes(const std::u32string& word, std::size_t longest) {
    std::vector<std::u32string> words;
    for (std::size_t place = 0; place <= word.size(); ++place) {
        for (const char32_t letter : letters) {
            std::u32string changed = word;
            if (word.size() < longest) {
                words.push_back(changed.insert(place, 1, letter));
                changed = word;
            }
            if (place < word.size()) {
                changed[place] = letter;
                words.push_back(changed);
            }
        }
        if (place < word.size()) words.push_back(std::u32string(word).erase(place, 1));
        if (place + 1 < word.size()) {
            std::u32string changed = word;
            std::swap(changed[place], changed[place + 1]);
            words.push_back(changed);
        }
    }
    return words;
}

} // namespace

// The distance is the length of the shortest path of mistakes, found here by trying them all.
TEST(EditDistance, IsTheShortestWayOverSingleMistakes) {
    for (const std::u32string start : {U"", U"b", U"ab", U"ca", U"abc", U"aabc", U"bcba"}) {
        std::map<std::u32string, std::size_t> distance{{start, 0}};
        std::queue<std::u32string> open;
        for (open.push(start); !open.empty(); open.pop()) {
            for (const std::u32string& next : mistakes(open.front(), 6)) {
                if (distance.emplace(next, distance[open.front()] + 1).second) open.push(next);
            }
        }
        ASSERT_GT(distance.size(), 1000u);
        for (const auto& [word, expected] : distance) {
            // Ways through words longer than 6 letters are not tried.
            if (word.size() > 4) continue;
            ASSERT_EQ(edit_distance(start, word), expected);
            ASSERT_EQ(edit_distance(word, start), expected);
        }
    }
}

TEST(EditDistance, FrozenExamples) {
    EXPECT_EQ(edit_distance(U"", U""), 0u);
    EXPECT_EQ(edit_distance(U"dragon", U"dragon"), 0u);
    EXPECT_EQ(edit_distance(U"dragon", U"dargon"), 1u);
    EXPECT_EQ(edit_distance(U"kitten", U"sitting"), 3u);
    EXPECT_EQ(edit_distance(U"ca", U"abc"), 2u); // swap, then put a letter between
    EXPECT_EQ(edit_distance(U"été", U"ete"), 2u);
    EXPECT_EQ(edit_distance(U"", U"huge"), 4u);
}
