#include "text/sentence_rules.h"

#include "error.h"
#include "text/utf8.h"

namespace whirlygig {

std::string key_of(const SentenceRules& rules, const std::string& name, const std::string& word) {
    const auto set = rules.words.find(name);
    if (set == rules.words.end() || set->second.class_of.empty()) return word;
    return set->second.class_of.at(word);
}

std::set<std::string> keys_of(const SentenceRules& rules, const std::string& name) {
    std::set<std::string> keys;
    for (const std::string& word : words_of(rules, name))
        keys.insert(key_of(rules, name, word));
    return keys;
}

std::vector<std::string> words_of(const SentenceRules& rules, const std::string& name) {
    if (const auto set = rules.words.find(name); set != rules.words.end()) return set->second.words;
    const auto rule = rules.follows.find(name);
    if (rule == rules.follows.end())
        fail("the grammar has no word set and no rule with the name {}", in_quotes(name));
    std::set<std::string> words;
    for (const auto& [key, word] : rule->second.table)
        words.insert(word);
    return {words.begin(), words.end()};
}

} // namespace whirlygig
