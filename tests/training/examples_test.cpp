#include "training/examples.h"

#include "support/error_sentence.h"
#include "training/training_data.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>
#include <string>
#include <vector>

using namespace whirlygig;

namespace {

using Ids = std::vector<int>;
using Weights = std::vector<double>;

// 0, 1, 2, … so that a window shows where it was taken.
Ids counting(std::size_t count) {
    Ids ids(count);
    std::iota(ids.begin(), ids.end(), 0);
    return ids;
}

Example example_of(const Ids& sequence, const Recipe& recipe) {
    Example example;
    make_example(sequence, recipe, example);
    return example;
}

Recipe recipe_with_answer(std::size_t from_end, std::size_t length, double answer, double other) {
    Recipe recipe;
    recipe.answer_from_end = from_end;
    recipe.answer_length = length;
    recipe.answer_weight = answer;
    recipe.other_weight = other;
    return recipe;
}

std::vector<Ids> drawn_ids(const ExampleSource& source, std::uint64_t seed, std::uint64_t step) {
    std::vector<Example> batch;
    draw_batch(source, seed, step, batch);
    std::vector<Ids> ids;
    for (const Example& example : batch)
        ids.push_back(example.ids);
    return ids;
}

} // namespace

TEST(Examples, TargetsAreTheNextTokens) {
    const Example example = example_of({4, 7, 4, 2}, Recipe());
    EXPECT_EQ(example.ids, (Ids{4, 7, 4}));
    EXPECT_EQ(example.targets, (Ids{7, 4, 2}));
    EXPECT_EQ(example.weights, (Weights{1, 1, 1}));
}

// A sentence of eight tokens has seven targets, the second to the eighth token.
TEST(Examples, TheAnswerHasItsOwnWeight) {
    const Ids sequence = counting(8);
    EXPECT_EQ(example_of(sequence, recipe_with_answer(1, 1, 5, 1)).weights,
              (Weights{1, 1, 1, 1, 1, 1, 5}));
    EXPECT_EQ(example_of(sequence, recipe_with_answer(2, 1, 3, 1)).weights,
              (Weights{1, 1, 1, 1, 1, 3, 1}));
    EXPECT_EQ(example_of(sequence, recipe_with_answer(3, 3, 1, 0)).weights,
              (Weights{0, 0, 0, 0, 1, 1, 1}));
    EXPECT_EQ(example_of(sequence, recipe_with_answer(7, 2, 2, 0.5)).weights,
              (Weights{2, 2, 0.5, 0.5, 0.5, 0.5, 0.5}));
}

TEST(Examples, AnExampleIsFilledAnewWhateverItHeld) {
    Example example = example_of(counting(9), recipe_with_answer(1, 1, 5, 2));
    make_example(Ids{3, 1}, Recipe(), example);
    EXPECT_EQ(example.ids, Ids{3});
    EXPECT_EQ(example.targets, Ids{1});
    EXPECT_EQ(example.weights, Weights{1});
}

TEST(Examples, WhatCannotBeLearnedFromIsRefused) {
    Recipe recipe;
    expect_contains(error_sentence([&] { source_from_sequences({}, recipe); }), "empty");
    expect_contains(error_sentence([&] {
                        source_from_sequences({{1, 2}, {}}, recipe);
                    }),
                    "sequence 2 has fewer than two tokens");
    expect_contains(error_sentence([&] {
                        source_from_sequences({{1, 2}, {1}}, recipe);
                    }),
                    "sequence 2 has fewer than two tokens");
    recipe = recipe_with_answer(3, 1, 1, 1);
    recipe.context = 6;
    const auto sequences = [](std::size_t length) {
        return std::vector<Ids>{counting(5), counting(length)};
    };
    expect_contains(error_sentence([&] { source_from_sequences(sequences(3), recipe); }),
                    "sequence 2 has 3 tokens, but its answer");
    EXPECT_NO_THROW(source_from_sequences(sequences(4), recipe));
    EXPECT_NO_THROW(source_from_sequences(sequences(7), recipe));
    expect_contains(error_sentence([&] { source_from_sequences(sequences(8), recipe); }),
                    "choose a larger context");
    expect_contains(error_sentence([&] { held_out_examples(sequences(8), recipe); }),
                    "choose a larger context");
}

TEST(Examples, ABatchDependsOnSeedAndStepAlone) {
    Recipe recipe;
    recipe.batch = 7;
    recipe.context = 5;
    const ExampleSource source = source_from_sequences({counting(1000)}, recipe);
    const auto first = drawn_ids(source, 1, 3);
    EXPECT_EQ(first.size(), 7u);
    drawn_ids(source, 1, 4);
    EXPECT_EQ(drawn_ids(source, 1, 3), first);
    EXPECT_NE(drawn_ids(source, 1, 4), first);
    EXPECT_NE(drawn_ids(source, 2, 3), first);
}

// 20 tokens and a context of 3: windows of 4 tokens can start at 17 places.
TEST(Examples, WindowsOfALongTextStartEverywhereEvenly) {
    Recipe recipe;
    recipe.batch = 1700;
    recipe.context = 3;
    const ExampleSource source = source_from_sequences({counting(20)}, recipe);
    std::vector<Example> batch;
    draw_batch(source, 1, 1, batch);
    std::map<int, int> starts;
    for (const Example& example : batch) {
        const int start = example.ids[0];
        ++starts[start];
        EXPECT_EQ(example.ids, (Ids{start, start + 1, start + 2}));
        EXPECT_EQ(example.targets, (Ids{start + 1, start + 2, start + 3}));
    }
    ASSERT_EQ(starts.size(), 17u);
    EXPECT_EQ(starts.rbegin()->first, 16);
    for (const auto& [start, count] : starts)
        EXPECT_NEAR(count, 100, 50) << "of windows that start at " << start;
}

TEST(Examples, EverySequenceIsDrawnEquallyOftenAndWhole) {
    Recipe recipe;
    recipe.batch = 3000;
    recipe.context = 4;
    const std::vector<Ids> sequences{{0, 1}, {1, 2, 3}, {2, 3, 4, 5, 6}};
    const ExampleSource source = source_from_sequences(sequences, recipe);
    std::map<Ids, int> seen;
    for (const Ids& ids : drawn_ids(source, 9, 1))
        ++seen[ids];
    ASSERT_EQ(seen.size(), 3u);
    for (const Ids& ids : {Ids{0}, Ids{1, 2}, Ids{2, 3, 4, 5}})
        EXPECT_NEAR(seen[ids], 1000, 130);
}

TEST(Examples, FreshSequencesComeFromTheGrammar) {
    const Grammar grammar = parse_grammar(
        R"({"kind": "sort", "words": ["0", "1", "2"], "separator": ">", "count": 3})");
    const Tokenizer tokenizer =
        Tokenizer::from_vocabulary(TokenizerKind::words, {"2", ">", "0", "1"});
    Recipe recipe = recipe_with_answer(3, 3, 1, 0);
    recipe.batch = 50;
    recipe.context = 7;
    const ExampleSource source = source_from_grammar(grammar, tokenizer, recipe);
    const auto ids = drawn_ids(source, 1, 1);
    for (const Ids& sequence : ids) {
        ASSERT_EQ(sequence.size(), 6u);
        EXPECT_EQ(sequence[3], 1); // the separator
    }
    EXPECT_NE(ids[0], ids[1]);
    EXPECT_EQ(drawn_ids(source, 1, 1), ids);
    EXPECT_NE(drawn_ids(source, 1, 2), ids);
}

// Nine tokens, windows of at most 4 targets: each of the eight targets is there once.
TEST(HeldOutExamples, EveryTargetOfALongTextCountsOnce) {
    Recipe recipe;
    for (std::size_t length = 2; length < 14; ++length) {
        recipe.context = 4;
        Ids targets;
        for (const Example& example : held_out_examples({counting(length)}, recipe)) {
            EXPECT_LE(example.ids.size(), 4u);
            targets.insert(targets.end(), example.targets.begin(), example.targets.end());
        }
        Ids expected = counting(length);
        expected.erase(expected.begin());
        EXPECT_EQ(targets, expected);
    }
}

TEST(HeldOutExamples, TooManyAreThinnedOutEvenly) {
    Recipe recipe;
    recipe.context = 2;
    const auto examples = held_out_examples({counting(201)}, recipe, 4); // 100 windows
    ASSERT_EQ(examples.size(), 4u);
    EXPECT_EQ(examples[0].ids[0], 0);
    EXPECT_EQ(examples[1].ids[0], 50);
    EXPECT_EQ(examples[3].ids[0], 150);
}

TEST(TrainingData, ATextBecomesCharactersAndALineWords) {
    Corpus corpus;
    corpus.name = "tiny";
    corpus.train = {"abcabcabca"};
    corpus.held_out = {"abd"};
    corpus.lines = false;
    Recipe recipe;
    recipe.context = 4;
    const Tokenizer tokenizer = make_tokenizer(corpus, recipe);
    EXPECT_EQ(tokenizer.size(), 4); // a, b, c and the held-out d
    const ExampleSource source = make_source(corpus, tokenizer, recipe);
    EXPECT_EQ(source.sequences, (std::vector<Ids>{{0, 1, 2, 0, 1, 2, 0, 1, 2, 0}}));
    const auto held_out = make_held_out(corpus, tokenizer, recipe);
    ASSERT_EQ(held_out.size(), 1u);
    EXPECT_EQ(held_out[0].targets, (Ids{1, 3}));

    recipe.fresh = true;
    expect_contains(error_sentence([&] { make_source(corpus, tokenizer, recipe); }),
                    "the training text of tiny: there is no grammar");
    corpus.held_out = {"abx"};
    expect_contains(error_sentence([&] { make_held_out(corpus, tokenizer, recipe); }),
                    "the held-out text of tiny");
}
