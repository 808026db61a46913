#include "training/training_data.h"

#include "error.h"

#include <fmt/ranges.h>

namespace whirlygig {
namespace {

std::vector<std::vector<int>> encode_all(const std::vector<std::string>& texts,
                                         const Tokenizer& tokenizer) {
    std::vector<std::vector<int>> sequences;
    sequences.reserve(texts.size());
    for (const std::string& text : texts)
        sequences.push_back(tokenizer.encode(text));
    return sequences;
}

} // namespace

Tokenizer make_tokenizer(const Corpus& corpus, const Recipe& recipe) {
    std::vector<std::string> texts = corpus.train;
    texts.insert(texts.end(), corpus.held_out.begin(), corpus.held_out.end());
    if (corpus.grammar) texts.push_back(fmt::format("{}", fmt::join(corpus.grammar->words(), " ")));
    return Tokenizer::from_texts(recipe.tokenizer, texts);
}

ExampleSource make_source(const Corpus& corpus, const Tokenizer& tokenizer, const Recipe& recipe) {
    try {
        if (!recipe.fresh)
            return source_from_sequences(encode_all(corpus.train, tokenizer), recipe);
        if (!corpus.grammar) {
            fail("there is no grammar from which to draw fresh sequences: switch \"fresh\" off");
        }
        return source_from_grammar(*corpus.grammar, tokenizer, recipe);
    } catch (const Error& error) {
        fail("the training text of {}: {}", corpus.name, error.what());
    }
}

std::vector<Example> make_held_out(const Corpus& corpus, const Tokenizer& tokenizer,
                                   const Recipe& recipe) {
    try {
        return held_out_examples(encode_all(corpus.held_out, tokenizer), recipe);
    } catch (const Error& error) {
        fail("the held-out text of {}: {}", corpus.name, error.what());
    }
}

} // namespace whirlygig
