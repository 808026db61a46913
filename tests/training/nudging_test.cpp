#include "training/nudging.h"

#include "support/descent_mistakes.h"
#include "support/finite_differences.h"

using namespace whirlygig;
using namespace support;

namespace {

using Numbers = std::vector<Real>;

Numbers to_numbers(const Grid& grid) {
    return {grid[0].begin(), grid[0].end()};
}

// A valley in as many directions as there are parameters, curved and crooked: the sum of
// p³ + 3p² − weight·p, and of each parameter times the one before it.
double valley(const Grid& parameters) {
    double sum = 0, before = 0, weight = 1;
    for (const double p : parameters[0]) {
        sum += p * p * p + 3 * p * p - weight * p + before * p;
        before = p;
        weight *= 2;
    }
    return sum;
}

void try_nudging(Teacher& teacher, const mistakes::GridLoss& loss, const Grid& parameters,
                 double nudge) {
    const Grid stale(1, std::vector<double>(parameters[0].size(), 64));
    const std::string given =
        shown({{"parameters", parameters}}) + fmt::format("given nudge: {}\n", nudge);
    Numbers numbers = to_numbers(parameters), gradient = to_numbers(stale);
    const auto loss_now = [&] { return loss(Grid{{numbers.begin(), numbers.end()}}); };
    if (!teacher.runs(given, [&] { gradient_by_nudging(loss_now, nudge, numbers, gradient); }))
        return;
    const mistakes::Nudged example{loss, nudge, parameters, stale};
    compare_parts(teacher,
                  {given, mistakes::gradient_by_nudging_right(example),
                   mistakes::gradient_by_nudging(example), mistakes::nudged(stale, parameters)},
                  mistakes::nudged(Grid{{gradient.begin(), gradient.end()}},
                                   Grid{{numbers.begin(), numbers.end()}}));
}

} // namespace

TEST(GradientByNudging, IsTheRiseOfTheLossForEachParameter) {
    Teacher teacher("gradient_by_nudging");
    const auto square = [](const Grid& p) { return p[0][0] * p[0][0] * p[0][0]; };
    try_nudging(teacher, square, {{3}}, 0.5);
    try_nudging(teacher, valley, {{1, 2}}, 0.25);
    try_nudging(teacher, valley, {{-1, 0.5, 3, 0, 2}}, 0.125);
}

TEST(GradientByNudging, TheParametersAreAfterwardsWhatTheyWere) {
    Teacher teacher("gradient_by_nudging");
    try_nudging(teacher, valley, {{0.5, -2, 1, 4, -0.25, 3, 7}}, 0.25);
}

TEST(GradientByNudging, AStraightSlopeIsTheSameForEveryNudge) {
    Teacher teacher("gradient_by_nudging");
    const auto plane = [](const Grid& p) { return 5 * p[0][0] - 2 * p[0][1] + 1; };
    for (const double nudge : {0.0625, 0.5, 4.0})
        try_nudging(teacher, plane, {{2, -3}}, nudge);
}

TEST(GradientByNudging, WithASmallNudgeItIsTheSlope) {
    const Grid parameters = {{-1, 0.5, 3, 0, 2}};
    Numbers numbers = to_numbers(parameters), gradient(5);
    gradient_by_nudging(
        [&] {
            return valley(Grid{{numbers.begin(), numbers.end()}});
        },
        0.0078125, numbers, gradient);
    expect_close(Grid{{gradient.begin(), gradient.end()}}, slopes(parameters, valley), 1e-4);
}

TEST(Nudging, ThereIsASlopeForEachParameter) {
    Numbers parameters(3), gradient(2);
    expect_error([&] { gradient_by_nudging([] { return 0.0; }, 0.5, parameters, gradient); },
                 {"gradient_by_nudging", "3 parameters", "2 slopes"});
}
