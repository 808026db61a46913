// The learner's work is a git repository of its own, so that nothing is ever lost: one commit on
// every pass and before every reset.
#pragma once

#include "places.h"

#include <string>

namespace whirlygig {

// Makes the learner's folder a repository; without effect when it is one. Returns a sentence when
// that can't be (there is no git, for example), else nothing. The same holds for `commit`.
std::string start_history(const Places& places);

// Commits all there is under an identity of its own, whatever git's settings are.
std::string commit_work(const Places& places, const std::string& message);

} // namespace whirlygig
