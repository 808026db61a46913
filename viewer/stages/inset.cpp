#include "stages/inset.h"

#include "draw/chart.h"

namespace whirlygig {
namespace {

// Two pictures beside each other need this much, in units; otherwise there is only the first.
constexpr float room_for_two = 700, height_for_two = 260;

bool is_mixing(const Stage& stage) {
    return stage.operation == Operation::product && stage.name.ends_with(".mixed");
}

// The picture of the operation and, on its right or below it, where there is room, the next tokens.
void draw_beside_next_tokens(Inset& inset, void (*draw)(Inset&)) {
    const Theme& theme = inset.ink.theme;
    Box left{inset.low, inset.high};
    const bool high = left.height() >= theme.units(height_for_two);
    if (left.width() < theme.units(room_for_two) && !high) return draw(inset);
    Box right;
    if (left.width() < theme.units(room_for_two)) {
        right = left.cut_bottom(left.height() * 0.45F);
        left.cut_bottom(theme.units(8));
    } else {
        right = left.cut_right(left.width() * 0.36F);
        left.cut_right(theme.units(28));
    }
    Inset first = inset, second = inset;
    first.high = left.high;
    second.low = right.low;
    draw(first);
    draw_next_tokens(second);
}

} // namespace

void draw_inset(Inset& inset) {
    switch (inset.stage.operation) {
    case Operation::product:
        return is_mixing(inset.stage) ? draw_mixing(inset) : draw_running_sum(inset);
    case Operation::product_a_bt:
        if (inset.stage.name == "logits") return draw_beside_next_tokens(inset, draw_running_sum);
        return draw_running_sum(inset);
    case Operation::linear:
    case Operation::linear_backward:
    case Operation::weights_backward:
    case Operation::bias_backward:
    case Operation::lookup_backward:
    case Operation::tied_table_backward:
        return draw_running_sum(inset);
    case Operation::softmax:
        if (inset.stage.name == "probabilities")
            return draw_beside_next_tokens(inset, draw_softmax);
        return draw_softmax(inset);
    case Operation::normalise:
        return draw_normalise(inset);
    case Operation::normalise_backward:
        return draw_normalise_backward(inset);
    case Operation::gain_backward:
        return draw_gain_backward(inset);
    case Operation::gelu:
    case Operation::gelu_backward:
        return draw_gelu(inset);
    case Operation::cross_entropy:
        return draw_loss(inset);
    default:
        return draw_arithmetic(inset);
    }
}

} // namespace whirlygig
