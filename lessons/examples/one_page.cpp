// The lines of C++ that lesson 0 shows, so that a compiler reads them, too. Nothing calls them.
#include "error.h"
#include "matrix.h"

#include <map>
#include <set>

namespace whirlygig {

namespace {

[[maybe_unused]] Real loops() {
    Real sum = 0;
    for (std::size_t i = 0; i < 5; ++i) {
        sum += 2;
    }
    return sum;
}

[[maybe_unused]] std::size_t matrices() {
    Matrix m(2, 3);                  // 2 rows, 3 columns
    m(0, 2) = 7;                     // the last number of the first row
    std::size_t rows = m.size1();    // 2
    std::size_t columns = m.size2(); // 3
    resize(m, 4, 5);                 // a new shape; what it holds now is not settled
    return rows + columns;
}

[[maybe_unused]] std::size_t lists() {
    std::vector<int> ids; // an empty list of whole numbers
    ids.push_back(4);     // one more at its end: ids[0] is 4 now
    std::size_t rows = 0;
    for (int id : ids) {
        rows += static_cast<std::size_t>(id); // a whole number as a size
    }
    return rows;
}

[[maybe_unused]] std::string texts(std::string_view piece) {
    std::string text = "the";
    if (!text.empty()) text += ' ';
    text += piece;
    return text;
}

[[maybe_unused]] int sets_and_maps(const std::map<std::string, int>& numbers) {
    std::set<std::string> words;
    words.emplace("kitten");             // however often: it is in there once
    auto found = numbers.find("kitten"); // look it up in a map from words to numbers
    if (found == numbers.end()) fail("there is no {}", "kitten");
    return found->second; // its number
}

} // namespace

} // namespace whirlygig
