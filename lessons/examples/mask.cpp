// Lesson 5: the same scores with the mask and without it, and a text that goes on.
#include "attention.h"
#include "examples.h"
#include "grid.h"
#include "softmax.h"

namespace whirlygig {

std::string mask_example() {
    const Words words = {"the", "fluffy", "blue", "kitten"};
    const Matrix scaled = matrix_of({{1, 0, 0, 2}, {1, 1, 0, 3}, {0, 1, 1, 0}, {0, 2, 2, 1}});
    Matrix masked, without_mask, with_mask;
    causal_mask_forward(scaled, masked);
    softmax_forward(scaled, without_mask);
    softmax_forward(masked, with_mask);
    std::string text = grid("scaled", scaled, words, words, 0);
    text += "\n" + grid("masked", masked, words, words, 0);
    text += "\n" + grid("attention weights without the mask", without_mask, words, words, 3);
    text += "\n" + grid("attention weights with the mask", with_mask, words, words, 3);

    const Matrix last_two = matrix_of({{0, 1, 1, 0}, {0, 2, 2, 1}});
    causal_mask_forward(last_two, masked);
    text += "\nTwo new words, while the keys of the first two are still there:\n";
    text += grid("masked", masked, {"blue", "kitten"}, words, 0);
    return text;
}

} // namespace whirlygig
