#include "softmax.h"

#include "attention.h"
#include "support/finite_differences.h"
#include "support/matrices.h"
#include "support/plain_loops.h"

using namespace whirlygig;
using namespace support;

namespace {

constexpr double infinity = plain::infinity;

struct Shape {
    std::size_t rows, columns;
};
const Shape shapes[] = {{5, 7}, {1, 1}, {1, 9}, {7, 2}, {3, 40}};
const Shape text_shapes[] = {{1, 1}, {5, 5}, {1, 7}, {5, 7}, {3, 11}}; // T queries, S >= T keys

} // namespace

TEST(SoftmaxForward, GivesEachScoreItsShareOfTheRow) {
    for (const Shape& shape : shapes) {
        Random random(10 * shape.rows + shape.columns);
        const Matrix scores = random_matrix(random, shape.rows, shape.columns, 3);
        Matrix probabilities = stale_matrix(shape.rows, shape.columns);
        softmax_forward(scores, probabilities);
        expect_close(probabilities, plain::softmax(to_grid(scores)));
    }
}

TEST(SoftmaxForward, SharesOfARowSumToOne) {
    Random random(2);
    Matrix probabilities;
    softmax_forward(random_matrix(random, 9, 33, 4), probabilities);
    for (std::size_t row = 0; row < 9; ++row) {
        double sum = 0;
        for (std::size_t column = 0; column < 33; ++column)
            sum += probabilities(row, column);
        EXPECT_NEAR(sum, 1, rounding);
    }
}

TEST(SoftmaxForward, EqualScoresShareEqually) {
    Matrix probabilities;
    softmax_forward(to_matrix({{0, 0, 0, 0}, {3, 3, 3, 3}, {-1e3, -1e3, -1e3, -1e3}}),
                    probabilities);
    expect_close(probabilities, Grid(3, {0.25, 0.25, 0.25, 0.25}));
}

TEST(SoftmaxForward, ALogarithmThatIsLargerMeansThatManyTimesTheShare) {
    Matrix probabilities;
    softmax_forward(to_matrix({{0, std::log(2.0), std::log(5.0)}}), probabilities);
    expect_close(probabilities, {{0.125, 0.25, 0.625}});
}

TEST(SoftmaxForward, HugeScoresDoNotOverflow) {
    Matrix probabilities;
    softmax_forward(to_matrix({{1e3, 1e3, -1e3}, {1e3, 1e3 - 1, 1e3 - 2}, {-1e3, 0, -1e3}}),
                    probabilities);
    const double sum = 1 + std::exp(-1.0) + std::exp(-2.0);
    expect_close(probabilities,
                 {{0.5, 0.5, 0}, {1 / sum, std::exp(-1.0) / sum, std::exp(-2.0) / sum}, {0, 1, 0}});
}

TEST(SoftmaxForward, MinusInfinityGetsNoShare) {
    Matrix probabilities;
    softmax_forward(to_matrix({{-infinity, 2, -infinity}, {1, -infinity, 1}}), probabilities);
    expect_equal(probabilities, {{0, 1, 0}, {0.5, 0, 0.5}});
}

TEST(SoftmaxForward, ARowOfNothingButMinusInfinityIsRefused) {
    Matrix probabilities;
    const Matrix scores = to_matrix({{1, 2}, {3, 4}, {-infinity, -infinity}});
    expect_error([&] { softmax_forward(scores, probabilities); }, {"softmax_forward", "row 2"});
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
    Matrix masked = stale_matrix(3, 3);
    causal_mask_forward(to_matrix({{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}), masked);
    expect_equal(masked, {{1, -infinity, -infinity}, {4, 5, -infinity}, {7, 8, 9}});
}

TEST(CausalMaskForward, QueriesOfAContinuedTextSeeAllThatCameBefore) {
    Matrix masked;
    causal_mask_forward(to_matrix({{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}}), masked);
    expect_equal(masked, {{1, 2, 3, 4, -infinity}, {6, 7, 8, 9, 10}});
    causal_mask_forward(to_matrix({{1, 2, 3}}), masked);
    expect_equal(masked, {{1, 2, 3}});
}

TEST(CausalMaskForward, IsMaskedSaysWhatTheMaskDoes) {
    for (const Shape& shape : text_shapes) {
        Random random(shape.columns);
        const Matrix scaled = random_matrix(random, shape.rows, shape.columns);
        Matrix masked = stale_matrix(shape.rows, shape.columns);
        causal_mask_forward(scaled, masked);
        const Grid expected = plain::causal_mask(to_grid(scaled));
        expect_equal(masked, expected);
        for (std::size_t query = 0; query < shape.rows; ++query) {
            for (std::size_t key = 0; key < shape.columns; ++key)
                EXPECT_EQ(key >= visible_keys(scaled, query), expected[query][key] == -infinity);
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
