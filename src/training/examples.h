// Training examples: tokens, the token that each place should predict, and how much each counts.
#pragma once

#include "text/grammar.h"
#include "text/tokenizer.h"
#include "training/recipe.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace whirlygig {

struct Example {
    std::vector<int> ids;        // T tokens: a sequence without its last token
    std::vector<int> targets;    // T: the same sequence without its first token
    std::vector<double> weights; // T, >= 0: how much the loss of each target counts
};

// Fills `example` from a sequence of at least two tokens; the recipe's answer options set the
// weights. Throws an Error when the sequence is too short for that.
void make_example(std::span<const int> sequence, const Recipe& recipe, Example& example);

// Where training examples come from: sequences of token ids or, when there is a grammar, sentences
// that are drawn anew from it.
struct ExampleSource {
    Recipe recipe;
    std::vector<std::vector<int>> sequences;
    std::optional<Grammar> grammar;
    std::optional<Tokenizer> tokenizer; // of the grammar's sentences
};

// Throws an Error when there is nothing to learn from, and one that names the first sequence that
// make_example would refuse or that is longer than the context though its end is an answer.
ExampleSource source_from_sequences(std::vector<std::vector<int>> sequences, const Recipe& recipe);
ExampleSource source_from_grammar(Grammar grammar, Tokenizer tokenizer, const Recipe& recipe);

// Fills `batch` with the recipe.batch examples of a step. They depend on nothing but the source,
// the seed and the step. Every sequence is equally likely; of one that is longer than the context,
// a window in a random place is taken that has room for `context` tokens and the last target.
void draw_batch(const ExampleSource& source, std::uint64_t seed, std::uint64_t step,
                std::vector<Example>& batch);

// Held-out sequences as examples. One that is longer than the context is cut into windows, of which
// each starts with the last target of the one before, so that no target counts twice. Of more than
// `most` examples, so many are taken, evenly spread. Throws an Error as source_from_sequences does.
std::vector<Example> held_out_examples(const std::vector<std::vector<int>>& sequences,
                                       const Recipe& recipe, std::size_t most = 1000);

// The streams of random numbers (see random.h) from here on belong to the batches: the batch of
// step s is drawn from stream batch_streams + s.
constexpr std::uint64_t batch_streams = std::uint64_t{1} << 32;

} // namespace whirlygig
