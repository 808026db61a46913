// Stepping through a traced text: all stages one after the other, or one at a time by request.
#pragma once

#include "terminal/stage_text.h"

#include <iosfwd>
#include <string_view>

namespace whirlygig {

struct CellPlace {
    std::size_t row = 0, column = 0;
};

// "3,1" or "3 1", with blanks or brackets around it; false for anything else.
bool parse_cell(std::string_view text, CellPlace& cell);

// Writes the introduction and every stage.
void write_all_stages(std::ostream& output, const TracedText& text, const TextStyle& style);

// Shows one stage and waits for a line that says what is wanted next, until "q" or the end of the
// input. What it does not understand it answers with one sentence.
void step_through(std::istream& input, std::ostream& output, const TracedText& text,
                  TextStyle style);

} // namespace whirlygig
