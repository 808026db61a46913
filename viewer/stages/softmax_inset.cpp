// A row of scores becomes shares: exponentials, their sum, what each is of it.
#include "stages/softmax_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace whirlygig {
namespace {

BarChart chart_of(const SoftmaxRow& row, const Box& area) {
    const Theme& theme = row.inset.ink.theme;
    BarChart chart{.area = area,
                   .heights = {.from = 0,
                               .to = 1,
                               .start = area.high.y - theme.units(1),
                               .end = area.low.y + theme.fonts.tiny_digits->FontSize / 2},
                   .bars = {}};
    const auto divided = static_cast<float>(row.dividing());
    for (std::size_t index = 0; index < row.scores.size(); ++index) {
        const Score& score = row.scores[index];
        const double exponential = score.exponential;
        const double share_of_way = exponential + row.dividing() * (score.share - exponential);
        // Behind the mask there is no bar at all.
        const double value = std::isfinite(score.score) ? share_of_way : score.score;
        const ImU32 share =
            mix(theme.zero, theme.accent, 0.35F + 0.65F * static_cast<float>(value));
        chart.bars.push_back({value, row.appeared(index), mix(theme.faint, share, divided), false});
    }
    return chart;
}

// Places behind the mask have no bar, only a hatched stub.
void hatch_masked(const SoftmaxRow& row, const BarChart& chart) {
    const Theme& theme = row.inset.ink.theme;
    const float half = std::min(chart.pitch() * 0.36F, theme.units(17));
    for (std::size_t index = 0; index < row.scores.size(); ++index) {
        if (std::isfinite(row.scores[index].score)) continue;
        const float x = chart.centre(index);
        row.inset.ink.hatch({x - half, chart.area.high.y - theme.units(9)},
                            {x + half, chart.area.high.y - theme.units(2)}, theme.faint);
    }
}

// The table under the bars: how wide its head is and which of its lines there is room for.
struct Table {
    Box heads, sums;
    float line;  // height
    float lower; // by so much digits stand lower in a line than words, which are larger
    std::vector<std::size_t> lines;
};

void write_table(const SoftmaxRow& row, const Table& table, const BarChart& chart) {
    Ink& ink = row.inset.ink;
    const Theme& theme = ink.theme;
    const float width = chart.pitch() - theme.units(5);
    for (std::size_t index = 0; index < row.scores.size(); ++index) {
        const bool chosen = row.scores[index].column == row.inset.moment.column;
        const float x = chart.centre(index);
        ink.text_within(theme.fonts.small, {x, table.heads.low.y}, width,
                        chosen ? theme.accent : theme.text, label_of(row, row.scores[index]),
                        Align::centre);
        const std::array<std::string, 4> numbers = numbers_of(row, index);
        float y = table.heads.low.y + line_height(theme.fonts.small) + table.lower;
        for (const std::size_t line : table.lines) {
            ink.text_within(theme.fonts.tiny_digits, {x, y}, width,
                            line == 3 ? theme.text : theme.dim, numbers[line], Align::centre);
            y += table.line;
        }
    }
}

// The names of the lines on the left, and on the right what the lines add up to.
void write_heads(const SoftmaxRow& row, const Table& table) {
    Ink& ink = row.inset.ink;
    const Theme& theme = ink.theme;
    float y = table.heads.low.y + line_height(theme.fonts.small);
    ink.text_within(theme.fonts.small, {table.sums.high.x, table.heads.low.y}, table.sums.width(),
                    theme.dim, row.count == row.scores.size() ? "sum" : "sum of all", Align::right);
    for (const std::size_t line : table.lines) {
        ink.text_within(theme.fonts.small, {table.heads.low.x, y}, table.heads.width(), theme.dim,
                        line_names[line]);
        std::string sum;
        if (line == 2 && row.summing() > 0) sum = number_text(row.sum, 4);
        if (line == 3 && row.dividing() >= 1) sum = "1";
        ink.text_within(theme.fonts.tiny_digits, {table.sums.high.x, y + table.lower},
                        table.sums.width(), line == 2 ? theme.accent : theme.text, sum,
                        Align::right);
        y += table.line;
    }
}

// Right of the bars: the exponentials pile up to their sum, of which each will be a share.
void draw_pile(const SoftmaxRow& row, Box box) {
    Ink& ink = row.inset.ink;
    const Theme& theme = ink.theme;
    if (row.summing() <= 0) return;
    // As high as the axis beside the bars: the whole is 1.
    box.cut_top(theme.fonts.tiny_digits->FontSize / 2);
    box.cut_bottom(theme.units(1));
    box.low.x = box.high.x - std::min(box.width(), theme.units(20));
    ink.frame(box.low, box.high, theme.edge);
    const auto count = static_cast<double>(row.scores.size());
    float y = box.high.y;
    for (std::size_t index = 0; index < row.scores.size(); ++index) {
        const auto at = static_cast<double>(index);
        const double added = phase(row.summing() * count, at, at + 1);
        const double share = row.scores[index].exponential / row.sum * added;
        const float height = box.height() * static_cast<float>(share);
        const ImU32 colour = mix(theme.faint, theme.accent, index % 2 == 0 ? 0.9F : 0.5F);
        if (height > 0) ink.rectangle({box.low.x, y - height}, {box.high.x, y}, colour);
        y -= height;
    }
}

void write_left_out(const SoftmaxRow& row, Box& box) {
    const std::size_t left_out = row.count - row.scores.size();
    if (left_out == 0) return;
    const Theme& theme = row.inset.ink.theme;
    const bool tokens = row.inset.stage.columns == Axis::vocabulary;
    Box strip = box.cut_bottom(line_height(theme.fonts.small));
    write(row.inset.ink, strip, {theme.fonts.small, theme.dim, 1},
          fmt::format("… and {} more {} with smaller shares", left_out,
                      tokens ? "tokens" : "places"));
}

// Lines are left out, from the least important one on, until the bars have room enough.
Table table_of(const Theme& theme, Box& box) {
    const Fonts& fonts = theme.fonts;
    Table table{.heads = {},
                .sums = {},
                .line = line_height(fonts.small),
                .lower = (fonts.small->FontSize - fonts.tiny_digits->FontSize) / 2,
                .lines = {}};
    std::vector<std::vector<std::size_t>> choices = {{0, 1, 2, 3}, {1, 2, 3}, {2, 3}, {3}};
    float height = 0;
    for (const std::vector<std::size_t>& choice : choices) {
        table.lines = choice;
        height = table.line * static_cast<float>(choice.size() + 1);
        if (box.height() - height >= theme.units(34)) break;
    }
    table.heads = table.sums = box.cut_bottom(height);
    return table;
}

} // namespace

void draw_softmax(Inset& inset) {
    const Theme& theme = inset.ink.theme;
    SoftmaxRow row = read_row(inset);
    Box box = below_caption(inset, caption_of(row));
    const float heads = Ink::size_of(theme.fonts.small, line_names[3]).x + theme.units(10);
    const float sums = Ink::size_of(theme.fonts.small, "sum of all").x + theme.units(10);
    const float pitch = Ink::size_of(theme.fonts.tiny_digits, "−0.00000").x + theme.units(6);
    const auto room =
        static_cast<std::size_t>(std::max(1.0F, (box.width() - heads - sums) / pitch));
    keep_largest(row, room);
    write_left_out(row, box);
    Table table = table_of(theme, box);
    const auto bars = static_cast<float>(row.scores.size());
    const float width = std::min(box.width() - heads - sums, bars * theme.units(120));
    const Box axis = box.cut_left(heads);
    table.heads = table.heads.cut_left(heads);
    table.sums.low.x = box.low.x + width;
    table.sums.high.x = table.sums.low.x + sums;
    box.high.x = table.sums.low.x;
    const Box pile{{table.sums.low.x, box.low.y}, {table.sums.high.x, box.high.y}};
    const BarChart chart = chart_of(row, box);
    draw_vertical_axis(inset.ink, axis, chart.heights);
    draw_bars(inset.ink, chart);
    hatch_masked(row, chart);
    draw_pile(row, pile);
    write_table(row, table, chart);
    write_heads(row, table);
}

} // namespace whirlygig
