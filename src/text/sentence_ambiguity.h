// Whether a sentence can be drawn from a grammar in two ways.
#pragma once

#include "text/sentence_form.h"

#include <string>
#include <vector>

namespace whirlygig {

// The words that a slot can become, sorted, each once.
std::vector<std::string> possible_words(const SentenceRules& rules, const Slot& slot);

// Throws an Error that shows two forms when both may give the same sentence. Errs on the safe side:
// two forms are told apart by their lengths, by a place where they have no word in common, or by
// two words that would have to be equal (copies) and different (word sets under "different").
void check_unambiguous(const SentenceRules& rules, const std::vector<Form>& forms);

} // namespace whirlygig
