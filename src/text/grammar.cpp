#include "text/grammar.h"

#include "error.h"
#include "text/utf8.h"

#include <algorithm>

namespace whirlygig {

namespace {

// One function made of several, one for each kind of grammar.
template <class... Functions>
struct ByKind : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
ByKind(Functions...) -> ByKind<Functions...>;

} // namespace

std::vector<std::string> Grammar::draw(Random& random) const {
    return std::visit([&](const auto& grammar) { return grammar.draw(random); }, kind);
}

std::string Grammar::draw_text(Random& random) const {
    return fmt::format("{}", fmt::join(draw(random), " "));
}

double Grammar::floor() const {
    return std::visit(ByKind{[](const SortGrammar&) { return 0.0; },
                             [](const auto& grammar) { return grammar.floor(); }},
                      kind);
}

std::size_t Grammar::first_predicted() const {
    const auto* sort = std::get_if<SortGrammar>(&kind);
    return sort ? sort->count + 1 : 1; // the symbols and the separator are given
}

double Grammar::expected_predicted() const {
    const auto* sentences = std::get_if<SentenceGrammar>(&kind);
    const double words = sentences ? sentences->expected_words() : static_cast<double>(longest());
    return words - static_cast<double>(first_predicted());
}

std::size_t Grammar::longest() const {
    return std::visit(ByKind{[](const SentenceGrammar& sentences) { return sentences.longest(); },
                             [](const RepeatGrammar& repeat) { return repeat.length; },
                             [](const SortGrammar& sort) { return 2 * sort.count + 1; }},
                      kind);
}

std::vector<std::string> Grammar::words() const {
    std::vector<std::string> words =
        std::visit(ByKind{[](const SentenceGrammar& sentences) { return sentences.words(); },
                          [](const auto& grammar) { return grammar.symbols; }},
                   kind);
    if (const auto* sort = std::get_if<SortGrammar>(&kind)) words.push_back(sort->separator);
    std::sort(words.begin(), words.end());
    return words;
}

std::vector<std::string> Grammar::words_of(const std::string& name) const {
    if (const auto* sentences = std::get_if<SentenceGrammar>(&kind))
        return whirlygig::words_of(sentences->rules(), name);
    const auto* sort = std::get_if<SortGrammar>(&kind);
    if (sort && name == "SEPARATOR") return {sort->separator};
    if (name != "SYMBOL") fail("the grammar has no words with the name {}", in_quotes(name));
    return sort ? sort->symbols : std::get<RepeatGrammar>(kind).symbols;
}

std::string Grammar::class_of(const std::string& name, const std::string& word) const {
    const std::vector<std::string> words = words_of(name);
    if (std::find(words.begin(), words.end(), word) == words.end())
        fail("{} is none of the words of {}", in_quotes(word), name);
    const auto* sentences = std::get_if<SentenceGrammar>(&kind);
    if (!sentences || !sentences->rules().words.contains(name)) return "";
    const WordSet& set = sentences->rules().words.at(name);
    return set.class_of.empty() ? "" : set.class_of.at(word);
}

} // namespace whirlygig
