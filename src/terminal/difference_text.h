// Where two passes differ, in words and as a table.
#pragma once

#include "terminal/stage_labels.h"
#include "trace/trace_difference.h"

#include <string>

namespace whirlygig {

// One line: "The first difference is in stage 14 (Block 0, head 1: scores), row 3 (“creature”),
// column 1 (“blue”): 0.4132 here, 0.2066 there." and in how many stages there are differences. The
// numbers have as many digits as it takes to tell them apart. Where nothing differs, the line says
// so. `text` is the trace that the comparison's `here` was recorded from.
std::string difference_summary(const TracedText& text, const TraceDifference& difference);

// A line for each of the first `most_rows` stages that differ, in the order in which they are
// computed, with how many cells do and by how much; what is left out, the last line says. Empty
// where nothing differs. No line is wider than `width`, which is at least 40.
std::string difference_table(const TracedText& text, const TraceDifference& difference,
                             std::size_t width, std::size_t most_rows);

} // namespace whirlygig
