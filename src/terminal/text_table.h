// A small table of words and numbers, with the decimal points below each other.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace whirlygig {

struct TableColumn {
    std::vector<std::string> heads = {}; // one or more lines; shorter heads stand at the bottom
    std::vector<std::string> cells = {};
    bool numbers = true; // aligned at the decimal point; else words, aligned at the left
};

// Two blanks before and between the columns, which have all the same number of cells. Empty when
// the table would be wider than `width`.
std::string table_text(const std::vector<TableColumn>& columns, std::size_t width);

} // namespace whirlygig
