// What the program's output is written to: a terminal with a width and perhaps colours, or a file
// or another program, which get 80 columns of plain text.
#pragma once

#include <cstddef>
#include <string>

namespace whirlygig {

enum class Colours {
    none,
    palette, // the 256 colours that xterm introduced
    full,    // any red, green and blue
};

struct Terminal {
    bool interactive = false; // someone types, and someone reads what is written
    std::size_t width = 80;   // in columns; at least 40
    Colours colours = Colours::none;
};

// The environment variables that say what a terminal can do; empty where one is not set.
struct TerminalVariables {
    std::string no_color = {};  // NO_COLOR: anything at all means no colours (no-color.org)
    std::string term = {};      // TERM: the kind of terminal, for example xterm-256color
    std::string colorterm = {}; // COLORTERM: "truecolor" or "24bit" means any colour
};

// The colours for output that does, or does not, go to a terminal.
Colours choose_colours(bool output_is_terminal, const TerminalVariables& variables);

// The width for lines, from what the terminal says: 80 where it says nothing (0), never under 40.
std::size_t choose_width(std::size_t columns);

// Looks at the program's own input and output.
Terminal look_at_terminal();

} // namespace whirlygig
