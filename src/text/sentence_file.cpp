#include "text/sentence_file.h"

#include "error.h"
#include "text/utf8.h"

#include <algorithm>

namespace whirlygig {

// A word of a grammar is one token of the tokenizer that splits at white space.
std::string checked_word(const nlohmann::json& value, const std::string& what) {
    if (!value.is_string())
        fail("{} must hold words in quotation marks, but holds {}", what, kind_of(value));
    std::string word = value.get<std::string>();
    const std::u32string letters = code_points(word);
    if (letters.empty() || std::any_of(letters.begin(), letters.end(), is_white_space))
        fail("{} holds {}, which is not one word", what, in_quotes(word));
    if (word == "-") fail("{} holds \"-\", which in tables means that there is no word", what);
    return word;
}

std::vector<std::string> checked_words(const nlohmann::json& list, const std::string& what) {
    if (!list.is_array()) fail("{} must be a list of words, but is {}", what, kind_of(list));
    if (list.empty()) fail("{} is an empty list; it needs at least one word", what);
    std::vector<std::string> words;
    std::set<std::string> seen;
    for (const nlohmann::json& value : list) {
        words.push_back(checked_word(value, what));
        if (!seen.insert(words.back()).second)
            fail("{} holds {} twice", what, in_quotes(words.back()));
    }
    return words;
}

namespace {

using nlohmann::json;

WordSet read_word_set(const json& value, const std::string& what) {
    WordSet set;
    if (!value.is_object()) {
        set.words = checked_words(value, what);
        return set;
    }
    if (value.empty()) fail("{} has no classes and no words", what);
    for (const auto& [class_name, list] : value.items()) {
        checked_word(class_name, what);
        const std::string what_class = fmt::format("the class {} of {}", class_name, what);
        for (const std::string& word : checked_words(list, what_class)) {
            if (!set.class_of.emplace(word, class_name).second)
                fail("{} holds {} in two classes", what, in_quotes(word));
            set.words.push_back(word);
        }
    }
    return set;
}

Rule read_rule(const json& value, const std::string& what) {
    check_keys(value, what, {"from", "table"});
    Rule rule;
    if (!value.contains("from")) fail("{} has no \"from\"", what);
    rule.from = checked_words(value["from"], "\"from\" of " + what);
    if (rule.from.size() > 8) fail("{} follows from more than 8 words", what);
    if (!value.contains("table") || !value["table"].is_object())
        fail("{} needs a \"table\", an object from what it follows from to words", what);
    for (const auto& [key, word] : value["table"].items())
        rule.table.emplace(key, checked_word(word, "the table of " + what));
    return rule;
}

// The parts of a table's key, which are separated by single blanks.
std::vector<std::string> parts_of(const std::string& key) {
    std::vector<std::string> parts{""};
    for (const char c : key) {
        if (c == ' ')
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

// Each key must be made of words or classes that exist: a misspelt one would never be used.
void check_tables(const SentenceRules& rules) {
    std::map<std::string, std::set<std::string>> known; // parts of keys, by name
    for (const auto& [name, rule] : rules.follows) {
        for (const std::string& source : rule.from) {
            if (!rules.words.contains(source) && !rules.follows.contains(source))
                fail("the rule {} follows from {}, which is neither a word set nor a rule", name,
                     in_quotes(source));
            if (!known.contains(source)) known[source] = keys_of(rules, source);
        }
        for (const auto& [key, word] : rule.table) {
            const std::vector<std::string> parts = parts_of(key);
            if (parts.size() != rule.from.size())
                fail("the key {} in the table of the rule {} must have {} parts with single "
                     "blanks between them, for {}",
                     in_quotes(key), name, rule.from.size(), fmt::join(rule.from, ", "));
            for (std::size_t index = 0; index < parts.size(); ++index) {
                if (parts[index] != "-" && !known[rule.from[index]].contains(parts[index]))
                    fail("{} in the key {} in the table of the rule {} is no word or class of {}",
                         in_quotes(parts[index]), in_quotes(key), name, rule.from[index]);
            }
        }
    }
}

void check_name(const std::string& name, std::set<std::string>& names) {
    if (!is_name(name))
        fail("{} cannot be a name: names are two or more of A-Z, 0-9 and _, a letter first",
             in_quotes(name));
    if (!names.insert(name).second)
        fail("the name {} is declared twice, under \"words\", \"phrases\" or \"follows\"", name);
}

// What the object under `key` holds, nothing when it is not there.
std::map<std::string, json> entries(const json& file, const std::string& key) {
    if (!file.contains(key)) return {};
    if (!file[key].is_object())
        fail("\"{}\" must be an object, but is {}", key, kind_of(file[key]));
    return file[key].get<std::map<std::string, json>>();
}

std::set<std::string> read_different(const json& value, const SentenceRules& rules) {
    const std::vector<std::string> names = checked_words(value, "\"different\"");
    for (const std::string& name : names) {
        if (!rules.words.contains(name))
            fail("\"different\" holds {}, which is no word set", in_quotes(name));
    }
    return {names.begin(), names.end()};
}

} // namespace

SentenceRules read_sentence_rules(const nlohmann::json& file) {
    check_keys(file, "the grammar",
               {"about", "kind", "files", "sentence", "phrases", "words", "different", "follows"});
    SentenceRules rules;
    std::set<std::string> names;
    std::size_t word_count = 0;
    rules.sentence = parse_pattern(text_at(file, "the grammar", "sentence"));
    for (const auto& [name, pattern] : entries(file, "phrases")) {
        check_name(name, names);
        if (!pattern.is_string())
            fail("the phrase {} must be a pattern, a text in quotation marks, but is {}", name,
                 kind_of(pattern));
        rules.phrases[name] = parse_pattern(pattern.get<std::string>());
    }
    for (const auto& [name, words] : entries(file, "words")) {
        check_name(name, names);
        rules.words[name] = read_word_set(words, "the word set " + name);
        word_count += rules.words[name].words.size();
    }
    for (const auto& [name, rule] : entries(file, "follows")) {
        check_name(name, names);
        rules.follows[name] = read_rule(rule, "the rule " + name);
        word_count += rules.follows[name].table.size();
    }
    if (word_count > most_words)
        fail("the word sets and tables have {} words, more than {}", word_count, most_words);
    check_tables(rules);
    if (file.contains("different")) rules.different = read_different(file["different"], rules);
    return rules;
}

} // namespace whirlygig
