#include "attention.h"

#include "support/attention_mistakes.h"
#include "support/head_examples.h"
#include "support/plain_loops.h"
#include "support/pytorch_numbers.h"

using namespace whirlygig;
using namespace support;

namespace {

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
    for (const HeadShape& shape : head_shapes) {
        const HeadExample e = make_example(shape);
        scores = Matrix(shape.queries, shape.keys, 100);
        try_scores(teacher, e.queries, e.keys, scores);
    }
}

TEST(AttentionScores, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("attention_scores");
    Matrix scores; // has no rows at first, and later those of the call before
    try_scores(teacher, {{1, 2}, {3, -1}}, {{1, 0}, {0, 1}, {2, 2}}, scores);
    for (const HeadShape& shape : head_shapes) {
        const HeadExample e = make_example(shape);
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
    for (const HeadShape& shape : head_shapes) {
        const HeadExample e = make_example(shape);
        scaled = Matrix(shape.queries, shape.keys, 100);
        try_scale(teacher, e.gradient_scores, 10 + shape.width, scaled);
    }
}

TEST(ScaleScores, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("scale_scores");
    Matrix scaled; // has no rows at first, and later those of the call before
    try_scale(teacher, {{8, -4, 0}, {2, 6, 100}}, 16, scaled);
    for (const HeadShape& shape : head_shapes) {
        const HeadExample e = make_example(shape);
        try_scale(teacher, e.gradient_scores, shape.width, scaled);
        scaled = stale_matrix(shape.queries, shape.keys);
        try_scale(teacher, e.gradient_scores, shape.width, scaled);
    }
}

TEST(MixValues, EachValueCountsAsMuchAsItsWeight) {
    Teacher teacher("mix_values");
    Matrix mixed(2, 2, 100);
    try_mix(teacher, {{1, 0, 0}, {0.5, 0.25, 0.25}}, {{1, 2}, {4, 8}, {8, 16}}, mixed);
    for (const HeadShape& shape : head_shapes) {
        const HeadExample e = make_example(shape);
        mixed = Matrix(shape.queries, shape.width, 100);
        try_mix(teacher, plain::softmax(e.gradient_scores), e.values, mixed);
    }
}

TEST(MixValues, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("mix_values");
    Matrix mixed; // has no rows at first, and later those of the call before
    try_mix(teacher, {{1, 0, 0}, {0.5, 0.25, 0.25}}, {{1, 2}, {4, 8}, {8, 16}}, mixed);
    for (const HeadShape& shape : head_shapes) {
        const HeadExample e = make_example(shape);
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
    for (const HeadShape& shape : head_shapes) {
        if (shape.causal) continue;
        const HeadExample e = make_example(shape);
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
    for (const HeadShape& shape : head_shapes) {
        if (!shape.causal) continue;
        const HeadExample e = make_example(shape);
        try_head(teacher, Mask::causal, {e.queries, e.keys, e.values}, head);
    }
}

TEST(AttentionForward, WithoutAMaskNothingIsKeptAsMasked) {
    Teacher teacher("attention_forward");
    const HeadExample e = make_example({5, 7, 3, false});
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
    Matrix a(4, 4, 1), b(4, 4, 1);
    expect_error([&] { attention_scores(a, b, a); }, {"written over"});
    expect_error([&] { scale_scores(a, 4, a); }, {"scale_scores", "written over"});
    expect_error([&] { mix_values(a, b, b); }, {"written over"});
}
