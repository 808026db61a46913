// What a compiler or linker complains about, short: its first error with the line in the learner's
// file, and a plain sentence for the usual ones.
#pragma once

#include "learner_line.h"
#include "places.h"

#include <functional>
#include <string>

namespace whirlygig {

// `output`: all that the build printed. Never empty.
std::string compiler_words(const std::string& output, const Places& places);

// The first warning about a line of the learner's files that matters, as above; empty when there is
// none.
using Matters = std::function<bool(const NamedLine& line)>;
std::string warning_words(const std::string& output, const Places& places, const Matters& matters);

} // namespace whirlygig
