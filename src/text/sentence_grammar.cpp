#include "text/sentence_grammar.h"

#include "text/sentence_ambiguity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace whirlygig {

namespace {

// The logarithm of the number of ways to draw the words of a form: all equally likely.
double entropy_of_words(const SentenceRules& rules, const Form& form) {
    std::map<std::string, std::size_t> used;
    double entropy = 0;
    for (const Slot& slot : form.slots) {
        if (slot.kind != Slot::Kind::draw) continue;
        std::size_t count = rules.words.at(slot.name).words.size();
        if (rules.different.contains(slot.name)) count -= used[slot.name]++;
        entropy += std::log(static_cast<double>(count));
    }
    return entropy;
}

double entropy_of_first_word(const SentenceRules& rules, const std::vector<Form>& forms) {
    std::map<std::string, double> shares;
    for (const Form& form : forms) {
        const std::vector<std::string> words = possible_words(rules, form.slots.front());
        for (const std::string& word : words)
            shares[word] += form.share / static_cast<double>(words.size());
    }
    double entropy = 0;
    for (const auto& [word, share] : shares)
        entropy -= share * std::log(share);
    return entropy;
}

} // namespace

SentenceGrammar::SentenceGrammar(SentenceRules rules)
    : spec(std::move(rules)),
      every(sentence_forms(spec)) {
    for (const Form& form : every)
        shares.push_back(form.share);
}

std::vector<std::string> SentenceGrammar::draw(Random& random) const {
    const Form& form = every[random.pick(shares)];
    std::vector<std::string> words;
    std::map<std::string, std::set<std::string>> used;
    for (const Slot& slot : form.slots) {
        std::string word = slot.name;
        if (slot.kind == Slot::Kind::draw) {
            const std::vector<std::string>& choices = spec.words.at(slot.name).words;
            do {
                word = choices[random.below(choices.size())];
            } while (spec.different.contains(slot.name) && !used[slot.name].insert(word).second);
        } else if (slot.kind == Slot::Kind::copy) {
            word = words[*slot.sources.front()];
        } else if (slot.kind == Slot::Kind::follow) {
            const Rule& rule = spec.follows.at(slot.name);
            std::vector<std::string> key;
            for (std::size_t index = 0; index < rule.from.size(); ++index)
                key.push_back(slot.sources[index]
                                  ? key_of(spec, rule.from[index], words[*slot.sources[index]])
                                  : "-");
            word = rule.table.at(fmt::format("{}", fmt::join(key, " ")));
        }
        words.push_back(std::move(word));
    }
    return words;
}

double SentenceGrammar::floor() const {
    check_unambiguous(spec, every);
    double entropy = -entropy_of_first_word(spec, every);
    for (const Form& form : every)
        entropy += form.share * (entropy_of_words(spec, form) - std::log(form.share));
    return std::max(entropy, 0.0) / (expected_words() - 1); // rounding can leave -1e-17
}

double SentenceGrammar::expected_words() const {
    double count = 0;
    for (const Form& form : every)
        count += form.share * static_cast<double>(form.slots.size());
    return count;
}

std::size_t SentenceGrammar::longest() const {
    std::size_t longest = 0;
    for (const Form& form : every)
        longest = std::max(longest, form.slots.size());
    return longest;
}

std::vector<std::string> SentenceGrammar::words() const {
    std::set<std::string> words, names;
    for (const Form& form : every) {
        for (const Slot& slot : form.slots)
            (slot.kind == Slot::Kind::word ? words : names).insert(slot.name);
    }
    for (const std::string& name : names) {
        const std::vector<std::string> more = words_of(spec, name);
        words.insert(more.begin(), more.end());
    }
    return {words.begin(), words.end()};
}

} // namespace whirlygig
