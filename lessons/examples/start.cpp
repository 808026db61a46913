// Lesson 0: two matrices are filled and added.
#include "error.h"
#include "examples.h"
#include "grid.h"

namespace whirlygig {

std::string start_example() {
    const Words rows = {"row 0", "row 1"};
    const Words columns = {"0", "1", "2"};
    const Matrix a = matrix_of({{1, 2, 3}, {4, 5, 6}});
    Matrix b(2, 3);
    fill(b, 10);
    Matrix sum;
    add(a, b, sum);
    std::string text = grid("a", a, rows, columns, 0);
    text += "\n" + grid("b, after fill(b, 10)", b, rows, columns, 0);
    text += "\n" + grid("sum, after add(a, b, sum)", sum, rows, columns, 0);

    const Matrix turned(3, 2);
    try {
        add(a, turned, sum);
    } catch (const Error& error) {
        text += "\nadd(a, turned, sum), where turned has 3 rows and 2 columns, says:\n";
        text += fmt::format("  {}\n", error.what());
    }
    return text;
}

} // namespace whirlygig
