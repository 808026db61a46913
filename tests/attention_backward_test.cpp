#include "attention.h"

#include "support/attention_backward_mistakes.h"
#include "support/finite_differences.h"
#include "support/head_examples.h"
#include "support/plain_loops.h"
#include "support/pytorch_numbers.h"

using namespace whirlygig;
using namespace support;

namespace {

Mask mask_of(const HeadShape& shape) {
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

Backward run_backward(const HeadShape& shape, const HeadExample& e) {
    Backward run;
    run.head = to_record(plain::attention(e.queries, e.keys, e.values, shape.causal));
    run.gradient.mixed = to_matrix(e.gradient_mixed);
    run.gradient.queries = stale_matrix(shape.queries, shape.width);
    run.gradient.keys = stale_matrix(shape.keys, shape.width);
    run.gradient.values = stale_matrix(shape.keys, shape.width);
    attention_backward(mask_of(shape), run.head, run.gradient);
    return run;
}

double loss(const HeadShape& shape, const HeadExample& e, const Grid& queries, const Grid& keys,
            const Grid& values) {
    return plain::weighted_sum(e.gradient_mixed,
                               plain::attention(queries, keys, values, shape.causal).mixed);
}

} // namespace

TEST(Attention, ScoresBackwardReachesQueriesAndKeys) {
    for (const HeadShape& shape : head_shapes) {
        const HeadExample e = make_example(shape);
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
    for (const HeadShape& shape : head_shapes) {
        const HeadExample e = make_example(shape);
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
    for (const HeadShape& shape : head_shapes) {
        SCOPED_TRACE(fmt::format("T={}, S={}, D={}", shape.queries, shape.keys, shape.width));
        const HeadExample e = make_example(shape);
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
    for (const HeadShape& shape : head_shapes) {
        const HeadExample e = make_example(shape);
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
void try_head_backward(Teacher& teacher, const HeadShape& shape, HeadActivations& record) {
    const HeadExample e = make_example(shape);
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
    for (const HeadShape& shape : head_shapes) {
        const HeadExample e = make_example(shape);
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
    for (const HeadShape& shape : head_shapes) {
        const HeadExample e = make_example(shape);
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
    for (const HeadShape& shape : head_shapes) {
        HeadActivations record;
        try_head_backward(teacher, shape, record);
    }
}

TEST(AttentionBackward, TheRecordMayHoldAnEarlierPass) {
    Teacher teacher("attention_backward");
    HeadActivations record;
    for (const HeadShape& shape : head_shapes)
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

TEST(Attention, GradientsMayNotBeWrittenOverWhatTheyAreMadeFrom) {
    Matrix a(4, 4, 1), b(4, 4, 1), c;
    expect_error([&] { attention_scores_backward(a, b, b, c, a); }, {"written over"});
    expect_error([&] { mix_values_backward(a, b, b, c, b); }, {"written over"});
}

TEST(Attention, TheRecordKeepsItsMemory) {
    const HeadExample e = make_example({5, 7, 3, true});
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
