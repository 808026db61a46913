// What is written around the bars of a running sum.
#pragma once

#include "stages/sum_words.h"

namespace whirlygig {

// The terms that there is room for.
struct TermWindow {
    std::size_t first, end;
};

// Under each bar its k, or under every few where all would not fit.
void write_labels(const RunningSum& sum, TermWindow window, const BarChart& chart, Box strip);

// Under the bars of each pair of matrices its name, with a line between the pairs.
void write_groups(const RunningSum& sum, TermWindow window, const BarChart& chart,
                  const Box& strip);

// The numbers of the three longest bars at their ends, where no other bar is in the way.
void write_largest(const RunningSum& sum, TermWindow window, const BarChart& chart);

// Where there is too little room for all terms, how many are not shown on either side.
void write_what_is_left_out(const RunningSum& sum, TermWindow window, const Box& strip);

} // namespace whirlygig
