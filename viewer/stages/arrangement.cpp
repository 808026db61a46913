#include "stages/arrangement.h"

#include "stages/arranger.h"

namespace whirlygig {
namespace {

bool is_product(Operation operation) {
    return operation == Operation::linear || operation == Operation::product ||
           operation == Operation::product_a_bt || operation == Operation::linear_backward ||
           operation == Operation::weights_backward;
}

void zoom_and_pan(const State& state, Box area, Arrangement& arrangement) {
    const auto moved = [&](ImVec2 at) {
        return ImVec2{area.low.x + (at.x - area.low.x) * state.zoom + state.pan.x,
                      area.low.y + (at.y - area.low.y) * state.zoom + state.pan.y};
    };
    const auto zoom = [&](MatrixView& view) {
        view.low = moved(view.low);
        view.cell = {view.cell.x * state.zoom, view.cell.y * state.zoom};
    };
    for (MatrixView& view : arrangement.operands)
        zoom(view);
    zoom(arrangement.result);
    if (arrangement.companion) zoom(*arrangement.companion);
    for (Sign& sign : arrangement.signs)
        sign.centre = moved(sign.centre);
}

} // namespace

Arrangement arrange(const State& state, const Stage& stage, std::size_t term, Box area) {
    Arrangement arrangement = is_product(stage.operation)
                                  ? arrange_crossing(state, stage, term, area)
                                  : arrange_in_line(state, stage, area);
    if (state.zoom != 1 || state.pan.x != 0 || state.pan.y != 0)
        zoom_and_pan(state, area, arrangement);
    return arrangement;
}

} // namespace whirlygig
