// The arithmetic of a softmax: each score of the row, and which share of the whole becomes of it.
#include "panels/cell_parts.h"
#include "stages/inset_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace whirlygig {
namespace {

constexpr std::size_t most_places = 64, most_tokens = 12;

struct ShareRow {
    std::size_t column;
    std::string label;
    std::array<std::string, 4> numbers; // as the heads say
};

struct Head {
    const char *upper, *lower;
};
constexpr std::array<Head, 4> heads = {
    {{"", "score"}, {"less the", "largest"}, {"", "exp"}, {"share of", "the sum"}}};

// The columns with the largest exponentials and the shown one: tokens of a vocabulary the largest
// first, places in their order.
std::vector<std::size_t> columns_to_show(const std::vector<Expression>& exponentials,
                                         const ShownCell& shown, std::size_t most) {
    std::vector<std::size_t> columns;
    for (std::size_t column = 0; column < exponentials.size(); ++column)
        columns.push_back(column);
    const bool tokens = shown.stage->columns == Axis::vocabulary;
    if (!tokens && columns.size() <= most) return columns;
    std::stable_sort(columns.begin(), columns.end(), [&](std::size_t a, std::size_t b) {
        return exponentials[a].value > exponentials[b].value;
    });
    columns.resize(std::min(columns.size(), most));
    if (std::find(columns.begin(), columns.end(), shown.cell.column) == columns.end())
        columns.push_back(shown.cell.column);
    if (!tokens) std::sort(columns.begin(), columns.end());
    return columns;
}

ShareRow share_row(const State& state, const ShownCell& shown, const Expression& expression,
                   std::size_t column) {
    const Expression& all = expression.parts.at(1);
    const Expression& exponential = all.parts.at(column);
    const Expression& difference = exponential.parts.at(0);
    const bool tokens = shown.stage->columns == Axis::vocabulary;
    return {column,
            tokens ? state.traced_text().token(static_cast<int>(column))
                   : place_label(state, shown.cell.matrix, column),
            {number_text(difference.parts.at(0).value, arithmetic_digits),
             number_text(difference.value, arithmetic_digits),
             share_text(exponential.value, arithmetic_digits),
             share_text(exponential.value / all.value, arithmetic_digits)}};
}

class ShareTable {
public:
    ShareTable(PanelColumn& column, const ShownCell& shown, const std::vector<ShareRow>& rows)
        : column(column),
          theme(column.theme),
          shown(shown),
          rows(rows) {
        choose_font();
        if (widest_label() <= room_for_labels()) return;
        labels_above = true;
        choose_font();
    }

    void draw() {
        write_heads();
        for (const ShareRow& row : rows)
            draw_row(row);
    }

private:
    void choose_font() {
        const float labels = labels_above ? 0 : widest_label();
        for (ImFont* choice : {theme.fonts.digits, theme.fonts.tiny_digits}) {
            font = choice;
            place_columns();
            if (labels <= room_for_labels()) return;
        }
    }

    float widest_label() const {
        float widest = 0;
        for (const ShareRow& row : rows)
            widest = std::max(widest, Ink::size_of(theme.fonts.small, row.label).x);
        return widest;
    }
    float room_for_labels() const { return left_of_scores - column.left - theme.units(10); }
    float line_height() const { return theme.units(20); }

    // From the right end: each column is as wide as its widest number or head.
    void place_columns() {
        float x = column.left + column.width - theme.units(4);
        for (std::size_t index = heads.size(); index-- > 0;) {
            right[index] = x;
            float widest = std::max(Ink::size_of(theme.fonts.small, heads[index].upper).x,
                                    Ink::size_of(theme.fonts.small, heads[index].lower).x);
            for (const ShareRow& row : rows)
                widest = std::max(widest, Ink::size_of(font, row.numbers[index]).x);
            left_of_scores = x - widest;
            x = left_of_scores - theme.units(10);
        }
    }

    void write_heads() {
        ImFont* small = theme.fonts.small;
        const float y = column.at().y, line = small->FontSize * 1.2F;
        for (std::size_t index = 0; index < heads.size(); ++index) {
            column.ink.text(small, {right[index], y}, theme.faint, heads[index].upper,
                            Align::right);
            column.ink.text(small, {right[index], y + line}, theme.faint, heads[index].lower,
                            Align::right);
        }
        column.down(line * 2 + theme.units(3));
    }

    void draw_row(const ShareRow& row) {
        const float y = column.at().y, height = line_height() * (labels_above ? 1.9F : 1);
        const float end = column.left + column.width;
        const bool chosen = row.column == shown.cell.column;
        if (chosen) {
            column.ink.rectangle({column.left, y}, {end, y + height}, theme.accent_soft,
                                 theme.units(3));
        }
        column.ink.line({column.left, y}, {end, y}, theme.edge, theme.units(1));
        const float label_y = y + (line_height() - theme.fonts.small->FontSize) / 2;
        const float room = labels_above ? column.width - theme.units(8) : room_for_labels();
        column.ink.text_within(theme.fonts.small, {column.left + theme.units(4), label_y}, room,
                               chosen ? theme.accent : theme.dim, row.label);
        write_numbers(row, y + height - line_height());
        column.down(height);
    }

    void write_numbers(const ShareRow& row, float y) {
        for (std::size_t index = 0; index < heads.size(); ++index) {
            const bool is_score = index == 0;
            const bool on_the_way = index == 1 || index == 2;
            const NumberBox box{.label = fmt::format("score {}", row.column),
                                .number = row.numbers[index],
                                .font = font,
                                .colour = on_the_way ? theme.dim : theme.text,
                                .low = {left_of_scores - theme.units(2), y},
                                .high = {right[index], y + line_height()}};
            if (column.number_in(box, is_score)) followed = row.column;
        }
    }

    PanelColumn& column;
    const Theme& theme;
    const ShownCell& shown;
    const std::vector<ShareRow>& rows;
    ImFont* font = nullptr;
    std::array<float, 4> right = {}; // ends of the columns
    float left_of_scores = 0;
    bool labels_above = false; // where the panel is too narrow for them beside the numbers

public:
    std::optional<std::size_t> followed; // the column whose score was clicked
};

void say_what_is_left_out(PanelColumn& column, const ShownCell& shown, std::size_t left_out,
                          const std::string& what) {
    if (left_out == 0) return;
    const bool tokens = shown.stage->columns == Axis::vocabulary;
    column.gap(4);
    column.paragraph(column.theme.fonts.small, column.theme.dim,
                     fmt::format("The largest shares; {} {} are left out.", left_out,
                                 tokens ? "tokens" : "places"));
    column.show_all_button(what, fmt::format("Show all {}", shown.stage->values.columns));
}

} // namespace

void draw_shares(PanelColumn& column, const ShownCell& shown, const Expression& expression) {
    const std::string what =
        fmt::format("shares of {} {} {}", shown.cell.matrix, shown.cell.row, shown.cell.column);
    const Expression& all = expression.parts.at(1);
    const std::size_t count = all.parts.size();
    const std::size_t some = shown.stage->columns == Axis::vocabulary ? most_tokens : most_places;
    const std::size_t most = column.shows_all(what) ? count : some;
    std::vector<ShareRow> rows;
    for (const std::size_t index : columns_to_show(all.parts, shown, most))
        rows.push_back(share_row(column.state, shown, expression, index));
    ShareTable table(column, shown, rows);
    table.draw();
    say_what_is_left_out(column, shown, count - rows.size(), what);
    column.gap(6);
    const Theme& theme = column.theme;
    const std::string sum = number_text(all.value, arithmetic_digits);
    column.paragraph(theme.fonts.text, theme.text, "Sum of all exp: " + sum);
    column.paragraph(theme.fonts.text, theme.text,
                     fmt::format("Share: {} / {} = {}",
                                 number_text(expression.parts[0].value, arithmetic_digits), sum,
                                 number_text(expression.value, arithmetic_digits)));
    if (table.followed) {
        const std::string& scores = shown.stage->made_from.at(0).name;
        follow(column.state, {scores, shown.cell.row, *table.followed});
    }
}

} // namespace whirlygig
