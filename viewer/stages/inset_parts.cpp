#include "stages/inset_parts.h"

#include "terminal/cell_table.h"
#include "terminal/stage_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {

Box below_caption(Inset& inset, const std::string& sentence) {
    const Theme& theme = inset.ink.theme;
    Box box{inset.low, inset.high};
    const std::size_t most = box.height() >= theme.units(180) ? 3 : 2;
    write(inset.ink, box, {theme.fonts.small, theme.dim, most}, sentence);
    box.cut_top(theme.units(5));
    return box;
}

std::string short_source(const std::string& source) {
    CellSource cell;
    if (!parse_source(source, cell)) return source;
    const StageName name = parse_stage_name(cell.name);
    // Of all heads' numbers only these meet in one place.
    const std::string head =
        name.head && name.role == "mixed" ? fmt::format("head {}: ", *name.head) : "";
    return fmt::format("{}{} ({}, {})", head, short_name(cell.name), cell.row, cell.column);
}

std::string in_brackets(double value) {
    const std::string text = number_text(value, 4);
    return value < 0 ? "(" + text + ")" : text;
}

std::string share_text(double value, int digits) {
    if (value <= 0 || value >= 0.0001) return number_text(value, digits);
    return value < 0.00005 ? "< 0.0001" : fmt::format("{:.5f}", value);
}

double terms_added(const Moment& moment, std::size_t count) {
    const double terms = static_cast<double>(std::max<std::size_t>(moment.terms, 1));
    const double more = static_cast<double>(count) - terms;
    const double done = static_cast<double>(moment.term);
    if (done + 1 < terms) return std::min(done + moment.fraction, static_cast<double>(count));
    return std::max(0.0, done + moment.fraction * (1 + more));
}

double phase(double value, double from, double to) {
    return std::clamp((value - from) / (to - from), 0.0, 1.0);
}

} // namespace whirlygig
