#include "softmax.h"

#include "attention.h"
#include "support/attention_backward_mistakes.h"
#include "support/finite_differences.h"
#include "support/matrices.h"
#include "support/plain_loops.h"
#include "support/pytorch_numbers.h"
#include "support/softmax_mistakes.h"

using namespace whirlygig;
using namespace support;

namespace {

constexpr double infinity = plain::infinity;

struct Shape {
    std::size_t rows, columns;
};
const Shape shapes[] = {{5, 7}, {1, 1}, {1, 9}, {7, 2}, {3, 40}};
const Shape text_shapes[] = {{1, 1}, {5, 5}, {1, 7}, {5, 7}, {3, 11}}; // T queries, S >= T keys

Grid random_scores(const Shape& shape, double spread) {
    Random random(10 * shape.rows + shape.columns);
    return to_grid(random_matrix(random, shape.rows, shape.columns, spread));
}

// Why a row's shares may be "not a number".
std::vector<std::string> what_overflows(const Grid& scores) {
    std::vector<std::string> reasons;
    for (const auto& row : scores) {
        const auto [smallest, largest] = std::minmax_element(row.begin(), row.end());
        const double largest_power = real_is_double ? 709 : 88;
        reasons.emplace_back();
        if (*largest > largest_power)
            reasons.back() =
                fmt::format("exp({}) is too large for a number, so it is infinity", *largest);
        else if (*largest < -largest_power)
            reasons.back() = fmt::format("exp({}) is so small that it is 0, and if all are 0, "
                                         "their sum is, too",
                                         *largest);
        else if (*smallest == -infinity)
            reasons.back() = "a masked score is -inf, and of that only exp gives a number: 0";
    }
    return reasons;
}

// In these two the result may hold anything before; afterwards it holds what the next call finds
// there.
void try_softmax(Teacher& teacher, const Grid& scores, Matrix& shares) {
    const Matrix matrix = to_matrix(scores);
    const Grid exact = to_grid(matrix); // a float may hold less than was asked for
    teacher.try_out({shown({{"scores", exact}}), plain::softmax(exact),
                     mistakes::softmax_forward(exact, to_grid(shares)), what_overflows(exact)},
                    shares, [&] { softmax_forward(matrix, shares); });
}

void try_mask(Teacher& teacher, const Grid& scaled, Matrix& masked) {
    const Matrix matrix = to_matrix(scaled);
    teacher.try_out({shown({{"scaled", scaled}}), plain::causal_mask(scaled),
                     mistakes::causal_mask_forward(scaled, to_grid(masked))},
                    masked, [&] { causal_mask_forward(matrix, masked); });
}

} // namespace

TEST(SoftmaxForward, GivesEachScoreItsShareOfTheRow) {
    Teacher teacher("softmax_forward");
    const double log_2 = std::log(2.0), log_3 = std::log(3.0), log_5 = std::log(5.0);
    Matrix shares(2, 3, 100); // exp turns these scores into 1, 2, 5 and 3, 1, 1
    const Grid scores = {{0, log_2, log_5}, {log_3, 0, 0}};
    expect_close(plain::softmax(scores), {{0.125, 0.25, 0.625}, {0.6, 0.2, 0.2}}, 1e-12);
    try_softmax(teacher, scores, shares);
    for (const Shape& shape : shapes) {
        shares = Matrix(shape.rows, shape.columns, 100);
        try_softmax(teacher, random_scores(shape, 3), shares);
    }
}

TEST(SoftmaxForward, SharesOfARowSumToOne) {
    Matrix probabilities;
    softmax_forward(to_matrix(random_scores({9, 33}, 4)), probabilities);
    Teacher teacher("softmax_forward");
    for (std::size_t row = 0; row < probabilities.size1(); ++row) {
        const double sum = mistakes::row_sum(to_grid(probabilities)[row]);
        teacher.expect(
            std::abs(sum - 1) <= rounding,
            fmt::format("The shares of row {} sum to {:.9g} but should sum to 1.", row, sum));
    }
}

TEST(SoftmaxForward, EqualScoresShareEqually) {
    Teacher teacher("softmax_forward");
    Matrix shares;
    const Grid scores = {{0, 0, 0, 0}, {3, 3, 3, 3}, {-10, -10, -10, -10}};
    try_softmax(teacher, scores, shares);
    expect_close(plain::softmax(scores), Grid(3, {0.25, 0.25, 0.25, 0.25}), 1e-12);
}

TEST(SoftmaxForward, HugeScoresDoNotOverflow) {
    Teacher teacher("softmax_forward");
    Matrix shares;
    const Grid scores = {{1e3, 1e3, -1e3}, {1e3, 1e3 - 1, 1e3 - 2}, {-1e3, 0, -1e3}};
    try_softmax(teacher, scores, shares);
    const double sum = 1 + std::exp(-1.0) + std::exp(-2.0);
    expect_close(plain::softmax(scores),
                 {{0.5, 0.5, 0}, {1 / sum, std::exp(-1.0) / sum, std::exp(-2.0) / sum}, {0, 1, 0}},
                 1e-12);
    try_softmax(teacher, {{-1e3, -1e3 - 1, -1e3}, {5e3, 5e3, 5e3}}, shares);
    try_softmax(teacher, {{-1e4}}, shares);
}

TEST(SoftmaxForward, MinusInfinityGetsNoShare) {
    Teacher teacher("softmax_forward");
    Matrix shares;
    const Grid scores = {{-infinity, 2, -infinity}, {1, -infinity, 1}};
    try_softmax(teacher, scores, shares);
    expect_close(plain::softmax(scores), {{0, 1, 0}, {0.5, 0, 0.5}}, 0);
    teacher.expect(shares.size1() == 0 || shares(0, 0) == 0,
                   "A score of minus infinity should get a share of exactly 0.");
    try_softmax(teacher, {{-infinity, -1e3, -1e3}, {1e3, -infinity, -infinity}}, shares);
}

TEST(SoftmaxForward, ARowOfNothingButMinusInfinityIsRefused) {
    Teacher teacher("softmax_forward");
    Matrix shares;
    const Grid scores = {{1, 2}, {3, 4}, {-infinity, -infinity}};
    try {
        softmax_forward(to_matrix(scores), shares);
        teacher.expect(false, shown({{"scores", scores}}) +
                                  "row 2: every score is masked, so there is nothing to share out: "
                                  "0 / 0 is nan. Such a row should be refused with an Error; "
                                  "largest_in_row does that.");
    } catch (const NotWrittenYet&) {
        throw;
    } catch (const Error& error) {
        const std::string sentence = error.what();
        teacher.expect(
            sentence.find("row 2") != std::string::npos && sentence.starts_with("softmax_forward"),
            "row 2: every score is masked. The Error should say so, but says:\n  " + sentence);
    }
}

TEST(SoftmaxForward, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("softmax_forward");
    Matrix shares; // has no rows at first, and later those of the call before
    for (const Shape& shape : shapes) {
        try_softmax(teacher, random_scores(shape, 3), shares);
        shares = stale_matrix(shape.rows, shape.columns);
        try_softmax(teacher, random_scores(shape, 2), shares);
    }
}

TEST(SoftmaxForward, GivesTheNumbersOfPyTorch) {
    const PyTorchNumbers functions("functions"); // extreme scores
    Matrix probabilities;
    softmax_forward(to_matrix(functions.grid("softmax.x")), probabilities);
    expect_close(probabilities, functions.grid("softmax.y"));
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        softmax_forward(to_matrix(numbers.grid("block.0.head.0.masked")), probabilities);
        expect_close(probabilities, numbers.grid("block.0.head.0.attention_weights"));
    }
}

TEST(CausalMaskForward, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        Matrix masked;
        causal_mask_forward(to_matrix(numbers.grid("block.0.head.0.scaled")), masked);
        expect_close(masked, numbers.grid("block.0.head.0.masked"));
    }
}

TEST(Softmax, BackwardIsTheGradientThroughTheSharing) {
    for (const Shape& shape : shapes) {
        Random random(100 + 10 * shape.rows + shape.columns);
        const Grid scores = to_grid(random_matrix(random, shape.rows, shape.columns, 1.5));
        const Matrix gradient_probabilities = random_matrix(random, shape.rows, shape.columns);
        Matrix gradient_scores = stale_matrix(shape.rows, shape.columns);
        softmax_backward(gradient_probabilities, to_matrix(plain::softmax(scores)),
                         gradient_scores);
        expect_gradient(gradient_scores, slopes(scores, [&](const Grid& changed) {
                            return plain::weighted_sum(to_grid(gradient_probabilities),
                                                       plain::softmax(changed));
                        }));
    }
}

namespace {

// In these two the result may hold anything before; afterwards it holds what the next call finds
// there.
void try_softmax_backward(Teacher& teacher, const Grid& gradient, const Grid& shares,
                          Matrix& result) {
    const Matrix by_shares = to_matrix(gradient), probabilities = to_matrix(shares);
    teacher.try_out({shown({{"gradient_probabilities", gradient}, {"probabilities", shares}}),
                     plain::softmax_backward(gradient, shares),
                     mistakes::softmax_backward(gradient, shares, to_grid(result))},
                    result, [&] { softmax_backward(by_shares, probabilities, result); });
}

void try_mask_backward(Teacher& teacher, const Grid& gradient, Matrix& result) {
    const Matrix by_masked = to_matrix(gradient);
    teacher.try_out({shown({{"gradient_masked", gradient}}),
                     mistakes::causal_mask_backward_right(gradient),
                     mistakes::causal_mask_backward(gradient, to_grid(result))},
                    result, [&] { causal_mask_backward(by_masked, result); });
}

} // namespace

TEST(SoftmaxBackward, OnlyBeingBetterThanTheAverageCounts) {
    Teacher teacher("softmax_backward");
    Matrix result(2, 3, 50);
    try_softmax_backward(teacher, {{3, -5, 8}, {2, 2, 2}}, {{0.5, 0.5, 0}, {0.2, 0.3, 0.5}},
                         result);
    result = Matrix(2, 2, 50);
    try_softmax_backward(teacher, {{4, 0}, {-1, 6}}, {{0.25, 0.75}, {0.5, 0.5}}, result);
    for (const Shape& shape : shapes) {
        result = Matrix(shape.rows, shape.columns, 50);
        try_softmax_backward(teacher, random_scores(shape, 1),
                             plain::softmax(random_scores(shape, 1.5)), result);
    }
}

TEST(SoftmaxBackward, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("softmax_backward");
    Matrix result; // has no rows at first, and later those of the call before
    try_softmax_backward(teacher, {{4, 0}, {-1, 6}}, {{0.25, 0.75}, {0.5, 0.5}}, result);
    for (const Shape& shape : shapes) {
        const Grid shares = plain::softmax(random_scores(shape, 1.5));
        try_softmax_backward(teacher, random_scores(shape, 1), shares, result);
        result = stale_matrix(shape.rows, shape.columns);
        try_softmax_backward(teacher, random_scores(shape, 1), shares, result);
    }
}

TEST(SoftmaxBackward, GivesTheNumbersOfPyTorch) {
    const PyTorchNumbers numbers("functions");
    Matrix result;
    softmax_backward(to_matrix(numbers.grid("softmax.gradient_y")),
                     to_matrix(numbers.grid("softmax.y")), result);
    expect_close(result, numbers.grid("softmax.gradient_x"));
}

TEST(CausalMaskBackward, NothingComesBackWhereTheMaskFell) {
    Teacher teacher("causal_mask_backward");
    Matrix result(3, 3, 50);
    try_mask_backward(teacher, {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, result);
    result = Matrix(2, 4, 50);
    try_mask_backward(teacher, {{1, 2, 3, 4}, {5, 6, 7, 8}}, result);
    for (const Shape& shape : text_shapes) {
        result = Matrix(shape.rows, shape.columns, 50);
        try_mask_backward(teacher, random_scores(shape, 1), result);
    }
}

TEST(CausalMaskBackward, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("causal_mask_backward");
    Matrix result; // has no rows at first, and later those of the call before
    try_mask_backward(teacher, {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, result);
    for (const Shape& shape : text_shapes) {
        try_mask_backward(teacher, random_scores(shape, 1), result);
        result = stale_matrix(shape.rows, shape.columns);
        try_mask_backward(teacher, random_scores(shape, 1), result);
    }
}

TEST(CausalMaskBackward, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        Matrix result;
        causal_mask_backward(to_matrix(numbers.grid("gradient.block.0.head.0.masked")), result);
        expect_close(result, numbers.grid("gradient.block.0.head.0.scaled"));
    }
}

TEST(Softmax, BackwardGivesNothingToScoresWithoutAShare) {
    Matrix gradient_scores;
    softmax_backward(to_matrix({{3, -5, 8}}), to_matrix({{0.5, 0.5, 0}}), gradient_scores);
    expect_close(gradient_scores, {{2, -2, 0}});
    EXPECT_EQ(gradient_scores(0, 2), 0);
}

TEST(Softmax, ErrorsNameTheFunctionAndBothShapes) {
    Matrix result;
    expect_error([&] { softmax_backward(Matrix(5, 6), Matrix(5, 7), result); },
                 {"softmax_backward", "gradient_probabilities", "(5, 6)", "(5, 7)"});
}

TEST(Softmax, ResultsMayNotBeWrittenOverWhatTheyAreMadeFrom) {
    Matrix a(5, 7, 1), b(5, 7, 1);
    expect_error([&] { softmax_forward(a, a); }, {"softmax_forward", "written over"});
    expect_error([&] { softmax_backward(a, b, a); }, {"softmax_backward", "written over"});
    expect_error([&] { softmax_backward(a, b, b); }, {"softmax_backward", "written over"});
}

TEST(Softmax, ResultsKeepTheirMemory) {
    const Matrix scores(5, 7, 1);
    Matrix probabilities, gradient_scores;
    softmax_forward(scores, probabilities);
    softmax_backward(scores, probabilities, gradient_scores);
    const Real *first = address(probabilities), *second = address(gradient_scores);
    softmax_forward(scores, probabilities);
    softmax_backward(scores, probabilities, gradient_scores);
    EXPECT_EQ(address(probabilities), first);
    EXPECT_EQ(address(gradient_scores), second);
}

TEST(CausalMaskForward, HidesTheKeysThatComeAfterTheQuery) {
    Teacher teacher("causal_mask_forward");
    Matrix masked(3, 3, 100);
    const Grid scaled = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
    expect_close(plain::causal_mask(scaled),
                 {{1, -infinity, -infinity}, {4, 5, -infinity}, {7, 8, 9}});
    try_mask(teacher, scaled, masked);
    for (const Shape& shape : {Shape{1, 1}, {2, 2}, {5, 5}, {6, 6}}) {
        masked = Matrix(shape.rows, shape.columns, 100);
        try_mask(teacher, random_scores(shape, 1), masked);
    }
}

TEST(CausalMaskForward, QueriesOfAContinuedTextSeeAllThatCameBefore) {
    Teacher teacher("causal_mask_forward");
    Matrix masked;
    const Grid scaled = {{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}};
    expect_close(plain::causal_mask(scaled), {{1, 2, 3, 4, -infinity}, {6, 7, 8, 9, 10}});
    try_mask(teacher, scaled, masked);
    try_mask(teacher, {{1, 2, 3}}, masked);
    for (const Shape& shape : text_shapes) {
        masked = Matrix(shape.rows, shape.columns, 100);
        try_mask(teacher, random_scores(shape, 1), masked);
    }
}

TEST(CausalMaskForward, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("causal_mask_forward");
    Matrix masked; // has no rows at first, and later those of the call before
    for (const Shape& shape : text_shapes) {
        try_mask(teacher, random_scores(shape, 1), masked);
        masked = stale_matrix(shape.rows, shape.columns);
        try_mask(teacher, random_scores(shape, 2), masked);
    }
}

TEST(CausalMask, VisibleKeysSayWhatTheMaskDoes) {
    for (const Shape& shape : text_shapes) {
        const Grid scaled = random_scores(shape, 1), masked = plain::causal_mask(scaled);
        const Matrix matrix = to_matrix(scaled);
        for (std::size_t query = 0; query < shape.rows; ++query) {
            for (std::size_t key = 0; key < shape.columns; ++key)
                EXPECT_EQ(key >= visible_keys(matrix, query), masked[query][key] == -infinity);
        }
    }
}

TEST(CausalMaskForward, EqualKeysUpToOnesOwnAreLookedAtEqually) {
    HeadActivations head;
    head.queries = to_matrix({{1, 2}, {-30, 4}, {5, 600}});
    head.keys = Matrix(3, 2, 1);
    head.values = to_matrix({{3, 0}, {6, 0}, {9, 12}});
    attention_forward(Mask::causal, head);
    expect_close(head.mixed, {{3, 0}, {4.5, 0}, {6, 4}});
}

TEST(CausalMaskForward, LaterTokensDoNotMatter) {
    Random random(5);
    HeadActivations head;
    for (Matrix* matrix : {&head.queries, &head.keys, &head.values})
        *matrix = random_matrix(random, 5, 3);
    attention_forward(Mask::causal, head);
    const Matrix before = head.mixed;
    for (std::size_t column = 0; column < 3; ++column) {
        head.keys(3, column) += 100;
        head.values(3, column) -= 1000;
    }
    attention_forward(Mask::causal, head);
    for (std::size_t row = 0; row < 5; ++row) {
        for (std::size_t column = 0; column < 3; ++column)
            EXPECT_EQ(head.mixed(row, column) == before(row, column), row < 3) << "row " << row;
    }
}

TEST(CausalMask, BackwardIsZeroWhereTheMaskFellAndElseUnchanged) {
    for (const Shape& shape : text_shapes) {
        Random random(shape.columns);
        const Matrix gradient_masked = random_matrix(random, shape.rows, shape.columns);
        Matrix gradient_scaled = stale_matrix(shape.rows, shape.columns);
        causal_mask_backward(gradient_masked, gradient_scaled);
        Grid expected = plain::causal_mask(to_grid(gradient_masked));
        for (auto& row : expected) {
            for (double& number : row)
                number = number == -infinity ? 0 : number;
        }
        expect_equal(gradient_scaled, expected);
    }
}

TEST(CausalMask, MoreQueriesThanKeysAreRefused) {
    Matrix masked;
    expect_error([&] { causal_mask_forward(Matrix(7, 5, 0), masked); },
                 {"causal_mask_forward", "7", "5"});
    expect_error([&] { causal_mask_backward(Matrix(7, 5, 0), masked); },
                 {"causal_mask_backward", "7", "5"});
}

TEST(CausalMask, ResultsMayNotBeWrittenOverWhatTheyAreMadeFrom) {
    Matrix a(5, 7, 1);
    expect_error([&] { causal_mask_forward(a, a); }, {"causal_mask_forward", "written over"});
    expect_error([&] { causal_mask_backward(a, a); }, {"causal_mask_backward", "written over"});
}
