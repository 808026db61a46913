#include "draw/outlines.h"

#include <algorithm>

namespace whirlygig {
namespace {

using Cells = std::set<std::pair<std::size_t, std::size_t>>;

// In reading order.
std::vector<CellRectangle> runs_of(const Cells& cells) {
    std::vector<CellRectangle> runs;
    for (const auto& [row, column] : cells) {
        const bool goes_on = !runs.empty() && runs.back().last == std::pair(row, column - 1);
        if (goes_on) {
            runs.back().last.second = column;
        } else {
            runs.push_back({{row, column}, {row, column}});
        }
    }
    return runs;
}

} // namespace

std::vector<CellRectangle> rectangles_of(const Cells& cells) {
    std::vector<CellRectangle> found;
    for (const CellRectangle& run : runs_of(cells)) {
        const auto above = std::ranges::find_if(found, [&](const CellRectangle& it) {
            return it.last.first + 1 == run.first.first && it.first.second == run.first.second &&
                   it.last.second == run.last.second;
        });
        if (above == found.end()) {
            found.push_back(run);
        } else {
            above->last = run.last;
        }
    }
    return found;
}

} // namespace whirlygig
