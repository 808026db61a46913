#include "training/examples.h"

#include "error.h"
#include "random.h"

#include <algorithm>

namespace whirlygig {
namespace {

// Throws an Error that names the sequence (counted from 1, like the lines of a file).
void check_sequence(std::size_t number, std::size_t length, const Recipe& recipe) {
    const std::size_t shortest = std::max<std::size_t>(2, recipe.answer_from_end + 1);
    if (recipe.answer_length > 0 && length < shortest) {
        fail("sequence {} has {} tokens, but its answer should start {} tokens before its end and "
             "be predicted from something: it needs at least {} tokens",
             number, length, recipe.answer_from_end, shortest);
    }
    if (recipe.answer_length > 0 && length > recipe.context + 1) {
        fail("sequence {} has {} tokens, but a context of {} can learn from at most {}: choose a "
             "larger context",
             number, length, recipe.context, recipe.context + 1);
    }
    if (length < 2) {
        fail("sequence {} has fewer than two tokens, so there is nothing to predict in it", number);
    }
}

void check_sequences(const std::vector<std::vector<int>>& sequences, const Recipe& recipe) {
    if (sequences.empty()) fail("there is no sequence to learn from: the text is empty");
    for (std::size_t i = 0; i < sequences.size(); ++i)
        check_sequence(i + 1, sequences[i].size(), recipe);
}

// A random piece of at most context + 1 tokens.
std::span<const int> draw_window(const std::vector<int>& sequence, std::size_t context,
                                 Random& random) {
    const std::span<const int> all(sequence);
    if (all.size() <= context + 1) return all;
    const std::size_t places = all.size() - context; // at which a window can start
    return all.subspan(random.below(places), context + 1);
}

} // namespace

void make_example(std::span<const int> sequence, const Recipe& recipe, Example& example) {
    const std::size_t n = sequence.size();
    constexpr std::size_t first = 1;
    check_sequence(first, n, recipe);
    example.ids.assign(sequence.begin(), sequence.end() - 1);
    example.targets.assign(sequence.begin() + 1, sequence.end());
    example.weights.assign(n - 1, recipe.other_weight);
    if (recipe.answer_length == 0) return;
    // The target of place t is token t + 1.
    const std::size_t answer = n - recipe.answer_from_end - 1;
    for (std::size_t place = answer; place < answer + recipe.answer_length; ++place)
        example.weights[place] = recipe.answer_weight;
}

ExampleSource source_from_sequences(std::vector<std::vector<int>> sequences, const Recipe& recipe) {
    check_recipe(recipe);
    check_sequences(sequences, recipe);
    return {recipe, std::move(sequences), {}, {}};
}

ExampleSource source_from_grammar(Grammar grammar, Tokenizer tokenizer, const Recipe& recipe) {
    check_recipe(recipe);
    return {recipe, {}, std::move(grammar), std::move(tokenizer)};
}

void draw_batch(const ExampleSource& source, std::uint64_t seed, std::uint64_t step,
                std::vector<Example>& batch) {
    Random random(seed, batch_streams + step);
    batch.resize(source.recipe.batch);
    for (Example& example : batch) {
        std::vector<int> fresh;
        if (source.grammar) fresh = source.tokenizer->encode(source.grammar->draw_text(random));
        const std::vector<int>& sequence =
            source.grammar ? fresh : source.sequences[random.below(source.sequences.size())];
        make_example(draw_window(sequence, source.recipe.context, random), source.recipe, example);
    }
}

std::vector<Example> held_out_examples(const std::vector<std::vector<int>>& sequences,
                                       const Recipe& recipe, std::size_t most) {
    check_recipe(recipe);
    check_sequences(sequences, recipe);
    std::vector<std::span<const int>> windows;
    for (const std::vector<int>& sequence : sequences) {
        const std::span<const int> all(sequence);
        for (std::size_t start = 0; start + 1 < all.size(); start += recipe.context)
            windows.push_back(all.subspan(start, std::min(recipe.context + 1, all.size() - start)));
    }
    std::vector<Example> examples(std::min(most, windows.size()));
    for (std::size_t i = 0; i < examples.size(); ++i)
        make_example(windows[i * windows.size() / examples.size()], recipe, examples[i]);
    return examples;
}

} // namespace whirlygig
