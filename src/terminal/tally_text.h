// The tally of a model's parameters as text.
#pragma once

#include "study/tally.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace whirlygig {

// The parts as a table of at most 80 columns, and what stands out in sentences. `name` is the
// model's.
std::string tally_text(const Tally& tally, std::string_view name);

std::string with_commas(std::uint64_t number); // 124439808 as "124,439,808"
std::string bytes_text(std::uint64_t bytes);   // "497.8 MB"; 1 MB is 1000 · 1000 bytes

} // namespace whirlygig
