// What a compiler or linker complains about, short: its first error with the line in the learner's
// file, and a plain sentence for the usual ones.
#pragma once

#include "places.h"

#include <string>

namespace whirlygig {

// `output`: all that the build printed. Never empty.
std::string compiler_words(const std::string& output, const Places& places);

// The first warning about the learner's files, as above; empty when there is none.
std::string warning_words(const std::string& output, const Places& places);

} // namespace whirlygig
