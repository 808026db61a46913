// Cells that are read together get one outline around them.
#pragma once

#include <cstddef>
#include <set>
#include <utility>
#include <vector>

namespace whirlygig {

// From the first cell up to the last one, both inside.
struct CellRectangle {
    std::pair<std::size_t, std::size_t> first, last; // row, column

    bool operator==(const CellRectangle&) const = default;
};

// The cells as few rectangles: neighbours in a row are joined, and then rows that are alike.
std::vector<CellRectangle>
rectangles_of(const std::set<std::pair<std::size_t, std::size_t>>& cells);

} // namespace whirlygig
