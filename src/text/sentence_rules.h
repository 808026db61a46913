// What a grammar file of kind "sentences" says (grammar.h describes the file).
#pragma once

#include "text/pattern.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace whirlygig {

// Words from which one is drawn evenly. They may be grouped into classes.
struct WordSet {
    std::vector<std::string> words;
    std::map<std::string, std::string> class_of; // by word; empty when there are no classes
};

// A word that follows from others: the table's key is, for each name in `from`, the class of the
// word that stands for it (the word itself where there are no classes, - where there is no word).
struct Rule {
    std::vector<std::string> from;
    std::map<std::string, std::string> table; // "nice blue" -> "floated"
};

struct SentenceRules {
    Pattern sentence;
    std::map<std::string, Pattern> phrases;
    std::map<std::string, WordSet> words;
    std::set<std::string> different; // word sets that never give the same word twice in a sentence
    std::map<std::string, Rule> follows;
};

// The part of a table's key that stands for `word`, a word of the word set or rule `name`.
std::string key_of(const SentenceRules& rules, const std::string& name, const std::string& word);

// All the parts of keys that stand for words of the word set or rule `name`.
std::set<std::string> keys_of(const SentenceRules& rules, const std::string& name);

// The words of the word set `name` in the file's order, or those of the rule's table sorted. Throws
// an Error when there is neither under this name.
std::vector<std::string> words_of(const SentenceRules& rules, const std::string& name);

} // namespace whirlygig
