// The text as it is being typed: what is unknown in it, and what is offered for it.
#pragma once

#include "state.h"

#include <string>
#include <string_view>
#include <vector>

namespace whirlygig {

// The pieces of the text that are not in the vocabulary, in their order. They point into it. Where
// it is not valid UTF-8 the search ends.
std::vector<std::string_view> unknown_pieces(const State& state, std::string_view text);

// The same without the last word while more letters can still make it a known one.
std::vector<std::string_view> wrong_pieces(const State& state, std::string_view text);

// To be called when the text has changed: says what is unknown in it before it is run.
void look_at_typed(State& state);

// While a text is typed, up to four words that complete it; when a word in it is unknown, words
// that it may have been meant to be.
std::vector<std::string> offered_words(const State& state, const std::string& text);

// The text with one of the words that were offered.
std::string with_offer(const State& state, const std::string& text, const std::string& word);

// What Tab makes of the text: the first offer is taken.
std::string completed(const State& state, const std::string& text);

} // namespace whirlygig
