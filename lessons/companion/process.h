// Running another program.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace whirlygig {

struct Command {
    std::vector<std::string> words; // the program (looked for in PATH) and its arguments
    std::filesystem::path folder;   // to run it in
    // Changes to the environment; an empty value removes the variable.
    std::vector<std::pair<std::string, std::string>> environment = {};
    std::chrono::milliseconds limit = {};                // it is stopped after that; 0: never
    std::function<void(std::string_view)> listener = {}; // is told what it prints, as it comes
};

struct Outcome {
    int status = 0;          // what the program returned, when no signal ended it
    int signal = 0;          // that ended it, or 0
    bool timed_out = false;  // it was stopped at its limit
    bool missing = false;    // there is no such program
    std::string output = {}; // of both of its outputs: the first and the last 512 KiB

    bool good() const { return status == 0 && signal == 0 && !timed_out && !missing; }
};

// Runs it to its end and catches what it prints. At its limit it first gets SIGABRT, so that a
// sanitizer can say where it was, and a second later SIGKILL.
Outcome run(const Command& command);

// The same with this program's own input and outputs.
Outcome run_in_the_open(const Command& command);

} // namespace whirlygig
