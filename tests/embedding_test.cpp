#include "embedding.h"

#include "support/finite_differences.h"
#include "support/matrices.h"
#include "support/plain_loops.h"

using namespace whirlygig;
using namespace support;

namespace {

const Grid token_table = {{1, 2, 3}, {10, 20, 30}, {100, 200, 300}, {7, 8, 9}}; // V = 4, d = 3
const Grid position_table = {{0.5, 0, 0}, {0, 0.5, 0}, {0, 0, 0.5}, {5, 5, 5}, {6, 6, 6}};

EmbeddingParameters make_parameters() {
    return {to_matrix(token_table), to_matrix(position_table)};
}

} // namespace

TEST(LookUpTokens, EachTokenBecomesTheRowOfItsId) {
    Matrix rows = stale_matrix(3, 3);
    look_up_tokens({2, 0, 2}, to_matrix(token_table), rows);
    expect_equal(rows, {{100, 200, 300}, {1, 2, 3}, {100, 200, 300}});
}

TEST(LookUpPositions, EachPlaceBecomesItsRow) {
    Matrix rows = stale_matrix(2, 3);
    look_up_positions(0, 2, to_matrix(position_table), rows);
    expect_equal(rows, {{0.5, 0, 0}, {0, 0.5, 0}});
    look_up_positions(2, 3, to_matrix(position_table), rows);
    expect_equal(rows, {{0, 0, 0.5}, {5, 5, 5}, {6, 6, 6}});
}

TEST(EmbeddingForward, TheStreamStartsAsTokensPlusPositions) {
    EmbeddingActivations activations;
    embedding_forward({1, 1, 3}, 0, make_parameters(), activations);
    expect_equal(activations.tokens, {{10, 20, 30}, {10, 20, 30}, {7, 8, 9}});
    expect_equal(activations.positions, {{0.5, 0, 0}, {0, 0.5, 0}, {0, 0, 0.5}});
    expect_equal(activations.sum, {{10.5, 20, 30}, {10, 20.5, 30}, {7, 8, 9.5}});
}

TEST(EmbeddingForward, AContinuedTextGoesOnAtItsPlace) {
    EmbeddingActivations activations;
    embedding_forward({0, 3}, 3, make_parameters(), activations);
    expect_equal(activations.sum, {{6, 7, 8}, {13, 14, 15}});
}

TEST(Embedding, UnknownTokensAreRefused) {
    Matrix rows;
    const Matrix table = to_matrix(token_table);
    expect_error(
        [&] {
            look_up_tokens({1, 0, 4}, table, rows);
        },
        {"token id 4", "place 2", "from 0 to 3"});
    expect_error([&] { look_up_tokens({1, -1}, table, rows); }, {"token id -1", "place 1"});
}

TEST(Embedding, ATextLongerThanTheContextIsRefused) {
    EmbeddingActivations activations;
    const EmbeddingParameters parameters = make_parameters();
    EXPECT_NO_THROW(embedding_forward({0, 1, 2, 3, 0}, 0, parameters, activations));
    expect_error(
        [&] {
            embedding_forward({0, 1, 2, 3, 0, 1}, 0, parameters, activations);
        },
        {"6 tokens", "context is 5"});
    expect_error([&] { embedding_forward({0}, 5, parameters, activations); },
                 {"6 tokens", "context is 5"});
}

TEST(Embedding, ATokenThatStandsTwiceCollectsBothGradients) {
    EmbeddingActivations gradients;
    gradients.sum = to_matrix({{1, 2, 3}, {10, 20, 30}, {100, 200, 300}});
    EmbeddingParameters gradient{Matrix(4, 3, 1), Matrix(5, 3, 2)}; // and adds to what was there
    embedding_backward({3, 0, 3}, gradients, gradient);
    expect_equal(gradient.token_table, {{11, 21, 31}, {1, 1, 1}, {1, 1, 1}, {102, 203, 304}});
    expect_equal(gradient.position_table,
                 {{3, 4, 5}, {12, 22, 32}, {102, 202, 302}, {2, 2, 2}, {2, 2, 2}});
    expect_equal(gradients.tokens, to_grid(gradients.sum));
    expect_equal(gradients.positions, to_grid(gradients.sum));
}

TEST(Embedding, BackwardIsTheSlopeOfTheLookUp) {
    const std::vector<int> ids = {6, 1, 6, 6, 0};
    Random random(3);
    EmbeddingActivations gradients;
    gradients.sum = random_matrix(random, 5, 2);
    EmbeddingParameters gradient{Matrix(7, 2, 0), Matrix(9, 2, 0)};
    embedding_backward(ids, gradients, gradient);
    const auto loss = [&](const Grid& tokens, const Grid& positions) {
        Grid sum;
        for (std::size_t place = 0; place < ids.size(); ++place) {
            const auto& token = tokens[static_cast<std::size_t>(ids[place])];
            sum.push_back({token[0] + positions[place][0], token[1] + positions[place][1]});
        }
        return plain::weighted_sum(to_grid(gradients.sum), sum);
    };
    const Grid tokens = plain::zeros(7, 2), positions = plain::zeros(9, 2);
    expect_gradient(gradient.token_table,
                    slopes(tokens, [&](const Grid& changed) { return loss(changed, positions); }));
    expect_gradient(gradient.position_table,
                    slopes(positions, [&](const Grid& changed) { return loss(tokens, changed); }));
}

TEST(Embedding, ErrorsNameTheFunctionAndBothShapes) {
    EmbeddingActivations gradients;
    gradients.sum = Matrix(3, 4, 0);
    EmbeddingParameters gradient{Matrix(4, 3, 0), Matrix(5, 3, 0)};
    expect_error(
        [&] {
            embedding_backward({3, 0, 3}, gradients, gradient);
        },
        {"embedding_backward", "(3, 4)", "(3, 3)"});
}

TEST(Embedding, TheRecordKeepsItsMemory) {
    const EmbeddingParameters parameters = make_parameters();
    EmbeddingParameters gradient = parameters;
    EmbeddingActivations activations, gradients;
    gradients.sum = Matrix(3, 3, 1);
    const auto addresses = [&] {
        embedding_forward({1, 1, 3}, 0, parameters, activations);
        embedding_backward({1, 1, 3}, gradients, gradient);
        return std::vector{address(activations.tokens), address(activations.positions),
                           address(activations.sum), address(gradients.tokens),
                           address(gradients.positions)};
    };
    const auto before = addresses();
    EXPECT_EQ(addresses(), before);
}
