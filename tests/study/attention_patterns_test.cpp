#include "study/attention_patterns.h"

#include "support/expect.h"
#include "support/matrices.h"

#include <cmath>

using namespace whirlygig;
using namespace support;

namespace {

PatternScores scores_of(const Grid& map, const std::vector<int>& ids) {
    PatternSums sums;
    sums.add(to_matrix(map), ids);
    return sums.scores();
}

// A map whose queries each look at one key only.
Grid looking_at(const std::vector<std::size_t>& keys) {
    Grid map(keys.size(), std::vector<double>(keys.size()));
    for (std::size_t query = 0; query < keys.size(); ++query)
        map[query][keys[query]] = 1;
    return map;
}

// Random shares of the keys that each query may see.
Grid random_map(Random& random, std::size_t tokens) {
    Grid map(tokens, std::vector<double>(tokens));
    for (std::size_t query = 0; query < tokens; ++query) {
        double sum = 0;
        for (std::size_t key = 0; key <= query; ++key)
            sum += map[query][key] = random.uniform() + 0.01;
        for (double& weight : map[query])
            weight /= sum;
    }
    return map;
}

const double tolerance = real_is_double ? 1e-12 : 1e-6;

} // namespace

TEST(AttentionPatterns, ScoresOfAMapThatIsKnownByHand) {
    // a b a c a: the queries that have a choice are b a c a.
    const std::vector<int> ids{0, 1, 0, 2, 0};
    const Grid map{{1, 0, 0, 0, 0},
                   {0.25, 0.75, 0, 0, 0},
                   {0.5, 0.25, 0.25, 0, 0},
                   {0, 0.5, 0.5, 0, 0},
                   {0.125, 0.25, 0.125, 0.5, 0}};
    const PatternScores scores = scores_of(map, ids);
    EXPECT_DOUBLE_EQ(scores.previous, (0.25 + 0.25 + 0.5 + 0.5) / 4);
    EXPECT_DOUBLE_EQ(scores.first, (0.25 + 0.5 + 0 + 0.125) / 4);
    // Only the second and third "a" have an "a" before them.
    EXPECT_DOUBLE_EQ(scores.same, (0.5 + (0.125 + 0.125)) / 2);
    // The second "a": the first one was followed by "b". The third: by "b" and "c".
    EXPECT_DOUBLE_EQ(scores.induction, (0.25 + (0.25 + 0.5)) / 2);
    // In units of ln 2: 2 − 0.75 · log2 3, 1.5, 1 and 1.75.
    const double row_1 = (2 - 0.75 * std::log2(3.0)) * std::log(2.0);
    const double row_2 = 1.5 * std::log(2.0), row_3 = std::log(2.0), row_4 = 1.75 * std::log(2.0);
    EXPECT_NEAR(scores.entropy, (row_1 + row_2 + row_3 + row_4) / 4, tolerance);
    EXPECT_NEAR(scores.evenness,
                (row_1 / std::log(2.0) + row_2 / std::log(3.0) + row_3 / std::log(4.0) +
                 row_4 / std::log(5.0)) /
                    4,
                tolerance);
}

TEST(AttentionPatterns, PureHeadsScoreOne) {
    const std::vector<int> ids{4, 5, 6, 7, 4, 5, 6, 7}; // twice the same four
    const PatternScores previous = scores_of(looking_at({0, 0, 1, 2, 3, 4, 5, 6}), ids);
    EXPECT_EQ(previous.previous, 1);
    EXPECT_EQ(previous.first, 1.0 / 7); // query 1's previous token is the first one
    EXPECT_EQ(previous.same, 0);
    EXPECT_EQ(previous.entropy, 0);
    EXPECT_EQ(previous.evenness, 0);

    EXPECT_EQ(scores_of(looking_at({0, 0, 0, 0, 0, 0, 0, 0}), ids).first, 1);
    EXPECT_EQ(scores_of(looking_at({0, 1, 2, 3, 0, 1, 2, 3}), ids).same, 1);
    EXPECT_EQ(scores_of(looking_at({0, 1, 2, 3, 0, 1, 2, 3}), ids).induction, 0);
    // The token behind the earlier one; query 4's is at place 1, and so on.
    EXPECT_EQ(scores_of(looking_at({0, 0, 0, 0, 1, 2, 3, 4}), ids).induction, 1);
}

TEST(AttentionPatterns, AQueryThatFollowsItsOwnTokenIsNoInduction) {
    // What followed the first token is the query itself, and looking at oneself is no induction.
    EXPECT_TRUE(std::isnan(scores_of(looking_at({0, 1}), {3, 3}).induction));
    EXPECT_EQ(scores_of(looking_at({0, 0}), {3, 3}).same, 1);
    // Of three, the last one sees the second behind the first.
    EXPECT_EQ(scores_of(looking_at({0, 0, 1}), {3, 3, 3}).induction, 1);
    EXPECT_EQ(scores_of(looking_at({0, 0, 2}), {3, 3, 3}).induction, 0);
}

TEST(AttentionPatterns, ScoresThatNoQueryCountsForAreNotNumbers) {
    const PatternScores one_token = scores_of({{1}}, {3});
    for (const double score : {one_token.previous, one_token.first, one_token.same,
                               one_token.induction, one_token.entropy, one_token.evenness})
        EXPECT_TRUE(std::isnan(score));
    const PatternScores all_different = scores_of(looking_at({0, 0, 1}), {1, 2, 3});
    EXPECT_EQ(all_different.previous, 1);
    EXPECT_TRUE(std::isnan(all_different.same));
    EXPECT_TRUE(std::isnan(all_different.induction));
}

TEST(AttentionPatterns, SequencesAreAddedUpQueryByQuery) {
    // A mean over all queries, not over sequences: 1 of 1 and 0 of 3 make 1/4.
    PatternSums sums;
    sums.add(to_matrix(looking_at({0, 0})), {1, 2});
    sums.add(to_matrix(looking_at({0, 1, 2, 3})), {1, 2, 3, 4});
    EXPECT_EQ(sums.scores().previous, 0.25);
    EXPECT_EQ(sums.scores().first, 0.25);
}

TEST(AttentionPatterns, AgreesWithACountOverAllPairs) {
    Random random(12);
    PatternSums sums;
    double same = 0, induction = 0;
    int same_queries = 0, induction_queries = 0;
    for (const std::size_t tokens : {9, 1, 17, 6}) {
        const Grid map = random_map(random, tokens);
        const std::vector<int> ids = random_ids(random, tokens, 4);
        sums.add(to_matrix(map), ids);
        // For each query all pairs (earlier, follower) of neighbours.
        for (std::size_t q = 1; q < tokens; ++q) {
            double on_same = 0, on_followers = 0;
            int any_same = 0, any_follower = 0;
            for (std::size_t earlier = 0; earlier < q; ++earlier) {
                if (ids[earlier] != ids[q]) continue;
                on_same += map[q][earlier];
                any_same = 1;
                if (earlier + 1 == q) continue;
                on_followers += map[q][earlier + 1];
                any_follower = 1;
            }
            same += on_same;
            induction += on_followers;
            same_queries += any_same;
            induction_queries += any_follower;
        }
    }
    ASSERT_GT(same_queries, induction_queries); // some tokens stand twice in a row
    EXPECT_NEAR(sums.scores().same, same / same_queries, tolerance);
    EXPECT_NEAR(sums.scores().induction, induction / induction_queries, tolerance);
}

TEST(AttentionPatterns, AnEvenLookHasTheLargestEntropy) {
    expect_close(even_map(3), {{1, 0, 0}, {0.5, 0.5, 0}, {1 / 3.0, 1 / 3.0, 1 / 3.0}});
    PatternSums sums;
    sums.add(even_map(4), {1, 1, 2, 1});
    EXPECT_NEAR(sums.scores().evenness, 1, tolerance);
    EXPECT_NEAR(sums.scores().entropy, (std::log(2.0) + std::log(3.0) + std::log(4.0)) / 3,
                tolerance);
    EXPECT_NEAR(sums.scores().previous, (1 / 2.0 + 1 / 3.0 + 1 / 4.0) / 3, tolerance);
    EXPECT_NEAR(sums.scores().same, (1 / 2.0 + 2 / 4.0) / 2, tolerance);
}

TEST(AttentionPatterns, RefusesAMapOfAnotherShape) {
    PatternSums sums;
    expect_error([&] { sums.add(even_map(3), {1, 2}); }, {"attention_weights", "(3, 3)", "(2, 2)"});
}
