// A pass from a file beside the one that is shown: another implementation's numbers, or a
// learner's.
#pragma once

#include "files/trace_file.h"
#include "trace/expression.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace whirlygig {

struct State;
struct CellRef;

struct Comparison {
    std::filesystem::path path;
    std::shared_ptr<const TraceFile> file; // none: nothing is compared
    const Trace* compared = nullptr;       // the trace that `difference` is about
    TraceDifference difference;
    std::string complaint;              // why they can't be compared, one sentence; empty: they can
    std::shared_ptr<const Model> model; // whose parameters were held against the file's …
    std::string other_parameters;       // … and the sentence when they are not the same

    // What the file says of a stage; nullptr if it does not have it or nothing there differs.
    const StageDifference* of(const std::string& stage) const;
    // Whether the cell is among those that differ.
    bool differs(const CellRef& cell) const;
    // The file's number of a cell; none when the file has no such stage or gradient.
    std::optional<double> there(const CellRef& cell) const;
};

// Reads the trace, shows its text and goes to the first number that differs. Throws an Error that
// names the file.
void open_comparison(State& state, const std::filesystem::path& file);

// Once for each frame: compares again when the text or the model has changed.
void follow_comparison(State& state);

// Goes to the first cell that differs of the stage that is `by` stages after the current one in the
// list of those that differ; 0: to the very first.
void go_to_difference(State& state, int by);

// Why a cell differs: do other numbers go in, or does another one come out of the same?
struct Diagnosis {
    double here = 0, there = 0;
    bool differs = false;                         // further apart than the stage's limit
    std::size_t inputs = 0, different_inputs = 0; // numbers that go into the cell
    double expected = 0; // what this arithmetic makes of the file's own inputs
    bool follows = true; // the file's number is what its own inputs give
};

// None for a cell that the file does not have or of which nothing is known.
std::optional<Diagnosis> diagnose(const State& state, const CellRef& cell);

} // namespace whirlygig
