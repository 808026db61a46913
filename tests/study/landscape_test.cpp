#include "study/landscape.h"

#include "support/expect.h"
#include "support/matrices.h"
#include "support/plain_model.h"
#include "support/small_model.h"

#include <cmath>

using namespace whirlygig;
using namespace support;

namespace {

const Config config = config_of(7, 9, 2, 3, 5, 2, false);

// Sequences of different lengths; some targets do not count.
std::vector<Example> some_examples(std::uint64_t seed) {
    Random random(seed);
    std::vector<Example> examples;
    for (const std::size_t tokens : {6, 1, 9}) {
        Example& example = examples.emplace_back();
        example.ids = random_ids(random, tokens, config.vocabulary);
        example.targets = random_ids(random, tokens, config.vocabulary);
        for (std::size_t place = 0; place < tokens; ++place)
            example.weights.push_back(place % 3 == 1 ? 0.0 : 0.5 + static_cast<double>(place));
    }
    return examples;
}

Plane random_plane(const Model& model, std::uint64_t seed) {
    Random random(seed);
    Direction first = random_direction(model, random), second = random_direction(model, random);
    return {flatten(model.parameters), {first, second}};
}

// The parameters of a point of the plane, number by number, and the mean loss there.
double plain_loss(const Plane& plane, double first, double second,
                  const std::vector<Example>& examples) {
    Parameters moved = make_parameters(config);
    std::size_t index = 0;
    for (const auto& parameter : list_parameters(moved)) {
        for (Real& value : parameter.values) {
            value =
                static_cast<Real>(plane.centre[index] + first * plane.directions[0].numbers[index] +
                                  second * plane.directions[1].numbers[index]);
            ++index;
        }
    }
    const plain::Named parameters = plain::by_name(moved);
    double sum = 0, count = 0;
    for (const Example& example : examples) {
        const Grid loss =
            plain::decoder(parameters, config, example.ids, example.targets).at("loss");
        for (std::size_t place = 0; place < loss.size(); ++place) {
            if (example.weights[place] == 0) continue;
            sum += loss[place][0];
            ++count;
        }
    }
    return sum / count;
}

TEST(Landscape, ItsHeightsAreTheLossOfMovedModels) {
    for (const std::uint64_t seed : {1, 2}) {
        const Model model = small_model(config, seed);
        const std::vector<Example> examples = some_examples(seed);
        const Plane plane = random_plane(model, seed);
        Workers workers(2);
        const auto landscape =
            compute_landscape({model, examples, workers}, plane,
                              {.columns = 5, .rows = 3, .first_reach = 1, .second_reach = 0.75});
        ASSERT_TRUE(landscape);
        ASSERT_EQ(landscape->losses.size(), 15u);
        const std::vector<double> firsts{-1, -0.5, 0, 0.5, 1}, seconds{-0.75, 0, 0.75};
        for (std::size_t row = 0; row < 3; ++row) {
            EXPECT_EQ(landscape->second_at(row), seconds[row]);
            for (std::size_t column = 0; column < 5; ++column) {
                EXPECT_EQ(landscape->first_at(column), firsts[column]);
                const double expected = plain_loss(plane, firsts[column], seconds[row], examples);
                EXPECT_NEAR(landscape->loss(row, column), expected, 1e-5 * expected)
                    << row << ", " << column;
            }
        }
        // The centre is the model itself, to the last bit.
        EXPECT_EQ(landscape->loss(1, 2), batch_loss(model, examples, workers).mean);
        EXPECT_EQ(landscape->plane.directions[1].numbers, plane.directions[1].numbers);
    }
}

TEST(Landscape, IsTheSameForAnyNumberOfThreadsAndLeavesTheModelAlone) {
    const Model model = small_model(config, 3);
    const std::vector<Real> before = flatten(model.parameters);
    const std::vector<Example> examples = some_examples(3);
    const Plane plane = random_plane(model, 3);
    Workers one(1), three(3);
    const LandscapeSize size{.columns = 3, .rows = 5};
    EXPECT_EQ(compute_landscape({model, examples, one}, plane, size)->losses,
              compute_landscape({model, examples, three}, plane, size)->losses);
    EXPECT_EQ(flatten(model.parameters), before);
}

TEST(Landscape, OnePointIsTheCentre) {
    const Model model = small_model(config, 4);
    const std::vector<Example> examples = some_examples(4);
    Workers workers(1);
    const auto landscape = compute_landscape({model, examples, workers}, random_plane(model, 4),
                                             {.columns = 1, .rows = 1});
    ASSERT_EQ(landscape->losses.size(), 1u);
    EXPECT_EQ(landscape->losses[0], batch_loss(model, examples, workers).mean);
}

TEST(Landscape, StopsAtOnceWhenTheProgressSaysSo) {
    const Model model = small_model(config, 5);
    const std::vector<Example> examples = some_examples(5);
    Workers workers(1);
    const LandscapeSize size{.columns = 5, .rows = 3};
    std::vector<std::size_t> seen;
    const auto stopped = compute_landscape({model, examples, workers}, random_plane(model, 5), size,
                                           [&](std::size_t done, std::size_t all) {
                                               EXPECT_EQ(all, 15u);
                                               seen.push_back(done);
                                               return done < 7;
                                           });
    EXPECT_FALSE(stopped);
    EXPECT_EQ(seen, (std::vector<std::size_t>{1, 2, 3, 4, 5, 6, 7}));
    std::size_t calls = 0;
    EXPECT_TRUE(compute_landscape({model, examples, workers}, random_plane(model, 5), size,
                                  [&](std::size_t, std::size_t) { return ++calls > 0; }));
    EXPECT_EQ(calls, 15u);
}

// Directions so long that the numbers become infinite on both sides: there is a loss in the middle
// row only.
TEST(Landscape, WhereThereIsNoLossThereIsNaN) {
    const Model model = small_model(config, 6);
    const std::vector<Example> examples = some_examples(6);
    Plane plane = random_plane(model, 6);
    for (Real& number : plane.directions[1].numbers)
        number *= Real(1e30);
    Workers workers(2);
    const LandscapeSize size{.columns = 5, .rows = 3, .second_reach = 1e15};
    const auto landscape = compute_landscape({model, examples, workers}, plane, size);
    ASSERT_TRUE(landscape);
    for (std::size_t column = 0; column < 5; ++column) {
        EXPECT_TRUE(std::isnan(landscape->loss(0, column))) << column;
        EXPECT_TRUE(std::isfinite(landscape->loss(1, column))) << column;
        EXPECT_TRUE(std::isnan(landscape->loss(2, column))) << column;
    }
    // A model that is lost altogether has no landscape, but no crash either.
    plane.centre[17] = std::numeric_limits<Real>::quiet_NaN();
    const auto lost = compute_landscape({model, examples, workers}, plane, size);
    EXPECT_TRUE(std::isnan(lost->loss(1, 2)));
}

// A single logit that is no number does not stop a pass, but its loss says nothing.
TEST(Landscape, APassThatComesToNothingIsNaN) {
    const Model model = small_model(config, 8);
    const std::vector<Example> examples = some_examples(8);
    Plane plane = random_plane(model, 8);
    plane.centre.back() = std::numeric_limits<Real>::quiet_NaN(); // in the unembedding
    Workers workers(1);
    const auto landscape =
        compute_landscape({model, examples, workers}, plane, {.columns = 3, .rows = 1});
    for (const double loss : landscape->losses)
        EXPECT_TRUE(std::isnan(loss)) << loss;
}

TEST(Landscape, RefusesWhatCanNotBeComputed) {
    const Model model = small_model(config, 7);
    const std::vector<Example> examples = some_examples(7);
    Workers workers(1);
    const LandscapeOf of{model, examples, workers};
    Plane plane = random_plane(model, 7);
    const auto refuse = [&](const LandscapeSize& size, const std::vector<std::string>& words) {
        expect_error([&] { compute_landscape(of, plane, size); }, words);
    };
    refuse({.columns = 4}, {"4 columns", "odd"});
    refuse({.rows = 0}, {"0 rows", "odd"});
    refuse({.first_reach = 0}, {"first reach"});
    refuse({.second_reach = std::numeric_limits<double>::quiet_NaN()}, {"second reach"});
    refuse({.second_reach = std::numeric_limits<double>::infinity()}, {"second reach"});
    std::vector<Example> other = examples;
    other[2].ids[4] = 7;
    expect_error([&] { compute_landscape({model, other, workers}, plane, {}); }, {"7"});
    other.clear();
    expect_error([&] { compute_landscape({model, other, workers}, plane, {}); }, {"no target"});
    plane.directions[0].numbers.pop_back();
    refuse({}, {"a random direction"});
}

} // namespace
