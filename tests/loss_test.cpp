#include "loss.h"

#include "softmax.h"

#include "support/finite_differences.h"
#include "support/loss_mistakes.h"
#include "support/matrices.h"
#include "support/plain_loops.h"
#include "support/pytorch_numbers.h"
#include "support/way_back_mistakes.h"

using namespace whirlygig;
using namespace support;

namespace {

struct Shape {
    std::size_t places, vocabulary, targets;
};
const Shape shapes[] = {{5, 7, 5}, {5, 7, 4}, {1, 2, 1}, {9, 3, 2}, {1, 1, 1}};

struct Example {
    Grid logits;
    std::vector<int> targets;
    Matrix gradient_loss;
};

Example make_example(const Shape& shape) {
    Random random(100 * shape.places + 10 * shape.vocabulary + shape.targets);
    return {to_grid(random_matrix(random, shape.places, shape.vocabulary, 0.5)),
            random_ids(random, shape.targets, shape.vocabulary),
            random_matrix(random, shape.targets, 1)};
}

void try_next_tokens(Teacher& teacher, const std::vector<int>& ids,
                     const std::vector<int>& expected) {
    teacher.try_out({fmt::format("given ids: [{}]\n", fmt::join(ids, ", ")),
                     mistakes::pieces_of(expected), mistakes::next_tokens(ids)},
                    [&] { return mistakes::pieces_of(next_tokens(ids)); });
}

// `loss` may hold anything before; afterwards it holds what the next call finds there.
void try_loss(Teacher& teacher, const Grid& probabilities, const std::vector<int>& targets,
              Matrix& loss) {
    const Matrix matrix = to_matrix(probabilities);
    const std::vector<std::size_t> places(targets.begin(), targets.end());
    teacher.try_out({shown({{"probabilities", probabilities}}) +
                         fmt::format("given targets: [{}]\n", fmt::join(targets, ", ")),
                     plain::cross_entropy(probabilities, targets),
                     mistakes::cross_entropy_forward(probabilities, places, to_grid(loss))},
                    loss, [&] { cross_entropy_forward(matrix, targets, loss); });
}

const Grid chances = {{0.5, 0.25, 0.125, 0.125}, {0.1, 0.2, 0.3, 0.4}, {0.01, 0.02, 0.9, 0.07}};

} // namespace

TEST(NextTokens, EachPlaceShouldPredictTheTokenAfterIt) {
    Teacher teacher("next_tokens");
    try_next_tokens(teacher, {4, 8, 15, 16}, {8, 15, 16});
    try_next_tokens(teacher, {3, 3, 0}, {3, 0});
    try_next_tokens(teacher, {9, 2}, {2});
}

TEST(NextTokens, TheLastPlaceHasNoTarget) {
    Teacher teacher("next_tokens");
    try_next_tokens(teacher, {4}, {});
    try_next_tokens(teacher, {7, 1, 7, 1, 7}, {1, 7, 1, 7});
}

TEST(NextTokens, ATextWithoutTokensHasNoTargets) {
    Teacher teacher("next_tokens");
    try_next_tokens(teacher, {}, {});
}

TEST(CrossEntropyForward, IsMinusTheLogarithmOfTheTargetsProbability) {
    Teacher teacher("cross_entropy_forward");
    Matrix loss(2, 1, 50);
    try_loss(teacher, chances, {1, 3}, loss);
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        loss = Matrix(shape.targets, 1, 50);
        try_loss(teacher, plain::softmax(e.logits), e.targets, loss);
    }
}

TEST(CrossEntropyForward, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("cross_entropy_forward");
    Matrix loss; // has no rows at first, and later those of the call before
    try_loss(teacher, chances, {1, 3, 2}, loss);
    try_loss(teacher, chances, {0}, loss);
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        try_loss(teacher, plain::softmax(e.logits), e.targets, loss);
        loss = stale_matrix(shape.targets, 1);
        try_loss(teacher, plain::softmax(e.logits), e.targets, loss);
    }
}

TEST(CrossEntropyForward, AProbabilityOf0CountsAsTheSmallestAboveIt) {
    Teacher teacher("cross_entropy_forward");
    const double smallest = std::numeric_limits<Real>::min(), most = -std::log(smallest);
    const Grid probabilities = {{1, 0, 0}, {1, smallest / 4, 0}};
    const Matrix matrix = to_matrix(probabilities);
    Matrix loss(2, 1, 50);
    teacher.try_out(
        {shown({{"probabilities", probabilities}}) + "given targets: [2, 1]\n",
         {{most}, {most}},
         {{"The logarithm of 0 is minus infinity; at_least_smallest gives a probability that has a "
           "logarithm.",
           {{plain::infinity}, {most + std::log(4.0)}}}}},
        loss, [&] {
            cross_entropy_forward(matrix, {2, 1}, loss);
        });
}

TEST(CrossEntropyForward, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        const std::vector<int> ids = numbers.ids();
        Matrix loss;
        cross_entropy_forward(to_matrix(numbers.grid("probabilities")),
                              {ids.begin() + 1, ids.end()}, loss);
        expect_close(loss, numbers.grid("loss"));
    }
}

TEST(Loss, IsMinusTheLogarithmOfTheTargetsProbability) {
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        const Matrix probabilities = to_matrix(plain::softmax(e.logits));
        Matrix loss = stale_matrix(shape.targets, 1);
        cross_entropy_forward(probabilities, e.targets, loss);
        expect_close(loss, plain::cross_entropy(to_grid(probabilities), e.targets));
    }
}

TEST(Loss, ACertainTokenIsNoSurpriseAndAnEvenChoiceIsTheLogarithmOfItsSize) {
    Matrix loss;
    cross_entropy_forward(to_matrix({{0, 1, 0, 0}, {0.25, 0.25, 0.25, 0.25}, {0.5, 0, 0, 0.5}}),
                          {1, 2, 3}, loss);
    expect_close(loss, {{0}, {std::log(4.0)}, {std::log(2.0)}});
}

TEST(Loss, AVanishingProbabilityCountsAsTheSmallestAboveZero) {
    const Real smallest = std::numeric_limits<Real>::min();
    const Matrix probabilities = to_matrix({{1, 0, 0}, {1, smallest / 4, 0}});
    const std::vector<int> targets = {2, 1};
    Matrix loss, gradient;
    cross_entropy_forward(probabilities, targets, loss);
    const double most = -std::log(static_cast<double>(smallest));
    expect_close(loss, {{most}, {most}});
    // The detour by the probabilities stays finite, and the direct way is exact.
    cross_entropy_backward(Matrix(2, 1, Real(0.125)), probabilities, targets, gradient);
    expect_close(gradient, {{0, 0, -0.125 / smallest}, {0, -0.125 / smallest, 0}});
    softmax_cross_entropy_backward(Matrix(2, 1, Real(0.125)), probabilities, targets, gradient);
    expect_close(gradient, {{0.125, 0, -0.125}, {0.125, -0.125, 0}});
}

TEST(Loss, BackwardReachesTheTargetsProbabilityOnly) {
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        const Grid probabilities = plain::softmax(e.logits);
        Matrix gradient = stale_matrix(shape.places, shape.vocabulary);
        cross_entropy_backward(e.gradient_loss, to_matrix(probabilities), e.targets, gradient);
        expect_gradient(gradient, slopes(probabilities, [&](const Grid& changed) {
                            return plain::weighted_sum(to_grid(e.gradient_loss),
                                                       plain::cross_entropy(changed, e.targets));
                        }));
    }
}

TEST(Loss, SoftmaxAndLossInOneStepReachTheLogits) {
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        Matrix gradient = stale_matrix(shape.places, shape.vocabulary);
        softmax_cross_entropy_backward(e.gradient_loss, to_matrix(plain::softmax(e.logits)),
                                       e.targets, gradient);
        expect_gradient(gradient, slopes(e.logits, [&](const Grid& changed) {
                            return plain::weighted_sum(
                                to_grid(e.gradient_loss),
                                plain::cross_entropy(plain::softmax(changed), e.targets));
                        }));
    }
}

namespace {

// `result` may hold anything before; afterwards it holds what the next call finds there.
void try_backward(Teacher& teacher, const Grid& gradient_loss, const Grid& probabilities,
                  const std::vector<int>& targets, Matrix& result) {
    const Matrix by_loss = to_matrix(gradient_loss), matrix = to_matrix(probabilities);
    const mistakes::LossBack example{
        gradient_loss, probabilities, {targets.begin(), targets.end()}};
    teacher.try_out(
        {shown({{"gradient_loss", gradient_loss}, {"probabilities", probabilities}}) +
             fmt::format("given targets: [{}]\n", fmt::join(targets, ", ")),
         plain::softmax_cross_entropy_backward(gradient_loss, probabilities, example.targets),
         mistakes::softmax_cross_entropy_backward(example, to_grid(result))},
        result, [&] { softmax_cross_entropy_backward(by_loss, matrix, targets, result); });
}

} // namespace

TEST(SoftmaxCrossEntropyBackward, IsWhatWasGivenLessWhatWasWanted) {
    Teacher teacher("softmax_cross_entropy_backward");
    Matrix result(3, 4, 50);
    try_backward(teacher, {{0.5}, {0.25}, {0.25}}, chances, {1, 3, 2}, result);
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        result = Matrix(shape.places, shape.vocabulary, 50);
        try_backward(teacher, to_grid(e.gradient_loss), plain::softmax(e.logits), e.targets,
                     result);
    }
}

TEST(SoftmaxCrossEntropyBackward, WhereThereIsNoTargetNothingComesBack) {
    Teacher teacher("softmax_cross_entropy_backward");
    Matrix result(3, 4, 50);
    try_backward(teacher, {{0.5}, {0.5}}, chances, {1, 3}, result);
    result = Matrix(3, 4, 50);
    try_backward(teacher, {{1}}, chances, {2}, result);
}

TEST(SoftmaxCrossEntropyBackward, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("softmax_cross_entropy_backward");
    Matrix result; // has no rows at first, and later those of the call before
    try_backward(teacher, {{0.5}, {0.5}}, chances, {1, 3}, result);
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        const Grid by_loss = to_grid(e.gradient_loss), probabilities = plain::softmax(e.logits);
        try_backward(teacher, by_loss, probabilities, e.targets, result);
        result = stale_matrix(shape.places, shape.vocabulary);
        try_backward(teacher, by_loss, probabilities, e.targets, result);
    }
}

TEST(SoftmaxCrossEntropyBackward, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        const std::vector<int> ids = numbers.ids();
        Matrix result;
        softmax_cross_entropy_backward(to_matrix(numbers.grid("gradient.loss")),
                                       to_matrix(numbers.grid("probabilities")),
                                       {ids.begin() + 1, ids.end()}, result);
        expect_close(result, numbers.grid("gradient.logits"));
    }
}

TEST(Loss, OneStepIsTheSameAsTheTwoStepsItReplaces) {
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        const Matrix probabilities = to_matrix(plain::softmax(e.logits));
        Matrix in_one_step, by_probabilities, in_two_steps;
        softmax_cross_entropy_backward(e.gradient_loss, probabilities, e.targets, in_one_step);
        cross_entropy_backward(e.gradient_loss, probabilities, e.targets, by_probabilities);
        softmax_backward(by_probabilities, probabilities, in_two_steps);
        // A vocabulary of one leaves nothing to choose: both are 0, give or take a rounding.
        if (shape.vocabulary > 1) expect_close(in_one_step, to_grid(in_two_steps));
    }
}

TEST(Loss, PlacesWithoutATargetHaveNoGradient) {
    Matrix gradient = stale_matrix(3, 2);
    const Matrix probabilities(3, 2, Real(0.5));
    cross_entropy_backward(Matrix(1, 1, 1), probabilities, {0}, gradient);
    expect_equal(gradient, {{-2, 0}, {0, 0}, {0, 0}});
    gradient = stale_matrix(3, 2);
    softmax_cross_entropy_backward(Matrix(1, 1, 1), probabilities, {0}, gradient);
    expect_equal(gradient, {{-0.5, 0.5}, {0, 0}, {0, 0}});
}

TEST(Loss, TargetsThatCannotBeAreRefused) {
    const Matrix probabilities(2, 3, Real(0.25));
    Matrix result;
    const auto expect_refused = [&](const std::vector<int>& targets,
                                    const std::vector<std::string>& words) {
        const Matrix gradient_loss(targets.size(), 1, 1);
        expect_error([&] { cross_entropy_forward(probabilities, targets, result); }, words);
        expect_error([&] { cross_entropy_backward(gradient_loss, probabilities, targets, result); },
                     words);
        expect_error(
            [&] { softmax_cross_entropy_backward(gradient_loss, probabilities, targets, result); },
            words);
    };
    expect_refused({1, 3}, {"target 3", "place 1"});
    expect_refused({-1, 0}, {"target -1", "place 0"});
    expect_refused({0, 1, 2}, {"3 targets", "2 places"});
}

TEST(Loss, ErrorsNameTheFunctionAndBothShapes) {
    const Matrix probabilities(5, 7, Real(0.25)), gradient_loss(5, 1, 1);
    Matrix result;
    expect_error(
        [&] {
            cross_entropy_backward(gradient_loss, probabilities, {1, 2}, result);
        },
        {"cross_entropy_backward", "gradient_loss", "(5, 1)", "(2, 1)"});
    expect_error(
        [&] {
            softmax_cross_entropy_backward(gradient_loss, probabilities, {1, 2}, result);
        },
        {"softmax_cross_entropy_backward", "gradient_loss", "(5, 1)", "(2, 1)"});
}

TEST(Loss, ResultsMayNotBeWrittenOverWhatTheyAreMadeFrom) {
    Matrix a(1, 1, Real(0.5)), b(1, 1, Real(0.5));
    expect_error([&] { cross_entropy_forward(a, {0}, a); }, {"written over"});
    expect_error([&] { cross_entropy_backward(a, b, {0}, b); }, {"written over"});
    expect_error([&] { cross_entropy_backward(a, b, {0}, a); }, {"written over"});
    expect_error([&] { softmax_cross_entropy_backward(a, b, {0}, b); }, {"written over"});
    expect_error([&] { softmax_cross_entropy_backward(a, b, {0}, a); }, {"written over"});
}

TEST(Loss, ResultsKeepTheirMemory) {
    const Example e = make_example({5, 7, 4});
    const Matrix probabilities = to_matrix(plain::softmax(e.logits));
    Matrix loss, by_probabilities, by_logits;
    const auto addresses = [&] {
        cross_entropy_forward(probabilities, e.targets, loss);
        cross_entropy_backward(e.gradient_loss, probabilities, e.targets, by_probabilities);
        softmax_cross_entropy_backward(e.gradient_loss, probabilities, e.targets, by_logits);
        return std::vector{address(loss), address(by_probabilities), address(by_logits)};
    };
    const auto before = addresses();
    EXPECT_EQ(addresses(), before);
}
