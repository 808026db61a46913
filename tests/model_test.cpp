#include "model.h"

#include "loss.h"

#include "support/block_backward_mistakes.h"
#include "support/matrices.h"
#include "support/model_mistakes.h"
#include "support/plain_model.h"
#include "support/small_model.h"

using namespace whirlygig;
using namespace support;

namespace {

struct Case {
    Config config;
    std::size_t tokens;
};

const Config untied{
    .vocabulary = 7, .context = 9, .width = 6, .heads = 2, .hidden = 10, .layers = 2};
const Config tied{
    .vocabulary = 7, .context = 9, .width = 6, .heads = 2, .hidden = 10, .layers = 2, .tied = true};
const Config narrow{.vocabulary = 3,
                    .context = 4,
                    .width = 2,
                    .heads = 1,
                    .hidden = 1,
                    .layers = 3,
                    .tied = true,
                    .epsilon = 0.01};
const Config many_heads{.vocabulary = 11, .context = 5, .width = 6, .heads = 3, .hidden = 4};
const Case cases[] = {{untied, 5}, {tied, 5}, {narrow, 4}, {many_heads, 3}, {untied, 1}};

struct Example {
    Model model;
    Activations activations; // ids and targets
    Matrix gradient_loss;    // each place's share of the loss
    Parameters start;        // gradients by the parameters that were there before
};

Example make_example(const Case& c) {
    Random random(100 * c.config.vocabulary + 10 * c.config.layers + c.tokens + c.config.tied);
    Example e{support::random_model(random, c.config),
              {},
              random_matrix(random, c.tokens, 1),
              support::random_model(random, c.config).parameters};
    e.activations.ids = random_ids(random, c.tokens, c.config.vocabulary);
    e.activations.targets = random_ids(random, c.tokens, c.config.vocabulary);
    return e;
}

plain::Named plain_stages(const Example& e, const plain::Named& parameters) {
    return plain::decoder(parameters, e.model.config, e.activations.ids, e.activations.targets);
}

// Runs the backward pass and compares the gradient by every parameter with the slope of the loss.
void expect_backward_is_the_slope(Example e) {
    forward(e.model, e.activations);
    forward_loss(e.activations);
    Activations gradients;
    gradients.loss = e.gradient_loss;
    Parameters gradient = e.start;
    backward(e.model, e.activations, gradients, gradient);
    plain::expect_parameter_gradients(
        gradient, e.start, plain::by_name(e.model.parameters), [&](const plain::Named& p) {
            return plain::weighted_sum(to_grid(e.gradient_loss), plain_stages(e, p).at("loss"));
        });
}

std::vector<const Real*> addresses(const Activations& record) {
    std::vector all{address(record.embedding.tokens),
                    address(record.embedding.positions),
                    address(record.embedding.sum),
                    address(record.final_norm),
                    address(record.logits),
                    address(record.probabilities),
                    address(record.loss)};
    for (const BlockActivations& block : record.blocks) {
        for (const Matrix* matrix :
             {&block.attention_norm, &block.attention.joined, &block.attention.output,
              &block.attention_residual, &block.mlp_norm, &block.mlp.hidden, &block.mlp.activated,
              &block.mlp.output, &block.mlp_residual})
            all.push_back(address(*matrix));
        for (const HeadActivations& head : block.attention.heads) {
            for (const Matrix* matrix :
                 {&head.queries, &head.keys, &head.values, &head.scores, &head.scaled, &head.masked,
                  &head.attention_weights, &head.mixed})
                all.push_back(address(*matrix));
        }
    }
    return all;
}

std::vector<Part> parts_of(const Activations& record) {
    std::vector<Part> parts{{"activations.embedding.sum", record.embedding.sum}};
    for (std::size_t b = 0; b < record.blocks.size(); ++b)
        parts.push_back(
            {fmt::format("activations.blocks[{}].mlp_residual", b), record.blocks[b].mlp_residual});
    parts.push_back({"activations.final_norm", record.final_norm});
    parts.push_back({"activations.logits", record.logits});
    parts.push_back({"activations.probabilities", record.probabilities});
    return parts;
}

// The ids and the first place are in the record; `before` are the tokens of the text before them.
void try_forward(Teacher& teacher, const Model& model, const std::vector<int>& before,
                 Activations& record) {
    const std::string given =
        fmt::format("given the ids {}, first_place {}, {} blocks, a vocabulary of {}{}\n",
                    fmt::join(record.ids, ", "), record.first_place, model.config.layers,
                    model.config.vocabulary, model.config.tied ? ", tied" : "");
    std::vector<int> ids = before;
    ids.insert(ids.end(), record.ids.begin(), record.ids.end());
    const mistakes::PassExample example{model, ids, before.size()};
    Record held;
    for (const Part& part : parts_of(record))
        held[part.name] = to_grid(part.got);
    if (!teacher.runs(given, [&] { forward(model, record); })) return;
    compare_record(teacher, given, parts_of(record), mistakes::passed(example, {}),
                   mistakes::forward(example, held));
}

} // namespace

TEST(Forward, RunsFromTokensToProbabilities) {
    Teacher teacher("forward");
    for (const Case& c : cases) {
        Example e = make_example(c);
        try_forward(teacher, e.model, {}, e.activations);
    }
}

TEST(Forward, TheRecordMayComeFromAnotherText) {
    Teacher teacher("forward");
    Activations record;
    for (const Case& c : cases) {
        const Example e = make_example(c);
        record.ids = e.activations.ids;
        record.probabilities = stale_matrix(c.tokens, c.config.vocabulary);
        record.final_norm = stale_matrix(c.tokens, c.config.width);
        try_forward(teacher, e.model, {}, record);
    }
}

TEST(Forward, ATextMayGoOn) {
    Teacher teacher("forward");
    const Example e = make_example({untied, 5});
    Activations record;
    std::vector<int> known;
    for (const std::vector<int>& piece : {std::vector<int>{3, 1, 6, 0}, {6, 2}}) {
        record.first_place = known.size();
        record.ids = piece;
        try_forward(teacher, e.model, known, record);
        known.insert(known.end(), piece.begin(), piece.end());
    }
}

TEST(Model, ForwardRunsFromTokensToProbabilitiesAndLoss) {
    for (const Case& c : cases) {
        Example e = make_example(c);
        const plain::Named stages = plain_stages(e, plain::by_name(e.model.parameters));
        forward(e.model, e.activations);
        forward_loss(e.activations);
        expect_close(e.activations.embedding.sum, stages.at("embedding.sum"));
        EXPECT_EQ(e.activations.blocks.size(), c.config.layers);
        for (std::size_t b = 0; b < c.config.layers; ++b) {
            expect_close(e.activations.blocks[b].mlp_residual,
                         stages.at(fmt::format("block.{}.mlp.residual", b)));
        }
        expect_close(e.activations.final_norm, stages.at("final.norm"));
        expect_close(e.activations.logits, stages.at("logits"));
        expect_close(e.activations.probabilities, stages.at("probabilities"));
        expect_close(e.activations.loss, stages.at("loss"));
    }
}

TEST(Model, StreamIsWhatEntersABlockAndWhatLeavesTheLast) {
    Example e = make_example({untied, 5});
    forward(e.model, e.activations);
    const Activations& record = e.activations;
    EXPECT_EQ(&record.stream(0), &record.embedding.sum);
    EXPECT_EQ(&record.stream(1), &record.blocks[0].mlp_residual);
    EXPECT_EQ(&record.stream(2), &record.blocks[1].mlp_residual);
}

TEST(Model, BackwardReachesEveryParameter) {
    for (const Case& c : cases) {
        SCOPED_TRACE(
            fmt::format("V={}, L={}, T={}", c.config.vocabulary, c.config.layers, c.tokens));
        expect_backward_is_the_slope(make_example(c));
    }
}

TEST(Model, BackwardWorksWhenTheLastPlaceHasNoTarget) {
    Example e = make_example({tied, 5});
    e.activations.targets = next_tokens(e.activations.ids);
    e.gradient_loss = Matrix(4, 1, Real(0.25));
    expect_backward_is_the_slope(e);
}

namespace {

void try_backward(Teacher& teacher, const Case& c, Activations& gradients) {
    Example e = make_example(c);
    forward(e.model, e.activations);
    gradients.loss = e.gradient_loss;
    Parameters gradient = e.start;
    const mistakes::ModelBack example{
        plain::by_name(e.model.parameters),
        plain::by_name(e.start),
        c.config,
        {e.activations.ids, e.activations.targets, to_grid(e.gradient_loss)}};
    const std::string given = fmt::format(
        "given {} tokens, a vocabulary of {}, {} blocks{}\n", c.tokens, c.config.vocabulary,
        c.config.layers, c.config.tied ? ", the token table used as unembedding (tied)" : "");
    if (!teacher.runs(given, [&] { backward(e.model, e.activations, gradients, gradient); }))
        return;
    compare_parts(teacher, {given, mistakes::model_back(example, {}), mistakes::backward(example)},
                  mistakes::named_parts(plain::by_name(gradient), {},
                                        {{"gradients.logits", to_grid(gradients.logits)},
                                         {"gradients.final_norm", to_grid(gradients.final_norm)}}));
}

} // namespace

TEST(Backward, ReachesEveryParameter) {
    Teacher teacher("backward");
    for (const Case& c : cases) {
        Activations gradients;
        try_backward(teacher, c, gradients);
    }
}

TEST(Backward, TheRecordMayHoldAnEarlierPass) {
    Teacher teacher("backward");
    Activations gradients;
    for (int pass = 0; pass < 2; ++pass)
        try_backward(teacher, cases[0], gradients);
    try_backward(teacher, cases[2], gradients);
}

// As in training: the blocks take turns with one record.
TEST(Backward, OneRecordForTheGradientsOfAllBlocksIsEnough) {
    Teacher teacher("backward");
    Activations gradients;
    gradients.one_block_for_all = true;
    for (const Case& c : cases)
        try_backward(teacher, c, gradients);
}

TEST(Model, TargetsThatCountForNothingChangeNoGradient) {
    Example e = make_example({untied, 5});
    forward(e.model, e.activations);
    Activations gradients;
    gradients.loss = Matrix(5, 1, 0);
    Parameters gradient = e.start;
    backward(e.model, e.activations, gradients, gradient);
    for (const auto& [name, numbers] : plain::by_name(gradient)) {
        SCOPED_TRACE(name);
        expect_close(numbers, plain::by_name(e.start).at(name), 0);
    }
}

TEST(Model, BackwardRecordsTheGradientByProbabilitiesAndLogits) {
    Example e = make_example({untied, 5});
    forward(e.model, e.activations);
    Activations gradients;
    gradients.loss = e.gradient_loss;
    backward(e.model, e.activations, gradients, e.start);
    const Grid probabilities = to_grid(e.activations.probabilities);
    const auto after_probabilities = [&](const Grid& changed) {
        return plain::weighted_sum(to_grid(e.gradient_loss),
                                   plain::cross_entropy(changed, e.activations.targets));
    };
    expect_gradient(gradients.probabilities, slopes(probabilities, after_probabilities));
    expect_gradient(gradients.logits,
                    slopes(to_grid(e.activations.logits), [&](const Grid& logits) {
                        return after_probabilities(plain::softmax(logits));
                    }));
}

TEST(Model, LaterTokensDoNotMatter) {
    Example e = make_example({untied, 5});
    e.activations.ids = {1, 2, 3, 4, 5};
    forward(e.model, e.activations);
    const Grid before = to_grid(e.activations.logits);
    e.activations.ids[3] = 6;
    forward(e.model, e.activations);
    const Grid after = to_grid(e.activations.logits);
    for (std::size_t place = 0; place < 5; ++place)
        EXPECT_EQ(before[place] == after[place], place < 3) << "place " << place;
}

TEST(Model, ContinuingATextPlaceByPlaceIsOneWholePass) {
    for (const Case& c : {Case{untied, 9}, Case{tied, 6}, Case{many_heads, 5}}) {
        Example e = make_example(c);
        forward(e.model, e.activations);
        const Grid expected = to_grid(e.activations.logits);
        Activations continued;
        for (std::size_t place = 0; place < c.tokens; ++place) {
            SCOPED_TRACE(fmt::format("place {}", place));
            continued.first_place = place;
            continued.ids = {e.activations.ids[place]};
            forward(e.model, continued);
            expect_close(continued.logits, {expected[place]});
        }
    }
}

TEST(Model, ContinuingATextInPiecesIsOneWholePass) {
    Example e = make_example({untied, 9});
    forward(e.model, e.activations);
    const Grid expected = to_grid(e.activations.logits);
    const auto ids = e.activations.ids.begin();
    Activations continued;
    for (int text = 0; text < 2; ++text) { // the second text starts afresh, at place 0
        std::ptrdiff_t place = 0;
        for (const std::ptrdiff_t count : {2, 4, 3}) {
            continued.first_place = static_cast<std::size_t>(place);
            continued.ids = {ids + place, ids + place + count};
            forward(e.model, continued);
            expect_close(continued.logits,
                         {expected.begin() + place, expected.begin() + place + count});
            place += count;
        }
    }
}

TEST(Model, ARecordThatIsUsedAgainGivesTheSameNumbersAsAFreshOne) {
    Example longer = make_example({untied, 9}), shorter = make_example({untied, 5});
    Activations used, used_gradients;
    used.ids = longer.activations.ids;
    used.targets = longer.activations.targets;
    forward(longer.model, used);
    used_gradients.loss = longer.gradient_loss;
    backward(longer.model, used, used_gradients, longer.start);

    used.ids = shorter.activations.ids;
    used.targets = shorter.activations.targets;
    forward(shorter.model, used);
    forward(shorter.model, shorter.activations);
    expect_equal(used.probabilities, to_grid(shorter.activations.probabilities));
    Activations fresh_gradients;
    fresh_gradients.loss = used_gradients.loss = shorter.gradient_loss;
    Parameters used_gradient = shorter.start, fresh_gradient = shorter.start;
    backward(shorter.model, used, used_gradients, used_gradient);
    backward(shorter.model, shorter.activations, fresh_gradients, fresh_gradient);
    EXPECT_EQ(plain::by_name(used_gradient), plain::by_name(fresh_gradient));
}

TEST(Model, OneRecordForTheGradientsOfAllBlocksGivesTheSameGradients) {
    for (const Case& c : cases) {
        const Example e = make_example(c);
        Activations activations = e.activations, kept, shared;
        forward(e.model, activations);
        kept.loss = shared.loss = e.gradient_loss;
        shared.one_block_for_all = true;
        Parameters from_kept = e.start, from_shared = e.start;
        backward(e.model, activations, kept, from_kept);
        backward(e.model, activations, shared, from_shared);
        EXPECT_EQ(shared.blocks.size(), 1U);
        EXPECT_EQ(plain::by_name(from_shared), plain::by_name(from_kept));
    }
}

TEST(Model, ASecondPassAsksForNoNewMemory) {
    Example e = make_example({untied, 5});
    Activations gradients;
    gradients.loss = e.gradient_loss;
    const auto run = [&] {
        forward(e.model, e.activations);
        forward_loss(e.activations);
        backward(e.model, e.activations, gradients, e.start);
        return std::pair{addresses(e.activations), addresses(gradients)};
    };
    const auto before = run();
    EXPECT_EQ(run(), before);
}

TEST(Model, TheUnembeddingIsTheTokenTableWhenTied) {
    const Model one{tied, make_parameters(tied)}, two{untied, make_parameters(untied)};
    EXPECT_EQ(&one.unembedding(), &one.parameters.embedding.token_table);
    EXPECT_EQ(&two.unembedding(), &two.parameters.unembedding);
    EXPECT_EQ(shape_text(one.parameters.unembedding), "(0, 0)");
    EXPECT_EQ(shape_text(two.parameters.unembedding), "(7, 6)");
}

TEST(Model, TextsThatCannotBeReadAreRefused) {
    Example e = make_example({untied, 5});
    e.activations.ids = {};
    expect_error([&] { forward(e.model, e.activations); }, {"empty"});
    e.activations.ids = {1, 7};
    expect_error([&] { forward(e.model, e.activations); }, {"token id 7", "place 1"});
    e.activations.ids = std::vector<int>(10, 1);
    expect_error([&] { forward(e.model, e.activations); }, {"10 tokens", "context is 9"});
}
