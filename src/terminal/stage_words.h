// Stages and cells in plain words: what happens in a stage and why, and what one number means.
#pragma once

#include "terminal/stage_labels.h"

#include <string>

namespace whirlygig {

// One or two sentences: what happens in this stage, and why.
std::string sentence_about(const Stage& stage);

// "This model was trained without positions: …"; empty for a model with all its parts.
std::string sentence_on_missing_part(const Config& config);

// What the number at (row, column) means, as a sentence: "How well the query of place 3 (creature)
// matches the key of place 1 (fluffy)." Of a gradient: what a small step of that number would do.
std::string meaning_of_cell(const TracedText& text, const Stage& stage, std::size_t row,
                            std::size_t column);

} // namespace whirlygig
