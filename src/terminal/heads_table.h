// What study_heads found, as text: a line per head, what the columns mean, and in words which head
// stands out in what.
#pragma once

#include "study/heads.h"

#include <cstddef>
#include <optional>
#include <string>

namespace whirlygig {

struct HeadsTableOptions {
    std::string corpus;          // its name
    std::optional<double> floor; // of the corpus's grammar, where it is known
    std::size_t width = 80;      // of the lines, in columns
};

// The table itself needs 74 columns; the sentences around it are wrapped to the width. A score that
// no query counts for is shown as "-".
std::string heads_table(const Study& study, const HeadsTableOptions& options);

} // namespace whirlygig
