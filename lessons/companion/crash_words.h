// What a program left behind that a sanitizer, an assertion or a signal ended, in one sentence.
#pragma once

#include "places.h"
#include "process.h"

namespace whirlygig {

// What went wrong, and the line of the learner's file where it did when that is known.
// Ends with a line end.
std::string crash_words(const Outcome& outcome, const Places& places);

} // namespace whirlygig
