#include "panels/cell_terms.h"

#include "stages/matrix_labels.h"
#include "terminal/cell_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace whirlygig {
namespace {

using Kind = Expression::Kind;

bool is_product_of_two(const Expression& term) {
    return term.kind == Kind::product && term.parts.size() == 2;
}

Factor factor_of(const Expression& part) {
    Factor factor;
    factor.value = part.value;
    CellSource cell;
    if (parse_source(part.source, cell)) factor.source = CellRef{cell.name, cell.row, cell.column};
    return factor;
}

std::string matrix_of(const Factor& factor) {
    return factor.source ? factor.source->matrix : "";
}

bool same_matrices(const Term& term, const Term& other) {
    return matrix_of(term.factors[0]) == matrix_of(other.factors[0]) &&
           matrix_of(term.factors[1]) == matrix_of(other.factors[1]);
}

Term term_of(const Expression& expression) {
    Term term;
    term.value = expression.value;
    if (is_product_of_two(expression)) {
        term.factors = {factor_of(expression.parts[0]), factor_of(expression.parts[1])};
        return term;
    }
    term.factors = {factor_of(expression)};
    const std::optional<CellRef>& source = term.factors[0].source;
    term.label = expression.source;
    if (source)
        term.label =
            fmt::format("{} ({}, {})", short_name(source->matrix), source->row, source->column);
    return term;
}

// How the cells of one side vary over the products: "queries (3, k)".
std::string side_of(const std::vector<const Factor*>& factors) {
    if (factors.empty()) return "";
    const std::optional<CellRef>&first = factors.front()->source, &last = factors.back()->source;
    if (!first || !last)
        return factors.size() == 1 ? "(x − mean) / spread" : "(x − mean) / spread, row k";
    const auto counted = [](std::size_t from, std::size_t to) {
        return from == to ? fmt::format("{}", from) : std::string("k");
    };
    return fmt::format("{} ({}, {})", short_name(first->matrix), counted(first->row, last->row),
                       counted(first->column, last->column));
}

void name_sides(TermGroup& group) {
    std::vector<const Factor*> left, right;
    for (Term& term : group.terms) {
        if (term.factors.size() < 2) continue;
        term.label = fmt::format("{}", left.size());
        left.push_back(&term.factors[0]);
        right.push_back(&term.factors[1]);
    }
    if (left.size() == 1) { // nothing to count
        for (Term& term : group.terms)
            if (term.factors.size() == 2) term.label.clear();
    }
    group.left = side_of(left);
    group.right = side_of(right);
}

bool is_plain_sum(const Expression& expression) {
    if (expression.kind != Kind::sum || expression.parts.empty()) return false;
    return std::all_of(expression.parts.begin(), expression.parts.end(),
                       [](const Expression& term) {
                           return term.kind == Kind::number || is_product_of_two(term);
                       });
}

void add_cell(const CellSource& cell, std::vector<CellsRead>& all) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const CellsRead& read) {
        return read.met.matrix == cell.name;
    });
    if (found == all.end()) {
        all.push_back(
            {{cell.name, cell.row, cell.column}, cell.row, cell.column, cell.row, cell.column});
        return;
    }
    found->first_row = std::min(found->first_row, cell.row);
    found->first_column = std::min(found->first_column, cell.column);
    found->last_row = std::max(found->last_row, cell.row);
    found->last_column = std::max(found->last_column, cell.column);
}

// The first that is met; not in what named numbers stand for, which belongs to no term alone.
std::optional<CellRef> first_cell_of(const Expression& expression, const std::string& matrix) {
    const Factor factor = factor_of(expression);
    if (matrix_of(factor) == matrix) return factor.source;
    for (const Expression& part : expression.parts) {
        if (std::optional<CellRef> found = first_cell_of(part, matrix)) return found;
    }
    return std::nullopt;
}

} // namespace

std::vector<TermGroup> groups_of_terms(const Expression& expression) {
    std::vector<TermGroup> groups;
    if (!is_plain_sum(expression)) return groups;
    std::optional<Term> last_product;
    double total = 0;
    for (const Expression& part : expression.parts) {
        Term term = term_of(part);
        total += term.value;
        term.so_far = total;
        const bool is_product = term.factors.size() == 2;
        const bool changes = is_product && last_product && !same_matrices(term, *last_product);
        if (groups.empty() || changes) groups.emplace_back();
        if (is_product) last_product = term;
        groups.back().terms.push_back(std::move(term));
    }
    for (TermGroup& group : groups)
        name_sides(group);
    return groups;
}

std::vector<CellsRead> cells_read(const Expression& expression) {
    std::vector<CellsRead> all;
    for_each_cell(expression, [&](const CellSource& cell, double) { add_cell(cell, all); });
    return all;
}

bool reads_cell(const Expression& expression, const CellRef& cell) {
    bool found = false;
    for_each_cell(expression, [&](const CellSource& read, double) {
        found = found ||
                (read.row == cell.row && read.column == cell.column && read.name == cell.matrix);
    });
    return found;
}

std::optional<CellRef> cell_in_largest_term(const Expression& expression,
                                            const std::string& matrix) {
    std::optional<CellRef> found;
    double largest = -1;
    if (expression.kind != Kind::sum) return found;
    for (const Expression& term : expression.parts) {
        if (term.kind != Kind::product || !(std::abs(term.value) > largest)) continue;
        const std::optional<CellRef> cell = first_cell_of(term, matrix);
        if (!cell) continue;
        found = cell;
        largest = std::abs(term.value);
    }
    return found;
}

std::string words_for(const CellsRead& read) {
    std::string name = short_name(read.met.matrix);
    const bool one_row = read.first_row == read.last_row;
    const bool one_column = read.first_column == read.last_column;
    if (one_row && one_column)
        return fmt::format("{} ({}, {})", name, read.first_row, read.first_column);
    if (one_row) return fmt::format("{}, row {}", name, read.first_row);
    if (one_column) return fmt::format("{}, column {}", name, read.first_column);
    return name;
}

} // namespace whirlygig
