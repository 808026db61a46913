// The part of a grammar file that says what sentences are like (grammar.h describes the file).
#pragma once

#include "files/json_file.h"
#include "text/sentence_rules.h"

#include <cstddef>
#include <string>
#include <vector>

namespace whirlygig {

inline constexpr std::size_t most_words = 20'000; // in all word sets and tables together

// Checks all that can be seen without writing out the sentences' forms. Throws an Error that names
// the word set, phrase or rule: a key or name that is not known, a name declared twice, an empty
// list, a word that is there twice, an entry of a table that could never be used, too many words.
SentenceRules read_sentence_rules(const nlohmann::json& file);

// A word of a grammar is one token of the tokenizer that splits at white space; `what` says in the
// message whose word it is. The words of a list are all different.
std::string checked_word(const nlohmann::json& value, const std::string& what);
std::vector<std::string> checked_words(const nlohmann::json& list, const std::string& what);

} // namespace whirlygig
