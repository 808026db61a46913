// The plain loops that judge the exercises of the way back are judged by nudging.
#include "support/finite_differences.h"
#include "support/matrices.h"
#include "support/plain_backward.h"

using namespace whirlygig;
using namespace support;

namespace {

// Both are doubles here, in either build.
void expect_slopes(const Grid& got, const Grid& expected) {
    expect_close(got, expected, 1e-7);
}

Grid random_grid(std::uint64_t seed, std::size_t rows, std::size_t columns) {
    Random random(seed);
    return to_grid(random_matrix(random, rows, columns));
}

} // namespace

TEST(PlainBackward, Gelu) {
    const Grid hidden = random_grid(1, 4, 7), gradient = random_grid(2, 4, 7);
    expect_slopes(plain::gelu_backward(gradient, hidden), slopes(hidden, [&](const Grid& changed) {
                      return plain::weighted_sum(gradient, plain::gelu(changed));
                  }));
}

TEST(PlainBackward, Softmax) {
    const Grid scores = random_grid(3, 5, 6), gradient = random_grid(4, 5, 6);
    expect_slopes(plain::softmax_backward(gradient, plain::softmax(scores)),
                  slopes(scores, [&](const Grid& changed) {
                      return plain::weighted_sum(gradient, plain::softmax(changed));
                  }));
}

TEST(PlainBackward, SoftmaxAndLoss) {
    const Grid logits = random_grid(5, 4, 7), by_loss = random_grid(6, 3, 1);
    expect_slopes(plain::softmax_cross_entropy_backward(by_loss, plain::softmax(logits), {2, 0, 6}),
                  slopes(logits, [&](const Grid& changed) {
                      return plain::weighted_sum(
                          by_loss, plain::cross_entropy(plain::softmax(changed), {2, 0, 6}));
                  }));
}

TEST(PlainBackward, SumOfRows) {
    const Grid bias = random_grid(7, 1, 3), gradient = random_grid(8, 5, 3);
    const Grid input = random_grid(9, 5, 2), weights = random_grid(10, 2, 3);
    expect_slopes(plain::sum_of_rows(gradient), slopes(bias, [&](const Grid& changed) {
                      return plain::weighted_sum(gradient, plain::linear(input, weights, changed));
                  }));
    expect_slopes(plain::product(plain::transpose(input), gradient),
                  slopes(weights, [&](const Grid& changed) {
                      return plain::weighted_sum(gradient, plain::linear(input, changed, bias));
                  }));
    expect_slopes(plain::product(gradient, plain::transpose(weights)),
                  slopes(input, [&](const Grid& changed) {
                      return plain::weighted_sum(gradient, plain::linear(changed, weights, bias));
                  }));
}
