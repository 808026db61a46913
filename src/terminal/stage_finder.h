// Finding a stage by its number, its name or a part of its name.
#pragma once

#include "trace/trace.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace whirlygig {

// All stages in the order in which they are computed: forward, then backward. Stage 1 is the first.
std::vector<const Stage*> stages_in_order(const Trace& trace);

// The number, from 1 on, of the stage with exactly this name; none for a parameter.
std::optional<std::size_t> stage_number(const Trace& trace, std::string_view name);

// The numbers of the stages that these words may mean, best match only: a number; a name, with or
// without "gradient."; the end of names, "scores"; a part of names. Blanks count as dots.
std::vector<std::size_t> matching_stages(const Trace& trace, std::string_view words);

// The number of the one stage that is meant, forward before backward. Throws an Error that lists
// the stages to choose from when there are several, and the nearest names when there is none.
std::size_t find_stage(const Trace& trace, std::string_view words);

// The next stage behind number `current` that the words may mean, starting again at the first after
// the last: "scores" goes from head to head. Throws an Error as find_stage when there is none.
std::size_t find_stage_after(const Trace& trace, std::string_view words, std::size_t current);

} // namespace whirlygig
