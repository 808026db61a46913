// What stands beside the rows and above the columns of a stage.
#pragma once

#include "files/model_folder.h"
#include "terminal/matrix_text.h"
#include "trace/trace.h"

#include <string>
#include <vector>

namespace whirlygig {

// A traced text with the words for its tokens. Both must live longer than this.
struct TracedText {
    const Trace& trace;
    const Wording& wording;

    std::string token(int id) const; // fit for a terminal: nothing in it can move the cursor
    std::string token_at(std::size_t place) const { return token(trace.ids.at(place)); }

    // "place 3 (creature)"
    std::string place(std::size_t place) const;

    // What the model's tokens are called: "words", "characters" or, without a vocabulary, "tokens".
    std::string kind_of_tokens() const;
};

// "3 creature"; from block 1 on, where other words are mixed in, "place 3 (creature)".
std::string row_label(const TracedText& text, const Stage& stage, std::size_t row);
ColumnLabel column_label(const TracedText& text, const Stage& stage, std::size_t column);

// "Rows: the tokens of the text. Columns: the 12 numbers that stand for a token (the width)."
std::string axes_sentence(const Stage& stage);

// True for the stages in which the mask took the numbers of all keys that come after the query. Not
// for `scores` and `scaled`, which are computed before the mask falls, nor for the gradient by the
// attention weights, which the mask stops only afterwards.
bool has_masked_cells(const TracedText& text, const Stage& stage);

} // namespace whirlygig
