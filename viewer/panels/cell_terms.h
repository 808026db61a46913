// A sum taken apart into its terms, for the cell panel.
#pragma once

#include "state.h"
#include "trace/expression.h"

#include <optional>
#include <string>
#include <vector>

namespace whirlygig {

struct Factor {
    double value = 0;
    std::optional<CellRef> source; // none for a number that was worked out on the spot
};

struct Term {
    std::string label;           // of a product: k; of a single number: where it comes from
    std::vector<Factor> factors; // two of a product, one of a single number
    double value = 0;
    double so_far = 0; // the sum up to here
};

// Terms whose factors come from the same two matrices. Single numbers, such as a bias, go along
// with the products before them.
struct TermGroup {
    std::string left, right; // "queries (3, k)", "keys (1, k)"; empty without products
    std::vector<Term> terms;
};

// Empty unless the expression is a sum of numbers and of products of two.
std::vector<TermGroup> groups_of_terms(const Expression& expression);

// The cells of one matrix that an expression reads.
struct CellsRead {
    CellRef met; // the one that the expression begins with
    std::size_t first_row = 0, first_column = 0, last_row = 0, last_column = 0;
};

// One for each matrix, in the order in which they are met.
std::vector<CellsRead> cells_read(const Expression& expression);

// Whether the expression reads this cell.
bool reads_cell(const Expression& expression, const CellRef& cell);

// Of a sum with products: the cell of the matrix in the term that counts most, up or down. None if
// there is no such term.
std::optional<CellRef> cell_in_largest_term(const Expression& expression,
                                            const std::string& matrix);

// "queries, row 3", "keys (1, 0)"
std::string words_for(const CellsRead& read);

} // namespace whirlygig
