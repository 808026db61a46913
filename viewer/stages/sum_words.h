// A running sum in words: what its bars are, what each is called, the term that is being added.
#pragma once

#include "stages/inset_parts.h"
#include "trace/expression.h"

#include <string>
#include <vector>

namespace whirlygig {

// The sum of the moment's cell, as far as it is.
struct RunningSum {
    Inset& inset;
    std::vector<Expression> terms;
    double added;        // how many, with the fraction of the one being added
    std::size_t current; // the one being added, or the last one

    bool complete() const { return added >= static_cast<double>(terms.size()); }

    // Of the first `count` terms; all of them are the number in the cell, digit by digit.
    double of_first(std::size_t count) const {
        if (count == terms.size()) return inset.stage.values(inset.moment.row, inset.moment.column);
        double total = 0;
        for (std::size_t index = 0; index < count; ++index)
            total += terms[index].value;
        return total;
    }
};

// A sentence that says what the bars are.
std::string caption_of(const RunningSum& sum);

// What is counted by the terms: a number, and the token if the terms are places or tokens.
std::string label_of(const RunningSum& sum, std::size_t index);

// Where the terms come from several pairs of matrices: "head 0 queries". Otherwise empty.
std::string group_of(const RunningSum& sum, std::size_t index);

// What the current term is made from, and its numbers.
struct TermWords {
    std::string made_from, numbers;
};
TermWords words_of(const RunningSum& sum);

} // namespace whirlygig
