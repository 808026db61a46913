// Random changes to an input.
#pragma once

#include "random.h"

#include <string>
#include <string_view>
#include <vector>

// One of the seeds after a few changes: bits flipped, bytes replaced, removed, repeated or moved,
// words put in, numbers exchanged, the end cut off.
std::string mutated(const std::vector<std::string>& seeds, const std::vector<std::string>& words,
                    whirlygig::Random& random);
