// The arithmetic of the shown cell: the terms of a sum in a table, a softmax in one of its own, any
// other expression as text.
#include "panels/cell_parts.h"
#include "panels/cell_terms.h"
#include "stages/norm_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace whirlygig {
namespace {

constexpr std::size_t most_terms = 64;
constexpr std::size_t most_terms_of_text = 16;

class TermTable {
public:
    TermTable(PanelColumn& column, const std::vector<TermGroup>& groups)
        : column(column),
          theme(column.theme),
          groups(groups),
          font(font_that_fits()) {}

    // Gives the number of terms that were left out.
    std::size_t draw(std::size_t most) {
        for (const TermGroup& group : groups) {
            if (number >= most) break;
            if (!group.left.empty()) sides(group);
            heads(group);
            for (const Term& term : group.terms) {
                if (number < most) row(term);
            }
            column.gap(6);
        }
        std::size_t all = 0;
        for (const TermGroup& group : groups)
            all += group.terms.size();
        return all - number;
    }

private:
    static std::string text_of(double value) { return number_text(value, arithmetic_digits); }

    // The right end of column 1 (a), 2 (b), 3 (product) or 4 (sum so far); the first is for k.
    float right_of(std::size_t index) const {
        const float counts = theme.units(26);
        return column.left + counts + (column.width - counts) * static_cast<float>(index) / 4;
    }

    ImFont* font_that_fits() const {
        float widest = 0;
        for (const TermGroup& group : groups) {
            for (std::size_t index = 0; index < std::min(group.terms.size(), most_terms); ++index) {
                const Term& term = group.terms[index];
                for (const double value : {term.factors.front().value, term.factors.back().value,
                                           term.value, term.so_far})
                    widest = std::max(widest, Ink::size_of(theme.fonts.digits, text_of(value)).x);
            }
        }
        const float room = right_of(2) - right_of(1) - theme.units(6);
        return widest <= room ? theme.fonts.digits : theme.fonts.tiny_digits;
    }

    void sides(const TermGroup& group) {
        column.line(theme.fonts.small, theme.text, "a: " + group.left);
        column.line(theme.fonts.small, theme.text, "b: " + group.right);
        if (group.terms.size() > 1)
            column.line(theme.fonts.small, theme.dim, "k counts the products");
    }

    void heads(const TermGroup& group) {
        column.gap(4);
        const float y = column.at().y;
        const bool products = !group.left.empty();
        ImFont* small = theme.fonts.small;
        column.ink.text(small, {column.left, y}, theme.faint, products ? "k" : "term");
        if (products) {
            column.ink.text(small, {right_of(1), y}, theme.faint, "a", Align::right);
            column.ink.text(small, {right_of(2), y}, theme.faint, "b", Align::right);
        }
        column.ink.text(small, {right_of(3), y}, theme.faint, products ? "a · b" : "number",
                        Align::right);
        column.ink.text(small, {right_of(4), y}, theme.faint, "sum so far", Align::right);
        column.down(small->FontSize * 1.4F);
    }

    // From `from` to `to`; leads to where the factor comes from.
    void number_of(const Factor& factor, const std::string& side, float from, float to,
                   ImU32 colour) {
        const float y = column.at().y;
        const NumberBox box{.label = fmt::format("term {}{}", number, side),
                            .number = text_of(factor.value),
                            .font = font,
                            .colour = colour,
                            .low = {from, y},
                            .high = {to, y + height()}};
        if (column.number_in(box, factor.source.has_value())) followed = factor.source;
    }

    float height() const { return theme.units(20); }

    void row(const Term& term) {
        const float y = column.at().y;
        const float text_y = y + (height() - font->FontSize) / 2;
        const ImU32 sign = mix(theme.text, term.value < 0 ? theme.below : theme.above, 0.65F);
        column.ink.line({column.left, y}, {column.left + column.width, y}, theme.edge,
                        theme.units(1));
        if (term.factors.size() == 2) {
            number_of(term.factors[0], " a", column.left, right_of(1), theme.text);
            number_of(term.factors[1], " b", right_of(1) + theme.units(2), right_of(2), theme.text);
            column.ink.text(font, {column.left, text_y}, theme.faint, term.label);
            column.ink.text(font, {right_of(3), text_y}, sign, text_of(term.value), Align::right);
        } else {
            number_of(term.factors[0], "", column.left, right_of(3), sign);
            const float start = right_of(3) - Ink::size_of(font, text_of(term.value)).x;
            column.ink.text_within(theme.fonts.small, {column.left, text_y},
                                   start - column.left - theme.units(8), theme.dim, term.label);
        }
        column.ink.text(font, {right_of(4), text_y}, theme.text, text_of(term.so_far),
                        Align::right);
        column.down(height());
        ++number;
    }

    PanelColumn& column;
    const Theme& theme;
    const std::vector<TermGroup>& groups;
    ImFont* font;
    std::size_t number = 0; // of the next row

public:
    std::optional<CellRef> followed; // what was clicked
};

void draw_text(PanelColumn& column, const Expression& expression, const std::string& what) {
    const Theme& theme = column.theme;
    if (expression.kind == Expression::Kind::number) {
        column.paragraph(theme.fonts.text, theme.text,
                         fmt::format("{}: {}", number_text(expression.value, arithmetic_digits),
                                     cells_read(expression).empty()
                                         ? expression.source
                                         : "the number itself, unchanged"));
        return;
    }
    const bool all = column.shows_all(what);
    const std::string text = to_text(
        expression, {.digits = arithmetic_digits, .most_terms = all ? 0 : most_terms_of_text});
    column.paragraph(theme.fonts.text, theme.text, text);
    if (text.find("… (") != text.npos) column.show_all_button(what, "Show all terms");
}

void draw_steps(PanelColumn& column, const std::vector<NormStep>& steps) {
    const Theme& theme = column.theme;
    for (std::size_t index = 0; index < steps.size(); ++index) {
        column.paragraph(theme.fonts.small, theme.dim,
                         fmt::format("{}. {}", index + 1, steps[index].words));
        column.paragraph(theme.fonts.small, theme.text, steps[index].numbers);
    }
    column.gap(6);
    column.paragraph(theme.fonts.small, theme.dim, "All in one:");
}

// In the table these are single numbers; the text says how they come about.
bool has_worked_out_factors(const std::vector<TermGroup>& groups) {
    for (const TermGroup& group : groups) {
        for (const Term& term : group.terms) {
            for (const Factor& factor : term.factors) {
                if (term.factors.size() == 2 && !factor.source) return true;
            }
        }
    }
    return false;
}

} // namespace

void draw_arithmetic(PanelColumn& column, const ShownCell& shown, const Expression& expression) {
    if (shown.stage != nullptr && shown.stage->operation == Operation::softmax) {
        draw_shares(column, shown, expression);
        return;
    }
    const std::string what =
        fmt::format("terms of {} {} {}", shown.cell.matrix, shown.cell.row, shown.cell.column);
    if (shown.stage != nullptr && shown.stage->operation == Operation::normalise_backward)
        draw_steps(column, norm_steps_of(expression, shown.value));
    const std::vector<TermGroup> groups = groups_of_terms(expression);
    if (groups.empty()) {
        draw_text(column, expression, what);
        return;
    }
    TermTable table(column, groups);
    constexpr std::size_t all = static_cast<std::size_t>(-1);
    const std::size_t left_out = table.draw(column.shows_all(what) ? all : most_terms);
    if (left_out > 0)
        column.show_all_button(what, fmt::format("Show all: {} more terms", left_out));
    column.paragraph(column.theme.fonts.text, column.theme.text,
                     "Sum: " + number_text(expression.value, arithmetic_digits));
    if (has_worked_out_factors(groups)) {
        column.gap(4);
        draw_text(column, expression, what + " in full");
    }
    if (table.followed) follow(column.state, *table.followed);
}

} // namespace whirlygig
