// Whether every form of a grammar can be drawn from to its end.
#pragma once

#include "text/sentence_form.h"

#include <vector>

namespace whirlygig {

// Throws an Error that names what is missing: a rule's word for something that a sentence can hold,
// a further different word of a word set, a second word in a sentence.
void check_forms(const SentenceRules& rules, const std::vector<Form>& forms);

} // namespace whirlygig
