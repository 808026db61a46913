#include "stages/focus.h"

#include <cmath>

namespace whirlygig {
namespace {

// The cell whose number is furthest from 0: of a finished stage the one that is worth a look. Of
// shares only in the last row, because the first one has no choice.
Focus largest_cell(const Stage& stage) {
    const Numbers& numbers = stage.values;
    const bool shares = stage.operation == Operation::softmax;
    Focus largest;
    double size = -1;
    for (std::size_t index = shares ? (numbers.rows - 1) * numbers.columns : 0;
         index < numbers.rows * numbers.columns; ++index) {
        const double here = std::abs(static_cast<double>(numbers.data[index]));
        if (!std::isfinite(here) || here <= size) continue;
        size = here;
        largest = {index / numbers.columns, index % numbers.columns};
    }
    return largest;
}

} // namespace

Focus focus_of(const State& state, const Moment& moment) {
    const CellRef* shown = state.shown_cell();
    if (shown != nullptr && shown->matrix == moment.stage->name)
        return Focus{shown->row, shown->column};
    if (moment.done) return largest_cell(*moment.stage);
    return Focus{moment.row, moment.column};
}

} // namespace whirlygig
