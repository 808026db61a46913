#include "explained.h"

#include <algorithm>

namespace whirlygig {

std::shared_ptr<const Expression> Explanations::of(const Stage& stage, std::size_t row,
                                                   std::size_t column) {
    const auto found = std::find_if(known.begin(), known.end(), [&](const Known& entry) {
        return entry.stage == &stage && entry.row == row && entry.column == column;
    });
    if (found != known.end()) {
        std::rotate(known.begin(), found, found + 1);
    } else {
        std::rotate(known.begin(), known.end() - 1, known.end());
        known[0] = {&stage, row, column,
                    std::make_shared<const Expression>(explain(stage, row, column))};
    }
    return known[0].expression;
}

} // namespace whirlygig
