// A grammar of sentences: draws from it, and the exact entropy of what it draws.
#pragma once

#include "random.h"
#include "text/sentence_form.h"

#include <cstddef>
#include <string>
#include <vector>

namespace whirlygig {

class SentenceGrammar {
public:
    // Throws what sentence_forms throws.
    explicit SentenceGrammar(SentenceRules rules);

    std::vector<std::string> draw(Random& random) const;

    // Nats per predicted word: H(sentence | first word) / E[words after the first]. The entropy of
    // a sentence is that of its form plus, for each slot where a word is drawn, the logarithm of
    // how many words there are to choose from. That counts ways of drawing; it is the entropy of
    // the sentence because no sentence can be drawn in two ways. Throws an Error that shows two
    // forms when these may give the same sentence.
    double floor() const;

    double expected_words() const;
    std::size_t longest() const;

    // The words of all patterns, word sets and rules that a sentence can use, sorted.
    std::vector<std::string> words() const;

    const SentenceRules& rules() const { return spec; }
    const std::vector<Form>& forms() const { return every; }

private:
    SentenceRules spec;
    std::vector<Form> every;
    std::vector<double> shares; // of the forms, for drawing one
};

} // namespace whirlygig
