// GELU's curve with the current number on it; in the backward pass with its slope there.
#include "gelu.h"

#include "stages/inset_parts.h"
#include "trace/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

// What the trace says of the current cell.
struct Point {
    double x, y;
};

bool is_backward(const Inset& inset) {
    return inset.stage.operation == Operation::gelu_backward;
}

// The stage's operand that GELU was computed of.
const Operand& hidden_of(const Inset& inset) {
    return inset.stage.made_from[is_backward(inset) ? 1 : 0];
}

// GELU of all of the numbers, by the transformer's own function.
std::vector<double> gelu_of(const std::vector<double>& numbers) {
    Matrix hidden(1, numbers.size()), activated;
    for (std::size_t index = 0; index < numbers.size(); ++index)
        hidden(0, index) = static_cast<Real>(numbers[index]);
    gelu_forward(hidden, activated);
    return {activated.data().begin(), activated.data().end()};
}

std::vector<double> row_of(const Inset& inset) {
    const Numbers& numbers = hidden_of(inset).numbers;
    std::vector<double> row;
    for (std::size_t column = 0; column < numbers.columns; ++column)
        row.push_back(numbers(inset.moment.row, column));
    return row;
}

Plot draw_curve(Inset& inset, const Box& box, const std::vector<double>& row) {
    const double margin = 0.2; // so that no point lies on the plot's edge
    const double least = std::min(-4.0, *std::min_element(row.begin(), row.end()) - margin);
    const double most = std::max(4.0, *std::max_element(row.begin(), row.end()) + margin);
    std::vector<double> across;
    constexpr int steps = 240;
    for (int step = 0; step <= steps; ++step)
        across.push_back(least + (most - least) * step / steps);
    const std::vector<double> up = gelu_of(across);
    const Plot plot = draw_axes(inset.ink, box, {.from = least, .to = most},
                                {.from = -0.5, .to = std::max(1.0, up.back())});
    std::vector<ImVec2> points;
    for (std::size_t index = 0; index < across.size(); ++index)
        points.push_back(plot.at(across[index], up[index]));
    const Theme& theme = inset.ink.theme;
    inset.ink.line(plot.at(least, 0), plot.at(most, 0), theme.edge);
    inset.ink.line({plot.across.at(0), plot.area.high.y}, {plot.across.at(0), plot.area.low.y},
                   theme.edge);
    inset.ink.curve(points, theme.dim, theme.units(2));
    return plot;
}

// The numbers of the row that are computed already.
void draw_others(Inset& inset, const Plot& plot, const std::vector<double>& row) {
    const std::vector<double> up = gelu_of(row);
    const std::size_t computed = inset.moment.done ? row.size() : inset.moment.column;
    for (std::size_t column = 0; column < computed; ++column) {
        inset.ink.circle(plot.at(row[column], up[column]), inset.ink.theme.units(2.5F),
                         inset.ink.theme.faint);
    }
}

// From x up to the curve, then across to the axis.
void draw_way(Inset& inset, const Plot& plot, Point point) {
    const Theme& theme = inset.ink.theme;
    const auto up = static_cast<float>(phase(inset.moment.fraction, 0, 0.5));
    const auto across = static_cast<float>(phase(inset.moment.fraction, 0.5, 1));
    const ImVec2 from = {plot.across.at(point.x), plot.area.high.y};
    const ImVec2 on = plot.at(point.x, point.y);
    const ImVec2 moving = {from.x, from.y + up * (on.y - from.y)};
    inset.ink.line(from, moving, theme.accent, theme.units(1.5F));
    inset.ink.line(on, {on.x + across * (plot.area.low.x - on.x), on.y},
                   faded(theme.accent, across > 0 ? 1 : 0), theme.units(1.5F));
    inset.ink.circle(moving, theme.units(4.5F), theme.accent);
}

void draw_tangent(Inset& inset, const Plot& plot, Point point, double slope) {
    const Theme& theme = inset.ink.theme;
    std::vector<ImVec2> points;
    constexpr int steps = 80;
    for (int step = -steps; step <= steps; ++step) {
        const double x = point.x + 2.0 * step / steps, y = point.y + slope * (x - point.x);
        if (plot.holds(x, y)) points.push_back(plot.at(x, y));
    }
    if (points.size() > 1) inset.ink.curve(points, theme.accent, theme.units(2));
    inset.ink.circle(plot.at(point.x, point.y), theme.units(4.5F), theme.accent);
}

// A line of words and its number below, as large as there is room for.
void write_number(Inset& inset, Box& box, const std::string& words, const std::string& number) {
    const Theme& theme = inset.ink.theme;
    write(inset.ink, box, {theme.fonts.small, theme.dim, 1}, words);
    write(inset.ink, box, {theme.fonts.digits, theme.text, 1}, number);
    box.cut_top(theme.units(4));
}

void write_forward(Inset& inset, Box box, Point point) {
    const Moment& moment = inset.moment;
    write_number(inset, box, fmt::format("x: hidden ({}, {})", moment.row, moment.column),
                 number_text(point.x, 4));
    if (moment.fraction < 0.5) return;
    write_number(inset, box, "GELU(x): what goes on", number_text(point.y, 4));
}

void write_backward(Inset& inset, Box box, const Expression& expression) {
    const Moment& moment = inset.moment;
    const double coming = expression.parts.at(0).value, slope = expression.parts.at(1).value;
    write_number(inset, box, "the slope of GELU at x", number_text(slope, 4));
    write_number(inset, box, "gradient in · slope",
                 fmt::format("{} · {}", number_text(coming, 4), in_brackets(slope)));
    const double out = inset.stage.values(moment.row, moment.column);
    write_number(inset, box, "= gradient out", number_text(out, 4));
}

std::string gelu_caption(const Inset& inset) {
    if (is_backward(inset))
        return "How steep is GELU where x stands? The straight line shows the slope. Across: x, "
               "a hidden number; upwards: GELU(x).";
    return "GELU's curve. Across: x, a hidden number; upwards: GELU(x). Small dots are the other "
           "numbers of this row.";
}

} // namespace

void draw_gelu(Inset& inset) {
    const Theme& theme = inset.ink.theme;
    const Moment& moment = inset.moment;
    Box box = below_caption(inset, gelu_caption(inset));
    Box words = box.cut_right(std::max(theme.units(216), box.width() * 0.3F));
    words.cut_left(theme.units(16));
    const std::vector<double> row = row_of(inset);
    const Plot plot = draw_curve(inset, box, row);
    draw_others(inset, plot, row);
    Point point{row.at(moment.column), gelu_of({row[moment.column]})[0]};
    if (is_backward(inset)) {
        const Expression expression =
            *inset.state.explained(inset.stage, moment.row, moment.column);
        draw_tangent(inset, plot, point, expression.parts.at(1).value);
        return write_backward(inset, words, expression);
    }
    point.y = inset.stage.values(moment.row, moment.column);
    draw_way(inset, plot, point);
    write_forward(inset, words, point);
}

} // namespace whirlygig
