#include "loss.h"

#include "error.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace whirlygig {
namespace {

void check_targets(const char* function, const Matrix& probabilities,
                   const std::vector<int>& targets) {
    if (targets.size() > probabilities.size1()) {
        fail("{}: there are {} targets but only {} places", function, targets.size(),
             probabilities.size1());
    }
    for (std::size_t place = 0; place < targets.size(); ++place) {
        if (targets[place] >= 0 && static_cast<std::size_t>(targets[place]) < probabilities.size2())
            continue;
        fail("{}: target {} at place {} is not in the vocabulary of {}", function, targets[place],
             place, probabilities.size2());
    }
}

// The logarithm of 0 is −∞, and nothing can be learned from that.
Real at_least_smallest(Real probability) {
    return std::max(probability, std::numeric_limits<Real>::min());
}

} // namespace

std::vector<int> next_tokens(const std::vector<int>& ids) {
    // EXERCISE 9 next_tokens
    if (ids.empty()) return {};
    return {ids.begin() + 1, ids.end()};
    // END
}

void cross_entropy_forward(const Matrix& probabilities, const std::vector<int>& targets,
                           Matrix& loss) {
    check_targets("cross_entropy_forward", probabilities, targets);
    check_distinct("cross_entropy_forward", probabilities, loss);
    // EXERCISE 9 cross_entropy_forward
    resize(loss, targets.size(), 1);
    for (std::size_t place = 0; place < targets.size(); ++place) {
        const auto target = static_cast<std::size_t>(targets[place]);
        loss(place, 0) = -std::log(at_least_smallest(probabilities(place, target)));
    }
    // END
}

void cross_entropy_backward(const Matrix& gradient_loss, const Matrix& probabilities,
                            const std::vector<int>& targets, Matrix& gradient_probabilities) {
    check_targets("cross_entropy_backward", probabilities, targets);
    check_shape("cross_entropy_backward", "gradient_loss", gradient_loss, targets.size(), 1);
    check_distinct("cross_entropy_backward", gradient_loss, gradient_probabilities);
    check_distinct("cross_entropy_backward", probabilities, gradient_probabilities);
    resize(gradient_probabilities, probabilities.size1(), probabilities.size2());
    fill(gradient_probabilities, 0); // all that was not a target had no part in the loss
    for (std::size_t place = 0; place < targets.size(); ++place) {
        // forward was: loss = −log of the target's probability
        const auto target = static_cast<std::size_t>(targets[place]);
        gradient_probabilities(place, target) =
            -gradient_loss(place, 0) / at_least_smallest(probabilities(place, target));
    }
}

void softmax_cross_entropy_backward(const Matrix& gradient_loss, const Matrix& probabilities,
                                    const std::vector<int>& targets, Matrix& gradient_logits) {
    check_targets("softmax_cross_entropy_backward", probabilities, targets);
    check_shape("softmax_cross_entropy_backward", "gradient_loss", gradient_loss, targets.size(),
                1);
    check_distinct("softmax_cross_entropy_backward", gradient_loss, gradient_logits);
    check_distinct("softmax_cross_entropy_backward", probabilities, gradient_logits);
    // EXERCISE 10 softmax_cross_entropy_backward
    resize(gradient_logits, probabilities.size1(), probabilities.size2());
    fill(gradient_logits, 0); // places without a target
    for (std::size_t place = 0; place < targets.size(); ++place) {
        const auto target = static_cast<std::size_t>(targets[place]);
        for (std::size_t token = 0; token < probabilities.size2(); ++token) {
            const Real wanted = token == target ? 1 : 0;
            gradient_logits(place, token) =
                (probabilities(place, token) - wanted) * gradient_loss(place, 0);
        }
    }
    // END
}

} // namespace whirlygig
