#include "study/known_floor.h"

#include "error.h"

namespace whirlygig {
namespace {

bool counts_what_the_grammar_counts(const Example& example, const Grammar& grammar) {
    for (std::size_t place = 0; place < example.weights.size(); ++place) {
        const bool in_floor = place + 1 >= grammar.first_predicted(); // its target is one further
        if (in_floor != (example.weights[place] > 0)) return false;
    }
    return true;
}

} // namespace

std::optional<double> known_floor(const Corpus& corpus, const Tokenizer& tokenizer,
                                  const std::vector<Example>& examples) {
    if (!corpus.grammar || tokenizer.kind() != TokenizerKind::words) return std::nullopt;
    for (const Example& example : examples) {
        if (!counts_what_the_grammar_counts(example, *corpus.grammar)) return std::nullopt;
    }
    try {
        return corpus.grammar->floor();
    } catch (const Error&) {
        return std::nullopt; // a sentence may be drawn in two ways: there is no formula for that
    }
}

} // namespace whirlygig
