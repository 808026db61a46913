#include "study/directions.h"

#include "parameters.h"
#include "study/run_directions.h"
#include "support/expect.h"
#include "support/small_model.h"

#include <cmath>

using namespace whirlygig;
using namespace support;

namespace {

Model some_model(std::uint64_t seed) {
    return small_model(config_of(7, 9, 2, 3, 5, 2, false), seed);
}

double length_of(const std::vector<Real>& numbers) {
    double squares = 0;
    for (const Real number : numbers)
        squares += double(number) * double(number);
    return std::sqrt(squares);
}

double product_of(const std::vector<Real>& a, const std::vector<Real>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += double(a[i]) * double(b[i]);
    return sum;
}

// The direction's numbers in the shapes of the model's parameters.
Parameters in_shape(const Model& model, const Direction& direction) {
    Parameters parameters = make_parameters(model.config);
    unflatten(direction.numbers, parameters);
    return parameters;
}

double row_length(const Matrix& matrix, std::size_t row) {
    double squares = 0;
    for (std::size_t column = 0; column < matrix.size2(); ++column)
        squares += double(matrix(row, column)) * double(matrix(row, column));
    return std::sqrt(squares);
}

double column_length(const Matrix& matrix, std::size_t column) {
    double squares = 0;
    for (std::size_t row = 0; row < matrix.size1(); ++row)
        squares += double(matrix(row, column)) * double(matrix(row, column));
    return std::sqrt(squares);
}

constexpr double precision = 1e-5;

// A step along the axis of this number, and 0 along all others.
std::vector<Real> axis(std::size_t size, std::size_t number, Real step) {
    std::vector<Real> point(size, 0);
    point[number] = step;
    return point;
}

std::vector<Real> sum_of(std::vector<Real> a, const std::vector<Real>& b) {
    for (std::size_t i = 0; i < a.size(); ++i)
        a[i] += b[i];
    return a;
}

} // namespace

TEST(Directions, FlattenedParametersStandInTheOrderOfTheList) {
    Model model = some_model(1);
    const std::vector<Real> numbers = flatten(model.parameters);
    ASSERT_EQ(numbers.size(), count_parameters(model.config));
    EXPECT_EQ(numbers[0], model.parameters.embedding.token_table(0, 0));
    EXPECT_EQ(numbers[6 + 2], model.parameters.embedding.token_table(1, 2));
    EXPECT_EQ(numbers[7 * 6], model.parameters.embedding.position_table(0, 0));
    EXPECT_EQ(numbers.back(), model.parameters.unembedding(6, 5));
    Parameters back = make_parameters(model.config);
    unflatten(numbers, back);
    EXPECT_EQ(back.blocks[1].mlp.up.weights.data(),
              model.parameters.blocks[1].mlp.up.weights.data());
    EXPECT_EQ(flatten(back), numbers);
    expect_error([&] { unflatten(std::span(numbers).first(9), back); }, {"9"});
}

TEST(Directions, EveryFilterIsAsLongAsTheModels) {
    for (const std::uint64_t seed : {3, 4}) {
        const Model model = some_model(seed);
        Random random(seed);
        const Parameters moved = in_shape(model, random_direction(model, random));
        const Parameters& own = model.parameters;
        // Rows of tables: a token, a place, a logit.
        for (std::size_t row = 0; row < 7; ++row) {
            EXPECT_NEAR(row_length(moved.embedding.token_table, row),
                        row_length(own.embedding.token_table, row), precision);
            EXPECT_NEAR(row_length(moved.unembedding, row), row_length(own.unembedding, row),
                        precision);
        }
        EXPECT_NEAR(row_length(moved.embedding.position_table, 8),
                    row_length(own.embedding.position_table, 8), precision);
        // Columns of weights: one number that comes out.
        for (std::size_t column = 0; column < 5; ++column) {
            EXPECT_NEAR(column_length(moved.blocks[1].mlp.up.weights, column),
                        column_length(own.blocks[1].mlp.up.weights, column), precision);
        }
        EXPECT_NEAR(column_length(moved.blocks[0].attention.output.weights, 4),
                    column_length(own.blocks[0].attention.output.weights, 4), precision);
        EXPECT_NEAR(column_length(moved.blocks[0].attention.heads[1].key.weights, 2),
                    column_length(own.blocks[0].attention.heads[1].key.weights, 2), precision);
        // Vectors as a whole.
        EXPECT_NEAR(ublas::norm_2(moved.final_norm.gain), ublas::norm_2(own.final_norm.gain),
                    precision);
        EXPECT_NEAR(ublas::norm_2(moved.blocks[1].mlp.up.bias),
                    ublas::norm_2(own.blocks[1].mlp.up.bias), precision);
    }
}

TEST(Directions, RandomDirectionsAreNormalNumbersOfBothSigns) {
    const Model model = some_model(5);
    Random random(6), same(6), other(7);
    const Direction direction = random_direction(model, random);
    EXPECT_EQ(direction.numbers, random_direction(model, same).numbers);
    EXPECT_NE(direction.numbers, random_direction(model, other).numbers);
    const double length = length_of(direction.numbers);
    EXPECT_NEAR(length, length_of(flatten(model.parameters)), precision * length);
    // Neither the model's own direction nor its opposite.
    const double along = product_of(direction.numbers, flatten(model.parameters)) / length / length;
    EXPECT_LT(std::abs(along), 0.3);
}

TEST(Directions, WhatIsZeroOrNotFiniteInTheModelStaysWhereItIs) {
    Model model = some_model(8);
    fill(model.parameters.blocks[0].mlp.down.bias, 0);
    for (std::size_t column = 0; column < 6; ++column)
        model.parameters.embedding.token_table(3, column) = 0;
    model.parameters.unembedding(2, 4) = std::numeric_limits<Real>::quiet_NaN();
    Random random(9);
    const Parameters moved = in_shape(model, random_direction(model, random));
    EXPECT_EQ(ublas::norm_2(moved.blocks[0].mlp.down.bias), 0);
    EXPECT_EQ(row_length(moved.embedding.token_table, 3), 0);
    EXPECT_EQ(row_length(moved.unembedding, 2), 0);
    EXPECT_GT(row_length(moved.unembedding, 3), 0);
}

// A plane whose directions are neither at right angles nor of length 1.
TEST(Directions, CoordinatesSayWhereAPointLies) {
    const std::vector<Real> centre{1, -2, 0.5, 3, 0};
    const Plane plane{centre, {{{"a", {2, 0, 0, 0, 0}}, {"b", {1, 0, 3, 0, 0}}}}};
    // centre + 1.5 a − 0.5 b, and 2 and −1 along axes that the plane has no part in
    const std::vector<Real> point{Real(1 + 3 - 0.5), -2 + 2, Real(0.5 - 1.5), 3 - 1, 0};
    const Coordinates found = coordinates(point, plane);
    EXPECT_NEAR(found.nearest.first, 1.5, 1e-12);
    EXPECT_NEAR(found.nearest.second, -0.5, 1e-12);
    EXPECT_NEAR(found.off_plane, std::sqrt(5.0), 1e-12);
    const Coordinates here = coordinates(centre, plane);
    EXPECT_EQ(here.nearest.first, 0);
    EXPECT_EQ(here.nearest.second, 0);
    EXPECT_EQ(here.off_plane, 0);
}

TEST(Directions, CoordinatesNeedAPlane) {
    const Plane parallel{{0, 0, 0}, {{{"one", {1, 2, 3}}, {"twice", {-2, -4, -6}}}}};
    const Plane nothing{{0, 0, 0}, {{{"one", {1, 2, 3}}, {"none", {0, 0, 0}}}}};
    const Plane shorter{{0, 0, 0}, {{{"one", {1, 2, 3}}, {"short", {1, 0}}}}};
    const std::vector<Real> point{1, 1, 1};
    expect_error([&] { coordinates(point, parallel); }, {"one", "twice", "parallel"});
    expect_error([&] { coordinates(point, nothing); }, {"none"});
    expect_error([&] { coordinates(point, shorter); }, {"short", "2", "3"});
    const Plane good{{0, 0, 0}, {{{"one", {1, 2, 3}}, {"other", {1, 0, 0}}}}};
    expect_error([&] { coordinates(std::span(point).first(2), good); }, {"3", "2"});
    EXPECT_TRUE(std::isnan(
        coordinates(std::vector<Real>{1, std::numeric_limits<Real>::quiet_NaN(), 0}, good)
            .off_plane));
}

// Points that move along two axes only, around a last point somewhere else: the first component is
// the longer axis and the shares are the squares.
TEST(RunDirections, AreTheAxesAlongWhichThePointsMoved) {
    const std::vector<Real> last{5, 4, 3, 2, 1, 0, -1};
    const std::vector<std::vector<Real>> points{
        sum_of(last, axis(7, 2, 4)), sum_of(last, axis(7, 5, -3)), sum_of(last, axis(7, 2, -2)),
        sum_of(last, axis(7, 5, 1)), last};
    Random random(1);
    const RunDirections run = directions_of_run(points, random);
    EXPECT_EQ(run.plane.centre, last);
    EXPECT_EQ(run.last, 4u);
    EXPECT_EQ(run.left_out, 0u);
    // 4² + 2² = 20 along axis 2, 3² + 1² = 10 along axis 5. The furthest points, +4 and −3, have
    // negative coordinates.
    EXPECT_NEAR(run.shares[0], 20.0 / 30, 1e-12);
    EXPECT_NEAR(run.shares[1], 10.0 / 30, 1e-12);
    for (std::size_t i = 0; i < 7; ++i) {
        EXPECT_NEAR(run.plane.directions[0].numbers[i], i == 2 ? -1 : 0, 1e-6) << i;
        EXPECT_NEAR(run.plane.directions[1].numbers[i], i == 5 ? 1 : 0, 1e-6) << i;
    }
    EXPECT_NE(run.plane.directions[0].name, run.plane.directions[1].name);
    EXPECT_NEAR(coordinates(points[0], run.plane).nearest.first, -4, 1e-6);
    EXPECT_NEAR(coordinates(points[1], run.plane).nearest.second, -3, 1e-6);
}

// The same with two directions that are no axes, many points and a third, smaller direction.
TEST(RunDirections, AreFoundWhateverWayTheyPoint) {
    constexpr std::size_t size = 3000;
    std::vector<Real> one(size), two(size), three(size);
    for (std::size_t i = 0; i < size; ++i) { // at right angles: signs of different patterns
        one[i] = Real(i % 2 == 0 ? 1 : -1) / Real(std::sqrt(double(size)));
        two[i] = Real(i / 2 % 2 == 0 ? 1 : -1) / Real(std::sqrt(double(size)));
        three[i] = one[i] * two[i] * Real(std::sqrt(double(size)));
    }
    std::vector<std::vector<Real>> points;
    double squares[3] = {0, 0, 0};
    for (int t = 60; t >= 0; --t) { // each comes back to 0, and no two of them move together
        const double steps[3] = {double(t), t % 2 == 0 ? 8.0 : -8.0, t % 4 < 2 ? 2.0 : -2.0};
        std::vector<Real>& point = points.emplace_back(size);
        for (std::size_t i = 0; i < size; ++i) {
            const double moved = steps[0] * one[i] + (t == 0 ? 0 : 1) * steps[1] * two[i] +
                                 (t == 0 ? 0 : 1) * steps[2] * three[i];
            point[i] = static_cast<Real>(moved);
        }
        for (int k = 0; k < 3; ++k)
            squares[k] += t == 0 ? 0 : steps[k] * steps[k];
    }
    Random random(2);
    const RunDirections run = directions_of_run(points, random);
    // The three are nearly, but not exactly, uncorrelated: the shares and directions are near.
    const double all = squares[0] + squares[1] + squares[2];
    EXPECT_NEAR(run.shares[0], squares[0] / all, 0.003);
    EXPECT_NEAR(run.shares[1], squares[1] / all, 0.003);
    EXPECT_LT(product_of(run.plane.directions[0].numbers, one), -0.999);
    EXPECT_GT(std::abs(product_of(run.plane.directions[1].numbers, two)), 0.999);
    EXPECT_NEAR(length_of(run.plane.directions[0].numbers), 1, 1e-5);
    EXPECT_NEAR(length_of(run.plane.directions[1].numbers), 1, 1e-5);
    EXPECT_NEAR(product_of(run.plane.directions[0].numbers, run.plane.directions[1].numbers), 0,
                1e-5);
}

TEST(RunDirections, TwoPointsHaveOneDirection) {
    const std::vector<std::vector<Real>> points{{4, 2, 0, 5}, {1, 2, 4, 5}}; // 5 apart
    for (const std::uint64_t seed : {1, 2}) {
        Random random(seed);
        const RunDirections run = directions_of_run(points, random);
        EXPECT_NEAR(run.shares[0], 1, 1e-12);
        EXPECT_EQ(run.shares[1], 0);
        const Grid expected{{-0.6, 0, 0.8, 0}}; // from the first point to the last
        expect_close(to_grid(Vector(4, run.plane.directions[0].numbers)), expected);
        const Direction& second = run.plane.directions[1];
        EXPECT_NE(second.name.find("random"), std::string::npos) << second.name;
        EXPECT_NEAR(length_of(second.numbers), 1, 1e-6);
        EXPECT_NEAR(product_of(run.plane.directions[0].numbers, second.numbers), 0, 1e-6);
    }
}

TEST(RunDirections, PointsOnALineHaveOneDirectionInSpiteOfRounding) {
    std::vector<std::vector<Real>> points;
    for (int t = 0; t < 9; ++t) {
        std::vector<Real>& point = points.emplace_back();
        for (int i = 0; i < 40; ++i)
            point.push_back(static_cast<Real>(std::sin(i) + 0.1 * t * std::cos(3 * i)));
    }
    Random random(3);
    const RunDirections run = directions_of_run(points, random);
    EXPECT_EQ(run.shares[1], 0);
    EXPECT_NE(run.plane.directions[1].name.find("random"), std::string::npos);
}

TEST(RunDirections, EqualPointsAndASinglePointHaveNone) {
    const std::vector<std::vector<Real>> equal(5, {3, 1, 4});
    for (const auto& points : {equal, {{3, 1, 4}}}) {
        Random random(4);
        const RunDirections run = directions_of_run(points, random);
        const auto& [first, second] = run.plane.directions;
        EXPECT_EQ(run.shares[0], 0);
        EXPECT_EQ(run.shares[1], 0);
        EXPECT_NE(first.name.find("did not move"), std::string::npos) << first.name;
        EXPECT_NEAR(length_of(first.numbers), 1, 1e-6);
        EXPECT_NEAR(length_of(second.numbers), 1, 1e-6);
        EXPECT_NEAR(product_of(first.numbers, second.numbers), 0, 1e-6);
    }
}

TEST(RunDirections, PointsThatAreNotFiniteAreLeftOut) {
    constexpr Real nan = std::numeric_limits<Real>::quiet_NaN();
    constexpr Real infinity = std::numeric_limits<Real>::infinity();
    const std::vector<std::vector<Real>> points{
        {0, 0, 2}, {0, nan, 9}, {0, 3, 0}, {1, 1, 1}, {infinity, 0, 0}};
    Random random(5), same(5);
    const RunDirections run = directions_of_run(points, random);
    EXPECT_EQ(run.last, 3u);
    EXPECT_EQ(run.left_out, 2u);
    const RunDirections without = directions_of_run({points[0], points[2], points[3]}, same);
    EXPECT_EQ(run.plane.centre, without.plane.centre);
    EXPECT_EQ(run.plane.directions[0].numbers, without.plane.directions[0].numbers);
    EXPECT_EQ(run.plane.directions[1].numbers, without.plane.directions[1].numbers);
    expect_error([&] { directions_of_run({points[1], points[4]}, random); }, {"finite"});
}

TEST(RunDirections, RefusesWhatIsNoRun) {
    Random random(6);
    expect_error([&] { directions_of_run({}, random); }, {"snapshot"});
    expect_error([&] { directions_of_run({{1, 2, 3}, {1, 2}}, random); }, {"1", "2", "3"});
    expect_error([&] { directions_of_run({{1}, {2}}, random); }, {"plane"});
}
