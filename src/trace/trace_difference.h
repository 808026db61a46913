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

// How far two passes' numbers may be apart, as a share of the stage's largest finite |number|.
constexpr double usual_tolerance = 1e-4;

// The same for the numbers of one stage: the tolerance times its largest finite |number|, but never
// less than 1e-7. The gradients by key biases need that floor: a key bias moves all scores of a row
// alike, which softmax does not notice, so these gradients are 0 in theory, and what float makes of
// them is pure rounding, different in every order of computing. With the models in data/, two
// builds are up to 5e-8 apart there.
double difference_limit(const Numbers& here, double tolerance = usual_tolerance);

// Whether the two are further apart than the limit. NaN is equal to NaN, and an infinity to itself;
// beside any other number they differ.
bool differ(double here, double there, double limit);

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
// some), when a stage has another shape, and when the tolerance is negative or not finite.
TraceDifference compare_passes(const RecordedPass& here, const RecordedPass& there,
                               double tolerance = usual_tolerance);

} // namespace whirlygig
