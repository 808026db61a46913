// Scripts press the viewer's controls, for tests and for pictures. A line each:
//     click "L"    hover STAGE ROW COLUMN    click STAGE ROW COLUMN    key K    type "T"
//     wait N       expect "L" = "V"          expect "L"                shot FILE
//     hover "L"    click "L" 0.25            (a quarter of its width from the left: for sliders)
// Empty lines and those that begin with # are skipped. In quotation marks, \" and \\ stand for the
// signs themselves.
#pragma once

#include "state.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace whirlygig {

struct Command {
    enum class Kind { click, hover, key, type, wait, expect, shot };
    Kind kind = Kind::wait;
    std::string label;     // of click, hover and expect: a control; of key: its name
    std::string value;     // of type: the text; of expect: the state; of shot: a file
    bool compares = false; // expect with a value
    float share = 0.5F;    // of click: where, from the left end, 0, to the right, 1
    int frames = 0;        // of wait
    int line = 0;          // in the script, from 1
};

// Throws an Error that names the source, the line and what is wrong in it.
std::vector<Command> parse_script(const std::string& text, const std::string& source);

// The label under which a cell is recorded: "block.0.head.1.scores 3 1".
std::string cell_label(const std::string& matrix, std::size_t row, std::size_t column);

// How a script draws: `frame` draws one frame after the input was set in ImGui's io, `shot` writes
// what was drawn last.
struct ScriptHost {
    std::function<void()> frame;
    std::function<void(const std::filesystem::path& file)> shot;
};

// Throws an Error that names the line: a control that isn't there (with the nearest labels), a
// state that is another one.
void run_script(State& state, const std::vector<Command>& commands, const ScriptHost& host,
                const std::string& source);

} // namespace whirlygig
