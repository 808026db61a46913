#include "random.h"

#include "error.h"
#include "support/sampler_mistakes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <vector>

using whirlygig::Error;
using whirlygig::Random;

namespace {

// Passes when an event of this probability may well have been seen this often in so many draws:
// fair draws are further off than five standard deviations about once in two million times.
void expect_share(std::size_t seen, std::size_t draws, double probability) {
    const double expected = static_cast<double>(draws) * probability;
    const double deviation = std::sqrt(expected * (1.0 - probability));
    EXPECT_NEAR(static_cast<double>(seen), expected, 5.0 * deviation);
}

} // namespace

// The C++ standard names this number in its section on predefined engines.
TEST(Random, TheEngineIsTheOneOfTheStandard) {
    std::mt19937_64 engine;
    engine.discard(9999);
    EXPECT_EQ(engine(), 9981545732273789042u);
}

// The expected draws come from a second program, written in Python from the standard's text.
TEST(Random, DrawsAreTheSameOnEveryMachine) {
    Random random(7, (std::uint64_t{5} << 32) | 3);
    EXPECT_EQ(random.uniform(), 0.5185937706765339);
    EXPECT_EQ(random.uniform(), 0.9262108022773321);
    EXPECT_EQ(random.uniform(), 0.48554153711365444);
    EXPECT_EQ(random.below(1000), 868u);

    Random largest(UINT64_MAX, UINT64_MAX);
    EXPECT_EQ(largest.below(1000), 246u);
    EXPECT_EQ(largest.uniform(), 0.7089206255961693);

    EXPECT_NEAR(Random(0).normal(), -1.186685551781346, 1e-12);
}

TEST(Random, TheSameSeedAndStreamDrawTheSame) {
    Random one(11, 3);
    Random two(11, 3);
    for (int draw = 0; draw < 1000; ++draw)
        ASSERT_EQ(one.uniform(), two.uniform()) << "draw " << draw;
}

TEST(Random, EverySeedAndStreamDrawsSomethingElse) {
    const std::uint64_t high = std::uint64_t{1} << 32;
    std::map<double, std::string> owners;
    for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, high, high + 1}) {
        for (const std::uint64_t stream : {std::uint64_t{0}, std::uint64_t{1}, high, high + 1}) {
            const std::string name = fmt::format("seed {}, stream {}", seed, stream);
            const auto [owner, is_new] = owners.emplace(Random(seed, stream).uniform(), name);
            EXPECT_TRUE(is_new) << name << " draws the same as " << owner->second;
        }
    }
}

// Each of the 2 x 2 outcomes "below a half" of two streams is as likely as the others.
TEST(Random, StreamsOfASeedAreUnrelated) {
    constexpr std::size_t draws = 40000;
    Random one(5, 0);
    Random two(5, 1);
    std::size_t seen[2][2] = {};
    for (std::size_t draw = 0; draw < draws; ++draw)
        ++seen[one.uniform() < 0.5][two.uniform() < 0.5];
    for (const auto& row : seen) {
        for (const std::size_t count : row)
            expect_share(count, draws, 0.25);
    }
}

TEST(Random, UniformFillsZeroToOneEvenly) {
    constexpr std::size_t draws = 50000;
    Random random(2);
    std::vector<std::size_t> seen(10);
    for (std::size_t draw = 0; draw < draws; ++draw) {
        const double number = random.uniform();
        ASSERT_GE(number, 0.0);
        ASSERT_LT(number, 1.0);
        ++seen[static_cast<std::size_t>(number * 10.0)];
    }
    for (const std::size_t count : seen)
        expect_share(count, draws, 0.1);
}

TEST(Random, NormalHasTheBellCurvesShares) {
    constexpr std::size_t draws = 50000;
    Random random(3);
    double sum = 0;
    double squares = 0;
    std::size_t within_one = 0;
    std::size_t within_two = 0;
    std::size_t above_zero = 0;
    for (std::size_t draw = 0; draw < draws; ++draw) {
        const double number = random.normal();
        sum += number;
        squares += number * number;
        within_one += std::abs(number) < 1.0;
        within_two += std::abs(number) < 2.0;
        above_zero += number > 0.0;
    }
    const auto count = static_cast<double>(draws);
    EXPECT_NEAR(sum / count, 0.0, 5.0 / std::sqrt(count));
    EXPECT_NEAR(squares / count, 1.0, 5.0 * std::sqrt(2.0 / count));
    expect_share(within_one, draws, std::erf(1.0 / std::sqrt(2.0)));
    expect_share(within_two, draws, std::erf(2.0 / std::sqrt(2.0)));
    expect_share(above_zero, draws, 0.5);
}

TEST(Random, BelowChoosesEvenly) {
    constexpr std::size_t draws = 70000;
    Random random(4);
    std::vector<std::size_t> seen(7);
    for (std::size_t draw = 0; draw < draws; ++draw)
        ++seen.at(random.below(seen.size()));
    for (const std::size_t count : seen)
        expect_share(count, draws, 1.0 / 7.0);
}

// The plain remainder of the engine's draw would be in the first third half of the time.
TEST(Random, BelowIsEvenForAHugeCountToo) {
    constexpr std::size_t draws = 20000;
    constexpr std::size_t third = std::size_t{1} << 62;
    Random random(6);
    std::size_t seen = 0;
    for (std::size_t draw = 0; draw < draws; ++draw)
        seen += random.below(3 * third) < third;
    expect_share(seen, draws, 1.0 / 3.0);
}

TEST(Random, BelowOneIsZeroAndBelowZeroIsRefused) {
    Random random(8);
    for (int draw = 0; draw < 100; ++draw)
        ASSERT_EQ(random.below(1), 0u);
    EXPECT_THROW(random.below(0), Error);
}

TEST(Random, ShuffleGivesEachOrderEquallyOften) {
    constexpr std::size_t draws = 48000;
    Random random(9);
    std::map<std::vector<int>, std::size_t> seen;
    for (std::size_t draw = 0; draw < draws; ++draw) {
        std::vector<int> items{1, 2, 3, 4};
        random.shuffle(items);
        ++seen[items];
    }
    EXPECT_EQ(seen.size(), 24u);
    for (const auto& [order, count] : seen) {
        EXPECT_TRUE(
            std::is_permutation(order.begin(), order.end(), std::vector{1, 2, 3, 4}.begin()));
        expect_share(count, draws, 1.0 / 24.0);
    }
}

TEST(Random, ShuffleLeavesNothingAndOneThingAsTheyAre) {
    Random random(10);
    std::vector<int> nothing;
    random.shuffle(nothing);
    EXPECT_TRUE(nothing.empty());
    std::vector<int> one{17};
    random.shuffle(one);
    EXPECT_EQ(one, std::vector<int>{17});
}

TEST(Pick, TakesTheIndexInWhoseShareTheDrawFalls) {
    support::Teacher teacher("pick");
    constexpr std::size_t draws = 24;
    const std::vector<std::vector<double>> examples{
        {1, 2, 1}, {0.5, 0.25, 0.125, 0.125}, {0, 3, 0, 5, 0}, {10, 1, 1, 1, 20, 1}, {7}};
    for (const std::vector<double>& shares : examples) {
        const std::string given = fmt::format("given the shares {}, {} picks one after the other\n",
                                              fmt::join(shares, ", "), draws);
        teacher.try_out(
            {given, mistakes::picks(shares, draws), mistakes::pick(shares, draws)}, [&] {
                return mistakes::picked(shares, draws, [](const auto& all, Random& random) {
                    return random.pick(all);
                });
            });
    }
}

TEST(Pick, FollowsTheShares) {
    constexpr std::size_t draws = 40000;
    const std::vector<double> shares{0.0, 0.5, 2.5, 0.0, 1.0, 0.0};
    Random random(12);
    std::vector<std::size_t> seen(shares.size());
    for (std::size_t draw = 0; draw < draws; ++draw)
        ++seen.at(random.pick(shares));
    for (std::size_t index = 0; index < shares.size(); ++index)
        expect_share(seen[index], draws, shares[index] / 4.0);
}

TEST(Random, PickRefusesSharesThatAreAllZero) {
    Random random(13);
    EXPECT_THROW(random.pick({0.0, 0.0, 0.0}), Error);
    EXPECT_THROW(random.pick({}), Error);
}
