#include "study/known_floor.h"

#include "support/expect.h"

#include <cmath>

using namespace whirlygig;

namespace {

// Two words, the second of which is one of four: ln 4 nats for the one that is predicted.
Corpus small_corpus(const std::string& sentence = "a WORD") {
    Corpus corpus;
    corpus.grammar =
        parse_grammar(R"({"about": "x", "kind": "sentences", "sentence": ")" + sentence +
                      R"(", "words": {"WORD": ["w", "x", "y", "z"], "TOO": ["z"]}})");
    return corpus;
}

Corpus sorting_corpus() {
    Corpus corpus;
    corpus.grammar = parse_grammar(R"({"about": "x", "kind": "sort", "words": ["0", "1", "2"],
                                       "separator": ">", "count": 2})");
    return corpus;
}

Tokenizer tokenizer(TokenizerKind kind) {
    return Tokenizer::from_vocabulary(kind, {"a", "w", "x", "y", "z"});
}

const Tokenizer words = tokenizer(TokenizerKind::words);
const std::vector<Example> all_count{{{0}, {1}, {1.0}}, {{0}, {3}, {0.5}}};

} // namespace

TEST(KnownFloor, IsTheGrammarsWhenTheSameTokensCount) {
    const auto floor = known_floor(small_corpus(), words, all_count);
    ASSERT_TRUE(floor);
    EXPECT_NEAR(*floor, std::log(4.0), 1e-12);
}

TEST(KnownFloor, IsUnknownWhenTokensAreNoWords) {
    EXPECT_FALSE(known_floor(small_corpus(), tokenizer(TokenizerKind::characters), all_count));
}

TEST(KnownFloor, IsUnknownWithoutAGrammarOrAFormula) {
    EXPECT_FALSE(known_floor(Corpus{}, words, all_count));
    EXPECT_FALSE(known_floor(small_corpus("a (WORD | TOO)"), words, all_count));
}

TEST(KnownFloor, IsUnknownWhenOtherTokensCount) {
    EXPECT_FALSE(known_floor(small_corpus(), words, {{{0}, {1}, {1.0}}, {{0}, {3}, {0.0}}}));
    // Of "1 0 > 0 1" the grammar predicts the two behind the separator.
    const std::vector<Example> output{{{1, 0, 3, 0}, {0, 3, 0, 1}, {0.0, 0.0, 1.0, 1.0}}};
    const std::vector<Example> everything{{{1, 0, 3, 0}, {0, 3, 0, 1}, {1.0, 1.0, 1.0, 1.0}}};
    EXPECT_EQ(known_floor(sorting_corpus(), words, output), 0.0);
    EXPECT_FALSE(known_floor(sorting_corpus(), words, everything));
}
