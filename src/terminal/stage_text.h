// One stage of a pass as a text for the terminal: what happens in it and why, from what it is made,
// all its numbers, and what they say.
#pragma once

#include "terminal/stage_labels.h"
#include "terminal/terminal.h"

#include <string>

namespace whirlygig {

// How much of a long stage is shown. Whatever is left out, the text says so.
enum class Amount {
    everything,
    // Of a vocabulary of more than 60 tokens, the top 10 of each place; of more than 10,000
    // numbers, the first 24 rows and the first 4 bands of columns.
    most,
    // The same top 10; of every stage at most 24 rows and 4 bands, about two screens.
    beginning,
};

struct TextStyle {
    std::size_t width = 80; // no line is wider
    Colours colours = Colours::none;
    int digits = 4; // significant digits
    Amount amount = Amount::everything;
    std::size_t most_terms = 0;      // of a cell's sums; 0 for all
    std::string how_to_see_all = {}; // said where something is left out
};

// The text of stage `number` of stages_in_order, counted from 1.
std::string stage_text(const TracedText& text, std::size_t number, const TextStyle& style);

// What stands before the first stage: the text's tokens, the model's sizes, how to read it all.
std::string introduction(const TracedText& text, const TextStyle& style);

} // namespace whirlygig
