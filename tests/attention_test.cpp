#include "attention.h"

#include "support/attention_backward_mistakes.h"
#include "support/attention_mistakes.h"
#include "support/finite_differences.h"
#include "support/matrices.h"
#include "support/plain_loops.h"
#include "support/pytorch_numbers.h"

using namespace whirlygig;
using namespace support;

namespace {

struct Shape {
    std::size_t queries, keys, width;
    bool causal;
};
const Shape shapes[] = {{5, 7, 3, false}, {7, 5, 3, false}, {1, 1, 1, false},
                        {1, 1, 4, true},  {5, 5, 3, true},  {5, 7, 3, true},
                        {1, 9, 2, true},  {3, 1, 6, false}, {4, 3, 3, false}};

struct Example {
    Grid queries, keys, values; // (T, D), (S, D), (S, D)
    Grid gradient_mixed;        // (T, D)
    Grid gradient_scores;       // (T, S)
};

Example make_example(const Shape& shape) {
    Random random(100 * shape.queries + 10 * shape.keys + shape.width);
    return {to_grid(random_matrix(random, shape.queries, shape.width)),
            to_grid(random_matrix(random, shape.keys, shape.width)),
            to_grid(random_matrix(random, shape.keys, shape.width)),
            to_grid(random_matrix(random, shape.queries, shape.width)),
            to_grid(random_matrix(random, shape.queries, shape.keys))};
}

Mask mask_of(const Shape& shape) {
    return shape.causal ? Mask::causal : Mask::none;
}

HeadActivations to_record(const plain::Head& head) {
    return {to_matrix(head.queries),
            to_matrix(head.keys),
            to_matrix(head.values),
            to_matrix(head.scores),
            to_matrix(head.scaled),
            to_matrix(head.masked),
            to_matrix(head.attention_weights),
            to_matrix(head.mixed)};
}

// The record of one head, made by plain loops, and the gradients that attention_backward makes.
struct Backward {
    HeadActivations head, gradient;
};

Backward run_backward(const Shape& shape, const Example& e) {
    Backward run;
    run.head = to_record(plain::attention(e.queries, e.keys, e.values, shape.causal));
    run.gradient.mixed = to_matrix(e.gradient_mixed);
    run.gradient.queries = stale_matrix(shape.queries, shape.width);
    run.gradient.keys = stale_matrix(shape.keys, shape.width);
    run.gradient.values = stale_matrix(shape.keys, shape.width);
    attention_backward(mask_of(shape), run.head, run.gradient);
    return run;
}

double loss(const Shape& shape, const Example& e, const Grid& queries, const Grid& keys,
            const Grid& values) {
    return plain::weighted_sum(e.gradient_mixed,
                               plain::attention(queries, keys, values, shape.causal).mixed);
}

// In these four the result may hold anything before; afterwards it holds what the next call finds
// there.
void try_scores(Teacher& teacher, const Grid& queries, const Grid& keys, Matrix& scores) {
    const Matrix q = to_matrix(queries), k = to_matrix(keys);
    teacher.try_out({shown({{"queries", queries}, {"keys", keys}}),
                     plain::product(queries, plain::transpose(keys)),
                     mistakes::attention_scores(queries, keys, to_grid(scores))},
                    scores, [&] { attention_scores(q, k, scores); });
}

void try_scale(Teacher& teacher, const Grid& scores, std::size_t head_width, Matrix& scaled) {
    const Matrix matrix = to_matrix(scores);
    teacher.try_out(
        {shown({{"scores", scores}}) + fmt::format("given head_width: {}\n", head_width),
         plain::scale(scores, head_width),
         mistakes::scale_scores(scores, head_width, to_grid(scaled))},
        scaled, [&] { scale_scores(matrix, head_width, scaled); });
}

void try_mix(Teacher& teacher, const Grid& weights, const Grid& values, Matrix& mixed) {
    const Matrix w = to_matrix(weights), v = to_matrix(values);
    teacher.try_out({shown({{"attention weights", weights}, {"values", values}}),
                     plain::product(weights, values),
                     mistakes::mix_values(weights, values, to_grid(mixed))},
                    mixed, [&] { mix_values(w, v, mixed); });
}

struct HeadInput {
    Grid queries, keys, values;
};
const Grid equal_values = {{1, 2}, {4, 8}, {8, 16}};

struct NamedStage {
    const char* name;
    Matrix HeadActivations::*got;
    Grid plain::Head::*expected;
};
const NamedStage stages[] = {
    {"queries", &HeadActivations::queries, &plain::Head::queries},
    {"keys", &HeadActivations::keys, &plain::Head::keys},
    {"values", &HeadActivations::values, &plain::Head::values},
    {"scores", &HeadActivations::scores, &plain::Head::scores},
    {"scaled", &HeadActivations::scaled, &plain::Head::scaled},
    {"masked", &HeadActivations::masked, &plain::Head::masked},
    {"attention_weights", &HeadActivations::attention_weights, &plain::Head::attention_weights},
    {"mixed", &HeadActivations::mixed, &plain::Head::mixed},
};

void try_head(Teacher& teacher, Mask mask, const HeadInput& input, HeadActivations& head) {
    const bool causal = mask == Mask::causal;
    const auto& [queries, keys, values] = input;
    const plain::Head expected = plain::attention(queries, keys, values, causal);
    const auto known =
        mistakes::attention_forward({queries, keys, values, causal, to_grid(head.mixed)});
    head.queries = to_matrix(queries);
    head.keys = to_matrix(keys);
    head.values = to_matrix(values);
    const std::string given = shown({{"queries", queries}, {"keys", keys}, {"values", values}}) +
                              fmt::format("given Mask::{}\n", causal ? "causal" : "none");
    bool mask_is_written = true;
    try {
        if (!teacher.runs(given, [&] { attention_forward(mask, head); })) return;
    } catch (const NotWrittenYet& exception) {
        if (!std::string(exception.what()).starts_with("causal_mask_forward")) throw;
        teacher.expect(causal, given + "causal_mask_forward is called, but only Mask::causal asks "
                                       "for a mask.");
        mask_is_written = false;
    }
    for (const NamedStage& stage : stages) {
        if (!mask_is_written && stage.got == &HeadActivations::masked) return;
        NumbersExample example{given + "head." + stage.name + ":\n", expected.*stage.expected, {}};
        for (const auto& mistake : known)
            example.mistakes.push_back({mistake.sentence, mistake.output.*stage.expected});
        teacher.compare(example, to_grid(head.*stage.got));
    }
}

} // namespace

TEST(AttentionScores, EveryQueryIsComparedWithEveryKey) {
    Teacher teacher("attention_scores");
    Matrix scores(2, 3, 100);
    try_scores(teacher, {{1, 2}, {3, -1}}, {{1, 0}, {0, 1}, {2, 2}}, scores);
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        scores = Matrix(shape.queries, shape.keys, 100);
        try_scores(teacher, e.queries, e.keys, scores);
    }
}

TEST(AttentionScores, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("attention_scores");
    Matrix scores; // has no rows at first, and later those of the call before
    try_scores(teacher, {{1, 2}, {3, -1}}, {{1, 0}, {0, 1}, {2, 2}}, scores);
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        try_scores(teacher, e.queries, e.keys, scores);
        scores = stale_matrix(shape.queries, shape.keys);
        try_scores(teacher, e.queries, e.keys, scores);
    }
}

TEST(ScaleScores, ScoresAreDividedByTheRootOfTheHeadWidth) {
    Teacher teacher("scale_scores");
    Matrix scaled(2, 3, 100);
    try_scale(teacher, {{8, -4, 0}, {2, 6, 100}}, 4, scaled);
    scaled = Matrix(1, 2, 100);
    try_scale(teacher, {{3, 1}}, 3, scaled);
    try_scale(teacher, {{3, 1}}, 1, scaled);
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        scaled = Matrix(shape.queries, shape.keys, 100);
        try_scale(teacher, e.gradient_scores, 10 + shape.width, scaled);
    }
}

TEST(ScaleScores, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("scale_scores");
    Matrix scaled; // has no rows at first, and later those of the call before
    try_scale(teacher, {{8, -4, 0}, {2, 6, 100}}, 16, scaled);
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        try_scale(teacher, e.gradient_scores, shape.width, scaled);
        scaled = stale_matrix(shape.queries, shape.keys);
        try_scale(teacher, e.gradient_scores, shape.width, scaled);
    }
}

TEST(MixValues, EachValueCountsAsMuchAsItsWeight) {
    Teacher teacher("mix_values");
    Matrix mixed(2, 2, 100);
    try_mix(teacher, {{1, 0, 0}, {0.5, 0.25, 0.25}}, {{1, 2}, {4, 8}, {8, 16}}, mixed);
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        mixed = Matrix(shape.queries, shape.width, 100);
        try_mix(teacher, plain::softmax(e.gradient_scores), e.values, mixed);
    }
}

TEST(MixValues, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("mix_values");
    Matrix mixed; // has no rows at first, and later those of the call before
    try_mix(teacher, {{1, 0, 0}, {0.5, 0.25, 0.25}}, {{1, 2}, {4, 8}, {8, 16}}, mixed);
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        const Grid weights = plain::softmax(e.gradient_scores);
        try_mix(teacher, weights, e.values, mixed);
        mixed = stale_matrix(shape.queries, shape.width);
        try_mix(teacher, weights, e.values, mixed);
    }
}

TEST(AttentionForward, FillsTheWholeRecord) {
    Teacher teacher("attention_forward");
    HeadActivations head;
    try_head(teacher, Mask::none, {{{2, 0}, {0, 2}}, {{1, 0}, {0, 1}, {1, 1}}, equal_values}, head);
    for (const Shape& shape : shapes) {
        if (shape.causal) continue;
        const Example e = make_example(shape);
        try_head(teacher, Mask::none, {e.queries, e.keys, e.values}, head);
    }
}

// The mask itself is an exercise of the next lesson: whoever calls it before it is written has
// done all that can be done by then.
TEST(AttentionForward, AskedForAMaskItMasksBeforeTheSoftmax) {
    Teacher teacher("attention_forward");
    HeadActivations head;
    const Grid keys = {{1, 0}, {0, 1}, {1, 1}};
    try_head(teacher, Mask::causal, {keys, {{2, 0}, {0, 2}, {3, 1}}, equal_values}, head);
    for (const Shape& shape : shapes) {
        if (!shape.causal) continue;
        const Example e = make_example(shape);
        try_head(teacher, Mask::causal, {e.queries, e.keys, e.values}, head);
    }
}

TEST(AttentionForward, WithoutAMaskNothingIsKeptAsMasked) {
    Teacher teacher("attention_forward");
    const Example e = make_example({5, 7, 3, false});
    HeadActivations head;
    head.queries = to_matrix(e.queries);
    head.keys = to_matrix(e.keys);
    head.values = to_matrix(e.values);
    attention_forward(Mask::none, head);
    teacher.expect(head.masked.size1() == 0,
                   "Without a mask, head.masked should stay empty; but its shape is " +
                       whirlygig::shape_text(head.masked) + ".");
}

TEST(AttentionForward, EqualKeysAreLookedAtEqually) {
    Teacher teacher("attention_forward");
    HeadActivations head;
    try_head(teacher, Mask::none,
             {{{1, 2}, {-30, 4}, {5, 600}}, Grid(3, {1, 1}), {{3, 0}, {6, 0}, {9, 12}}}, head);
    const Matrix& mixed = head.mixed;
    teacher.expect(mixed.size1() == 3 && same(to_grid(mixed), Grid(3, {6, 4})),
                   "Where all keys are equal, every query should get the average of the values.");
}

TEST(AttentionScores, AreThoseOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        Matrix scores;
        attention_scores(to_matrix(numbers.grid("block.0.head.0.queries")),
                         to_matrix(numbers.grid("block.0.head.0.keys")), scores);
        expect_close(scores, numbers.grid("block.0.head.0.scores"));
    }
}

TEST(ScaleScores, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        Matrix scaled;
        scale_scores(to_matrix(numbers.grid("block.0.head.0.scores")),
                     numbers.grid("block.0.head.0.queries")[0].size(), scaled);
        expect_close(scaled, numbers.grid("block.0.head.0.scaled"));
    }
}

TEST(MixValues, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        Matrix mixed;
        mix_values(to_matrix(numbers.grid("block.0.head.0.attention_weights")),
                   to_matrix(numbers.grid("block.0.head.0.values")), mixed);
        expect_close(mixed, numbers.grid("block.0.head.0.mixed"));
    }
}

TEST(Attention, ScoresBackwardReachesQueriesAndKeys) {
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        const auto loss_of = [&](const Grid& queries, const Grid& keys) {
            return plain::weighted_sum(e.gradient_scores,
                                       plain::product(queries, plain::transpose(keys)));
        };
        Matrix gradient_queries = stale_matrix(shape.queries, shape.width);
        Matrix gradient_keys = stale_matrix(shape.keys, shape.width);
        attention_scores_backward(to_matrix(e.gradient_scores), to_matrix(e.queries),
                                  to_matrix(e.keys), gradient_queries, gradient_keys);
        expect_gradient(gradient_queries, slopes(e.queries, [&](const Grid& changed) {
                            return loss_of(changed, e.keys);
                        }));
        expect_gradient(gradient_keys, slopes(e.keys, [&](const Grid& changed) {
                            return loss_of(e.queries, changed);
                        }));
    }
}

TEST(Attention, ScaleBackwardDividesTheGradientToo) {
    Matrix gradient_scores = stale_matrix(1, 3);
    scale_scores_backward(to_matrix({{8, -4, 2}}), 4, gradient_scores);
    expect_close(gradient_scores, {{4, -2, 1}});
}

TEST(Attention, MixBackwardReachesAttentionWeightsAndValues) {
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        const Grid weights = plain::softmax(e.gradient_scores); // any shares
        const auto loss_of = [&](const Grid& some_weights, const Grid& values) {
            return plain::weighted_sum(e.gradient_mixed, plain::product(some_weights, values));
        };
        Matrix gradient_weights = stale_matrix(shape.queries, shape.keys);
        Matrix gradient_values = stale_matrix(shape.keys, shape.width);
        mix_values_backward(to_matrix(e.gradient_mixed), to_matrix(weights), to_matrix(e.values),
                            gradient_weights, gradient_values);
        expect_gradient(gradient_weights, slopes(weights, [&](const Grid& changed) {
                            return loss_of(changed, e.values);
                        }));
        expect_gradient(gradient_values, slopes(e.values, [&](const Grid& changed) {
                            return loss_of(weights, changed);
                        }));
    }
}

TEST(Attention, BackwardReachesQueriesKeysAndValues) {
    for (const Shape& shape : shapes) {
        SCOPED_TRACE(fmt::format("T={}, S={}, D={}", shape.queries, shape.keys, shape.width));
        const Example e = make_example(shape);
        const Backward run = run_backward(shape, e);
        expect_gradient(run.gradient.queries, slopes(e.queries, [&](const Grid& changed) {
                            return loss(shape, e, changed, e.keys, e.values);
                        }));
        expect_gradient(run.gradient.keys, slopes(e.keys, [&](const Grid& changed) {
                            return loss(shape, e, e.queries, changed, e.values);
                        }));
        expect_gradient(run.gradient.values, slopes(e.values, [&](const Grid& changed) {
                            return loss(shape, e, e.queries, e.keys, changed);
                        }));
    }
}

TEST(Attention, BackwardRecordsTheStagesOnItsWay) {
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        const Backward run = run_backward(shape, e);
        const plain::Head head = plain::attention(e.queries, e.keys, e.values, shape.causal);
        const auto after_weights = [&](const Grid& weights) {
            return plain::weighted_sum(e.gradient_mixed, plain::product(weights, e.values));
        };
        const auto after_scaled = [&](const Grid& scaled) {
            return after_weights(
                plain::softmax(shape.causal ? plain::causal_mask(scaled) : scaled));
        };
        const auto after_scores = [&](const Grid& scores) {
            return after_scaled(plain::scale(scores, shape.width));
        };
        expect_gradient(run.gradient.attention_weights,
                        slopes(head.attention_weights, after_weights));
        expect_gradient(run.gradient.scaled, slopes(head.scaled, after_scaled));
        expect_gradient(run.gradient.scores, slopes(head.scores, after_scores));
        if (shape.causal) expect_close(run.gradient.masked, to_grid(run.gradient.scaled));
    }
}

namespace {

// In these two the results may hold anything before; afterwards they hold what the next call finds
// there.
struct TwoResults {
    Matrix first, second;
};

void try_mix_backward(Teacher& teacher, const Grid& gradient, const Grid& weights,
                      const Grid& values, TwoResults& results) {
    const Matrix by_mixed = to_matrix(gradient), w = to_matrix(weights), v = to_matrix(values);
    const mistakes::MixBack example{gradient, weights, values, to_grid(results.first),
                                    to_grid(results.second)};
    const std::string given =
        shown({{"gradient_mixed", gradient}, {"attention weights", weights}, {"values", values}});
    if (!teacher.runs(given,
                      [&] { mix_values_backward(by_mixed, w, v, results.first, results.second); }))
        return;
    const mistakes::TwoProducts right = mistakes::mix_products(example);
    compare_parts(teacher,
                  {given, mistakes::two_parts(right, right.first, right.second),
                   mistakes::mix_values_backward(example),
                   mistakes::two_parts(right, right.first_before, right.second_before)},
                  mistakes::two_parts(right, to_grid(results.first), to_grid(results.second)));
}

void try_scores_backward(Teacher& teacher, const Grid& gradient, const Grid& queries,
                         const Grid& keys, TwoResults& results) {
    const Matrix by_scores = to_matrix(gradient), q = to_matrix(queries), k = to_matrix(keys);
    const mistakes::ScoresBack example{gradient, queries, keys, to_grid(results.first),
                                       to_grid(results.second)};
    const std::string given =
        shown({{"gradient_scores", gradient}, {"queries", queries}, {"keys", keys}});
    if (!teacher.runs(given, [&] {
            attention_scores_backward(by_scores, q, k, results.first, results.second);
        }))
        return;
    const mistakes::TwoProducts right = mistakes::score_products(example);
    compare_parts(teacher,
                  {given, mistakes::two_parts(right, right.first, right.second),
                   mistakes::attention_scores_backward(example),
                   mistakes::two_parts(right, right.first_before, right.second_before)},
                  mistakes::two_parts(right, to_grid(results.first), to_grid(results.second)));
}

// `record` may hold the gradients of an earlier pass.
void try_head_backward(Teacher& teacher, const Shape& shape, HeadActivations& record) {
    const Example e = make_example(shape);
    const plain::Head head = plain::attention(e.queries, e.keys, e.values, shape.causal);
    const HeadActivations pass = to_record(head);
    record.mixed = to_matrix(e.gradient_mixed);
    const auto parts = [&] {
        return mistakes::head_parts({to_grid(record.queries),
                                     to_grid(record.keys),
                                     to_grid(record.values),
                                     to_grid(record.scores),
                                     to_grid(record.scaled),
                                     shape.causal ? to_grid(record.masked) : Grid{},
                                     to_grid(record.attention_weights),
                                     {}});
    };
    if (shape.causal && record.masked.size1() == 0) record.masked = Matrix(1, 1, 50);
    const support::Parts before = parts();
    const std::string given = shown({{"gradient.mixed", e.gradient_mixed},
                                     {"head.attention_weights", head.attention_weights},
                                     {"head.values", e.values},
                                     {"head.queries", e.queries},
                                     {"head.keys", e.keys}}) +
                              fmt::format("given Mask::{}\n", shape.causal ? "causal" : "none");
    if (!teacher.runs(given, [&] { attention_backward(mask_of(shape), pass, record); })) return;
    compare_parts(teacher,
                  {given, mistakes::head_parts(plain::attention_backward(head, e.gradient_mixed)),
                   mistakes::attention_backward(head, e.gradient_mixed, before), before},
                  parts());
}

} // namespace

TEST(MixValuesBackward, WeightsAndValuesGetTheirPartOfTheBlend) {
    Teacher teacher("mix_values_backward");
    TwoResults results{Matrix(2, 3, 50), Matrix(3, 2, 50)};
    try_mix_backward(teacher, {{1, 2}, {10, 0}}, {{1, 0, 0}, {0.5, 0.25, 0.25}},
                     {{1, 2}, {4, 8}, {8, 16}}, results);
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        const Grid weights = plain::softmax(e.gradient_scores); // any shares
        results = {Matrix(shape.queries, shape.keys, 50), Matrix(shape.keys, shape.width, 50)};
        try_mix_backward(teacher, e.gradient_mixed, weights, e.values, results);
        try_mix_backward(teacher, e.gradient_mixed, weights, e.values, results);
    }
}

TEST(MixValuesBackward, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        Matrix by_weights, by_values;
        mix_values_backward(to_matrix(numbers.grid("gradient.block.0.head.0.mixed")),
                            to_matrix(numbers.grid("block.0.head.0.attention_weights")),
                            to_matrix(numbers.grid("block.0.head.0.values")), by_weights,
                            by_values);
        expect_close(by_weights, numbers.grid("gradient.block.0.head.0.attention_weights"));
        expect_close(by_values, numbers.grid("gradient.block.0.head.0.values"));
    }
}

TEST(AttentionScoresBackward, QueriesCollectKeysAndKeysCollectQueries) {
    Teacher teacher("attention_scores_backward");
    TwoResults results{Matrix(2, 2, 50), Matrix(3, 2, 50)};
    try_scores_backward(teacher, {{1, 0, 2}, {0, 10, 0}}, {{1, 2}, {3, -1}},
                        {{1, 0}, {0, 1}, {2, 2}}, results);
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        results = {Matrix(shape.queries, shape.width, 50), Matrix(shape.keys, shape.width, 50)};
        try_scores_backward(teacher, e.gradient_scores, e.queries, e.keys, results);
        try_scores_backward(teacher, e.gradient_scores, e.queries, e.keys, results);
    }
}

TEST(AttentionScoresBackward, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        Matrix by_queries, by_keys;
        attention_scores_backward(to_matrix(numbers.grid("gradient.block.0.head.0.scores")),
                                  to_matrix(numbers.grid("block.0.head.0.queries")),
                                  to_matrix(numbers.grid("block.0.head.0.keys")), by_queries,
                                  by_keys);
        expect_close(by_queries, numbers.grid("gradient.block.0.head.0.queries"));
        expect_close(by_keys, numbers.grid("gradient.block.0.head.0.keys"));
    }
}

TEST(AttentionBackward, GoesBackThroughAllSteps) {
    Teacher teacher("attention_backward");
    for (const Shape& shape : shapes) {
        HeadActivations record;
        try_head_backward(teacher, shape, record);
    }
}

TEST(AttentionBackward, TheRecordMayHoldAnEarlierPass) {
    Teacher teacher("attention_backward");
    HeadActivations record;
    for (const Shape& shape : shapes)
        try_head_backward(teacher, shape, record);
}

TEST(AttentionBackward, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        const auto stage = [&](const std::string& name) {
            return to_matrix(numbers.grid("block.0.head.0." + name));
        };
        const HeadActivations head{stage("queries"),
                                   stage("keys"),
                                   stage("values"),
                                   stage("scores"),
                                   stage("scaled"),
                                   stage("masked"),
                                   stage("attention_weights"),
                                   stage("mixed")};
        HeadActivations gradient;
        gradient.mixed = to_matrix(numbers.grid("gradient.block.0.head.0.mixed"));
        attention_backward(Mask::causal, head, gradient);
        expect_close(gradient.queries, numbers.grid("gradient.block.0.head.0.queries"));
        expect_close(gradient.keys, numbers.grid("gradient.block.0.head.0.keys"));
        expect_close(gradient.values, numbers.grid("gradient.block.0.head.0.values"));
    }
}

TEST(Attention, ErrorsNameTheFunctionAndBothShapes) {
    Matrix result;
    expect_error([&] { attention_scores(Matrix(5, 3, 0), Matrix(7, 4, 0), result); },
                 {"attention_scores", "keys", "(7, 4)", "3"});
    expect_error([&] { mix_values(Matrix(5, 7, 0), Matrix(6, 3, 0), result); },
                 {"mix_values", "values", "(6, 3)", "(7, 3)"});
    HeadActivations head;
    head.queries = Matrix(7, 3, 0);
    head.keys = head.values = Matrix(5, 3, 0);
    expect_error([&] { attention_forward(Mask::causal, head); }, {"7", "5"});
}

TEST(Attention, ResultsMayNotBeWrittenOverWhatTheyAreMadeFrom) {
    Matrix a(4, 4, 1), b(4, 4, 1), c;
    expect_error([&] { attention_scores(a, b, a); }, {"written over"});
    expect_error([&] { scale_scores(a, 4, a); }, {"scale_scores", "written over"});
    expect_error([&] { mix_values(a, b, b); }, {"written over"});
    expect_error([&] { attention_scores_backward(a, b, b, c, a); }, {"written over"});
    expect_error([&] { mix_values_backward(a, b, b, c, b); }, {"written over"});
}

TEST(Attention, TheRecordKeepsItsMemory) {
    const Example e = make_example({5, 7, 3, true});
    HeadActivations head = to_record(plain::attention(e.queries, e.keys, e.values, true));
    HeadActivations gradient;
    gradient.mixed = to_matrix(e.gradient_mixed);
    const auto addresses = [&] {
        attention_forward(Mask::causal, head);
        attention_backward(Mask::causal, head, gradient);
        std::vector<const Real*> all;
        for (const HeadActivations* record : {&head, &gradient}) {
            for (const auto field :
                 {&HeadActivations::queries, &HeadActivations::keys, &HeadActivations::values,
                  &HeadActivations::scores, &HeadActivations::scaled, &HeadActivations::masked,
                  &HeadActivations::attention_weights, &HeadActivations::mixed})
                all.push_back(address(record->*field));
        }
        return all;
    };
    const auto before = addresses();
    EXPECT_EQ(addresses(), before);
}
