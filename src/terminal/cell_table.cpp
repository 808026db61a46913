#include "terminal/cell_table.h"

#include "terminal/stage_name.h"
#include "terminal/text_layout.h"
#include "terminal/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace whirlygig {
namespace {

using Kind = Expression::Kind;

// "gradient of queries" for gradient.block.0.head.1.queries
std::string short_name(const std::string& name) {
    const StageName parsed = parse_stage_name(name);
    const std::string last = parsed.role.substr(parsed.role.rfind('.') + 1);
    return parsed.gradient ? "gradient of " + last : last;
}

bool is_product_of_two(const Expression& term) {
    return term.kind == Kind::product && term.parts.size() == 2;
}

// The name of the matrix that a factor comes from. Only the normalised number in a gain's gradient
// is worked out on the spot.
std::string matrix_of(const Expression& factor) {
    CellSource cell;
    return parse_source(factor.source, cell) ? cell.name : "";
}

bool same_matrices(const Expression& term, const Expression& other) {
    return matrix_of(term.parts[0]) == matrix_of(other.parts[0]) &&
           matrix_of(term.parts[1]) == matrix_of(other.parts[1]);
}

// Terms [first, end) of a sum whose products take their factors from the same two matrices. Single
// numbers, such as a bias, go along with the products before them.
struct Group {
    std::size_t first, end;
};

std::vector<Group> groups_of(const std::vector<Expression>& terms) {
    std::vector<Group> groups;
    const Expression* last_product = nullptr;
    for (std::size_t index = 0; index < terms.size(); ++index) {
        const Expression& term = terms[index];
        const bool is_product = is_product_of_two(term);
        const bool changes = is_product && last_product && !same_matrices(term, *last_product);
        if (groups.empty() || changes) groups.push_back({index, index});
        groups.back().end = index + 1;
        if (is_product) last_product = &term;
    }
    return groups;
}

// How the factor's cells vary over the products: "(3, k)".
std::vector<std::string> factor_heads(const std::vector<const Expression*>& factors) {
    CellSource first, last;
    if (!parse_source(factors.front()->source, first) ||
        !parse_source(factors.back()->source, last))
        return {"(x − mean)", "/ spread"};
    const bool rows_vary = first.row != last.row, columns_vary = first.column != last.column;
    return {short_name(first.name),
            fmt::format("({}, {})", rows_vary ? "k" : fmt::format("{}", first.row),
                        columns_vary ? "k" : fmt::format("{}", first.column))};
}

// The number k that counts the products: the row or column that varies.
std::string label_of(const Expression& term, std::size_t products_before) {
    if (is_product_of_two(term)) return fmt::format("{}", products_before);
    CellSource cell;
    if (!parse_source(term.source, cell)) return term.source;
    return fmt::format("{} ({}, {})", short_name(cell.name), cell.row, cell.column);
}

using CellVisit = std::function<void(const CellSource& cell, double value)>;

void visit_cells(const Expression& expression, std::set<const Expression*>& seen,
                 const CellVisit& visit) {
    CellSource cell;
    if (parse_source(expression.source, cell)) visit(cell, expression.value);
    for (const Expression& part : expression.parts)
        visit_cells(part, seen, visit);
    const Expression* definition = expression.definition.get();
    if (definition != nullptr && seen.insert(definition).second)
        visit_cells(*definition, seen, visit);
}

std::string group_table(const std::vector<Expression>& terms, Group group, int digits,
                        std::size_t width, double& total) {
    TableColumn label{.heads = {"k"}, .numbers = false}, a, b, value, so_far;
    std::vector<const Expression*> a_factors, b_factors;
    for (std::size_t index = group.first; index < group.end; ++index) {
        const Expression& term = terms[index];
        const bool is_product = is_product_of_two(term);
        total += term.value;
        label.cells.push_back(label_of(term, a_factors.size()));
        a.cells.push_back(is_product ? number_text(term.parts[0].value, digits) : "");
        b.cells.push_back(is_product ? number_text(term.parts[1].value, digits) : "");
        value.cells.push_back(number_text(term.value, digits));
        so_far.cells.push_back(number_text(total, digits));
        if (is_product) a_factors.push_back(&term.parts[0]);
        if (is_product) b_factors.push_back(&term.parts[1]);
    }
    so_far.heads = {"sum so far"};
    if (a_factors.empty()) {
        label.heads = {"term"};
        value.heads = {"number"};
        return table_text({label, value, so_far}, width);
    }
    if (a_factors.size() == 1) { // nothing to count
        label.heads = {"term"};
        std::replace(label.cells.begin(), label.cells.end(), std::string("0"),
                     std::string("product"));
    }
    a.heads = factor_heads(a_factors);
    b.heads = factor_heads(b_factors);
    value.heads = {"product"};
    return table_text({label, a, b, value, so_far}, width);
}

} // namespace

bool parse_source(const std::string& source, CellSource& cell) {
    const std::size_t bracket = source.rfind(" (");
    if (bracket == source.npos) return false;
    const char* end = source.data() + source.size();
    const auto row = std::from_chars(source.data() + bracket + 2, end, cell.row);
    if (row.ec != std::errc() || end - row.ptr < 4 || !std::string_view(row.ptr).starts_with(", "))
        return false;
    const auto column = std::from_chars(row.ptr + 2, end, cell.column);
    if (column.ec != std::errc() || std::string_view(column.ptr) != ")") return false;
    cell.name = source.substr(0, bracket);
    return true;
}

void for_each_cell(const Expression& expression, const CellVisit& visit) {
    std::set<const Expression*> seen;
    visit_cells(expression, seen, visit);
}

std::string sum_table(const Expression& expression, int digits, std::size_t width,
                      std::size_t most_terms) {
    const std::vector<Expression>& terms = expression.parts;
    const bool all_plain = std::all_of(terms.begin(), terms.end(), [](const Expression& term) {
        return term.kind == Kind::number || is_product_of_two(term);
    });
    if (expression.kind != Kind::sum || terms.empty() || !all_plain) return "";
    const std::size_t shown = most_terms == 0 ? terms.size() : std::min(most_terms, terms.size());
    std::string text;
    double total = 0;
    for (Group group : groups_of(terms)) {
        if (group.first >= shown) break;
        group.end = std::min(group.end, shown);
        const std::string table = group_table(terms, group, digits, width, total);
        if (table.empty()) return "";
        text += table;
    }
    if (shown < terms.size()) {
        text += wrap(fmt::format("  … and {} more terms, up to {}", terms.size() - shown,
                                 number_text(expression.value, digits)),
                     width, 2) +
                "\n";
    }
    return text;
}

std::string softmax_table(const Expression& expression, const std::vector<std::string>& labels,
                          std::size_t chosen, int digits, std::size_t width,
                          std::size_t most_terms) {
    const std::vector<Expression>& exponentials = expression.parts.at(1).parts;
    const double total = expression.parts[1].value;
    const std::size_t count = exponentials.size();
    const std::size_t shown = most_terms == 0 ? count : std::min(most_terms, count);
    TableColumn label{.numbers = false}, score{.heads = {"score"}},
        less{.heads = {"less the", "largest"}}, power{.heads = {"exp"}},
        share{.heads = {"share of", "the sum"}}, mark{.numbers = false};
    for (std::size_t index = 0; index < count; ++index) {
        if (index >= shown && index != chosen) continue;
        const Expression& difference = exponentials[index].parts.at(0);
        label.cells.push_back(cut(labels.at(index), width / 3));
        score.cells.push_back(number_text(difference.parts.at(0).value, digits));
        less.cells.push_back(number_text(difference.value, digits));
        power.cells.push_back(number_text(exponentials[index].value, digits));
        share.cells.push_back(number_text(exponentials[index].value / total, digits));
        mark.cells.push_back(index == chosen ? "<-" : "");
    }
    std::string text = table_text({label, score, less, power, share, mark}, width);
    if (text.empty()) return "";
    if (shown < count) text += fmt::format("  … of {}\n", count);
    return text + wrap("  The sum of all exp is " + number_text(total, digits) + ".", width, 2) +
           "\n";
}

} // namespace whirlygig
