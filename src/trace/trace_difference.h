// Where two passes of the same text through models of the same shape differ: which stages, which
// cells, and which was the first to go wrong.
#pragma once

#include "trace/trace.h"

#include <string>
#include <vector>

namespace whirlygig {

struct StageNumbers {
    std::string name;
    Numbers values;
};

// What is compared of a pass. The numbers belong to the trace, or to what a file was read into (see
// files/trace_file.h), which must live longer.
struct RecordedPass {
    std::string where; // for messages: "this pass", or a file's name
    std::vector<int> ids;
    std::vector<StageNumbers> stages; // forward, then backward: those named gradient. …

    bool has_backward() const;
};

// All stages of a trace in the order in which they are computed.
RecordedPass recorded_pass(const Trace& trace, std::string where = "this pass");

// Two numbers differ when they are further apart than absolute + relative · |the one here|.
struct Tolerance {
    double absolute = 1e-5, relative = 1e-4;
};

// NaN is equal to NaN, and an infinity to itself; beside any other number they differ.
bool differ(double here, double there, const Tolerance& tolerance);

struct CellDifference {
    std::size_t row = 0, column = 0;
    double here = 0, there = 0;
};

struct StageDifference {
    std::string name;
    std::size_t rows = 0, columns = 0;
    std::vector<std::size_t> cells = {}; // that differ, row by row: each is row · columns + column
    double largest = 0;                  // of |here − there|; ∞ where only one is NaN or ∞
    CellDifference first = {};           // of `cells`
};

struct TraceDifference {
    std::size_t compared = 0;            // stages
    std::vector<StageDifference> stages; // that differ, in the order in which they are computed
    std::string without_backward = {};   // `where` of the one that has a forward pass only, when
                                         // the other has more: then only that was compared
};

// Compares the stages of both, in the order of `here`. Throws an Error when the texts are not the
// same, when one has a forward stage that the other lacks (or a backward stage, when both have
// some), when a stage has another shape, and when the tolerance is negative or no number.
TraceDifference compare_passes(const RecordedPass& here, const RecordedPass& there,
                               const Tolerance& tolerance = {});

} // namespace whirlygig
