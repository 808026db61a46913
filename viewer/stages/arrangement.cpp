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

Arrangement fit(const State& state, const Stage& stage, std::size_t pair, Box area) {
    return is_product(stage.operation) ? arrange_crossing(state, stage, pair, area)
                                       : arrange_in_line(state, stage, area);
}

Arrangement as_looked_at(const State& state, Box area, Arrangement arrangement) {
    if (state.zoom != 1 || state.pan.x != 0 || state.pan.y != 0)
        zoom_and_pan(state, area, arrangement);
    return arrangement;
}

// Everything within one trace that the places depend on, but for zoom and pan.
struct Circumstances {
    const Stage* stage;
    std::size_t pair;
    float left, top, right, bottom; // of the area
    float scale;                    // of lengths and of the fonts
    bool digits_in_cells;

    bool operator==(const Circumstances&) const = default;
};

} // namespace

struct LastArrangement {
    Circumstances circumstances;
    Arrangement arrangement;
};

Arrangement arrange(const State& state, const Stage& stage, std::size_t term, Box area) {
    return as_looked_at(state, area, fit(state, stage, first_of_pair(stage, term), area));
}

Arrangement arrange_again(State& state, const Stage& stage, std::size_t term, Box area) {
    const std::size_t pair = first_of_pair(stage, term);
    const Circumstances now = {
        &stage,      pair,        area.low.x,        area.low.y,
        area.high.x, area.high.y, state.theme.scale, state.settings.digits_in_cells};
    if (!state.last_arrangement || !(state.last_arrangement->circumstances == now)) {
        state.last_arrangement = std::make_shared<const LastArrangement>(
            LastArrangement{now, fit(state, stage, pair, area)});
    }
    return as_looked_at(state, area, state.last_arrangement->arrangement);
}

} // namespace whirlygig
