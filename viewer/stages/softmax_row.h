// A row of scores on its way to shares, in numbers and words.
#pragma once

#include "stages/inset_parts.h"

#include <array>
#include <string>
#include <vector>

namespace whirlygig {

// What the picture shows of one number of the row.
struct Score {
    std::size_t column;
    double score, less_largest, exponential, share;
};

struct SoftmaxRow {
    Inset& inset;
    std::vector<Score> scores; // that are shown
    std::size_t count = 0;     // of all numbers of the row
    double sum = 0;            // of all exponentials

    // Three thirds of the row's time: exponentials, their sum, division.
    double exponentials() const { return phase(inset.moment.row_fraction, 0, 1.0 / 3); }
    double summing() const { return phase(inset.moment.row_fraction, 1.0 / 3, 2.0 / 3); }
    double dividing() const { return phase(inset.moment.row_fraction, 2.0 / 3, 1); }

    // The exponentials appear one after the other.
    double appeared(std::size_t index) const {
        const double at = exponentials() * static_cast<double>(scores.size());
        return phase(at, static_cast<double>(index), static_cast<double>(index) + 1);
    }
};

// Of the moment's row, with all of its numbers.
SoftmaxRow read_row(Inset& inset);

// Keeps at most `room` scores, those with the largest shares: places in reading order, tokens of a
// vocabulary the largest first.
void keep_largest(SoftmaxRow& row, std::size_t room);

// A sentence that says what the bars are.
std::string caption_of(const SoftmaxRow& row);

// "3 creature", or a token of the vocabulary.
std::string label_of(const SoftmaxRow& row, const Score& score);

// The lines below the bars.
inline constexpr std::array<const char*, 4> line_names = {"score", "less the largest",
                                                          "exponential", "share of the sum"};

// The numbers of one score in these lines; empty where it is too early.
std::array<std::string, 4> numbers_of(const SoftmaxRow& row, std::size_t index);

} // namespace whirlygig
