#include "terminal/text_table.h"

#include "terminal/text_layout.h"

#include <algorithm>

namespace whirlygig {
namespace {

// A number's part before its decimal point.
std::string_view before_point(std::string_view number) {
    return number.substr(0, number.find_first_of(".e"));
}

std::vector<std::string> aligned_cells(const TableColumn& column) {
    if (!column.numbers) return column.cells;
    std::size_t widest_before = 0;
    for (const std::string& cell : column.cells)
        widest_before = std::max(widest_before, columns_of(before_point(cell)));
    std::vector<std::string> cells;
    std::size_t width = 0;
    for (const std::string& cell : column.cells) {
        const std::string_view before = before_point(cell);
        cells.push_back(pad_left(before, widest_before) + cell.substr(before.size()));
        width = std::max(width, columns_of(cells.back()));
    }
    for (std::string& cell : cells)
        cell = pad_right(cell, width);
    return cells;
}

std::size_t widest(const std::vector<std::string>& texts) {
    std::size_t width = 0;
    for (const std::string& text : texts)
        width = std::max(width, columns_of(text));
    return width;
}

std::string padded(const TableColumn& column, const std::string& text, std::size_t width) {
    return "  " + (column.numbers ? pad_left(text, width) : pad_right(text, width));
}

} // namespace

std::string table_text(const std::vector<TableColumn>& columns, std::size_t width) {
    std::vector<std::vector<std::string>> cells;
    std::vector<std::size_t> widths;
    std::size_t total = 0, head_lines = 0;
    for (const TableColumn& column : columns) {
        cells.push_back(aligned_cells(column));
        widths.push_back(std::max(widest(column.heads), widest(cells.back())));
        total += 2 + widths.back();
        head_lines = std::max(head_lines, column.heads.size());
    }
    if (total > width) return "";
    std::string text;
    for (std::size_t line = 0; line < head_lines; ++line) {
        std::string heads;
        for (std::size_t index = 0; index < columns.size(); ++index) {
            const auto& own = columns[index].heads;
            const std::size_t missing = head_lines - own.size();
            heads +=
                padded(columns[index], line < missing ? "" : own[line - missing], widths[index]);
        }
        text += without_blanks_behind(heads);
    }
    for (std::size_t row = 0; row < cells.front().size(); ++row) {
        std::string line;
        for (std::size_t index = 0; index < columns.size(); ++index)
            line += padded(columns[index], cells[index][row], widths[index]);
        text += without_blanks_behind(line);
    }
    return text;
}

} // namespace whirlygig
