// The timeline: which stage is being computed, and how far it is. All that the canvas shows is a
// function of the trace, this time and the view, so that playing back and forth gives the same
// pictures.
#pragma once

#include "trace/trace.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace whirlygig {

// The steps that ← and → take.
enum class Level { model, stage, row, cell, term };
inline constexpr int level_count = 5;

// "model", "stage", "row", "cell", "term"
const char* name_of(Level level);

// Cells are computed in reading order, and each takes its terms one after the other.
struct Time {
    std::size_t stage = 0; // of Timeline::stages
    double cells = 0;      // how many cells of the stage are done, up to rows · columns

    bool operator==(const Time&) const = default;
};

// The same, taken apart. When the stage is done, row, column and term are those of the last cell
// and the fraction is 1.
struct Moment {
    const Stage* stage = nullptr;
    std::size_t row = 0, column = 0;
    std::size_t term = 0, terms = 1; // of the cell's sum
    double fraction = 0;             // of the term
    double row_fraction = 0;         // of the row, 0 to 1
    bool done = false;               // the whole stage
};

class Timeline {
public:
    // The stages of the trace in the order in which they are computed: forward, then backward.
    std::vector<const Stage*> stages;

    // The stage at which the pass stopped, because its function threw; else stages.size(). The
    // timeline ends at the beginning of that stage.
    std::size_t stop = 0;

    Timeline() = default;
    explicit Timeline(const Trace& trace);

    Moment moment(Time time) const;

    // The number of the stage of this name; none for a parameter.
    std::optional<std::size_t> find(const std::string& name) const;
    std::size_t stage_number(const std::string& name) const; // throws an Error when there is none

    // One step to the left or the right at the level; it stays within the timeline. At the levels
    // above a row, stepping lands where a stage is done.
    Time step(Time time, Level level, int direction) const;

    // After `seconds` of playing at the level, forwards or (seconds < 0) backwards.
    Time play(Time time, Level level, double seconds) const;

    // The whole timeline as numbers from 0 to 1, every stage equally long.
    double share(Time time) const;
    Time at_share(double share) const;

    Time start() const { return {0, 0}; }
    Time end() const { return done(stages.size() - 1); }
    Time done(std::size_t stage) const;
    Time at_cell(std::size_t stage, std::size_t row, std::size_t column) const;

private:
    std::size_t last() const { return std::min(stop, stages.size() - 1); }
    double cells_of(std::size_t stage) const;
    double reachable_cells(std::size_t stage) const; // none from the stop on
};

// How many terms the sum of a cell of the stage has; 1 where it is no sum of products.
std::size_t terms_of(const Stage& stage);

// Whether the matrix, a stage or a parameter, is one of those that the stage is made from.
bool reads(const Stage& stage, const std::string& matrix);

} // namespace whirlygig
