#include "multi_head.h"

#include "support/block_backward_mistakes.h"
#include "support/matrices.h"
#include "support/plain_model.h"
#include "support/small_model.h"

using namespace whirlygig;
using namespace support;

namespace {

struct Shape {
    std::size_t heads, head_width, queries, keys;
};
const Shape shapes[] = {{2, 3, 5, 7}, {3, 2, 7, 5}, {1, 1, 1, 1}, {1, 4, 1, 9}, {4, 1, 3, 2}};

// A model of one block, of which only the attention is used, and two texts.
struct Example {
    Model model;
    Matrix query_input, key_value_input;
    Matrix gradient_output;
    Parameters start; // gradients by the parameters that were there before

    const MultiHeadParameters& attention() const { return model.parameters.blocks[0].attention; }
};

Example make_example(const Shape& shape) {
    const std::size_t width = shape.heads * shape.head_width;
    const Config config{
        .vocabulary = 2, .context = 2, .width = width, .heads = shape.heads, .hidden = 2};
    Random random(100 * shape.heads + 10 * shape.queries + shape.keys);
    return {support::random_model(random, config), random_matrix(random, shape.queries, width),
            random_matrix(random, shape.keys, width), random_matrix(random, shape.queries, width),
            support::random_model(random, config).parameters};
}

Grid plain_output(const Example& e, const plain::Named& parameters, const Grid& query_input,
                  const Grid& key_value_input, bool causal) {
    plain::Named stages;
    return plain::multi_head(parameters, "block.0", e.model.config.heads, query_input,
                             key_value_input, causal, stages);
}

void expect_stages(const MultiHeadActivations& activations, const plain::Named& stages) {
    for (std::size_t h = 0; h < activations.heads.size(); ++h) {
        const std::string name = fmt::format("block.0.head.{}", h);
        SCOPED_TRACE(name);
        const HeadActivations& head = activations.heads[h];
        expect_close(head.queries, stages.at(name + ".queries"));
        expect_close(head.keys, stages.at(name + ".keys"));
        expect_close(head.values, stages.at(name + ".values"));
        expect_close(head.attention_weights, stages.at(name + ".attention_weights"));
        expect_close(head.mixed, stages.at(name + ".mixed"));
    }
    expect_close(activations.joined, stages.at("block.0.attention.joined"));
    expect_close(activations.output, stages.at("block.0.attention.output"));
}

} // namespace

TEST(MultiHead, EveryHeadLooksFromOneTextAtAnother) {
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        plain::Named stages;
        plain::multi_head(plain::by_name(e.model.parameters), "block.0", shape.heads,
                          to_grid(e.query_input), to_grid(e.key_value_input), false, stages);
        MultiHeadActivations activations;
        multi_head_forward(e.query_input, e.key_value_input, e.attention(), Mask::none,
                           activations);
        EXPECT_EQ(activations.heads.size(), shape.heads);
        expect_stages(activations, stages);
    }
}

TEST(MultiHead, SelfAttentionPassesTheSameTextTwice) {
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        const Grid text = to_grid(e.query_input);
        plain::Named stages;
        plain::multi_head(plain::by_name(e.model.parameters), "block.0", shape.heads, text, text,
                          true, stages);
        MultiHeadActivations activations;
        multi_head_forward(e.query_input, e.query_input, e.attention(), Mask::causal, activations);
        expect_stages(activations, stages);
    }
}

TEST(MultiHead, JoinPutsTheHeadsSideBySide) {
    std::vector<HeadActivations> heads(3);
    heads[0].mixed = to_matrix({{1, 2}, {3, 4}});
    heads[1].mixed = to_matrix({{5, 6}, {7, 8}});
    heads[2].mixed = to_matrix({{9, 10}, {11, 12}});
    Matrix joined = stale_matrix(2, 6);
    join_heads(heads, joined);
    expect_equal(joined, {{1, 2, 5, 6, 9, 10}, {3, 4, 7, 8, 11, 12}});
}

TEST(MultiHead, JoinBackwardGivesEachHeadItsOwnColumns) {
    std::vector<HeadActivations> gradients(3);
    join_heads_backward(to_matrix({{1, 2, 5, 6, 9, 10}, {3, 4, 7, 8, 11, 12}}), gradients);
    expect_equal(gradients[0].mixed, {{1, 2}, {3, 4}});
    expect_equal(gradients[1].mixed, {{5, 6}, {7, 8}});
    expect_equal(gradients[2].mixed, {{9, 10}, {11, 12}});
}

TEST(MultiHead, BackwardReachesBothTextsAndEveryParameter) {
    for (const Shape& shape : shapes) {
        SCOPED_TRACE(fmt::format("H={}, D={}, T={}, S={}", shape.heads, shape.head_width,
                                 shape.queries, shape.keys));
        const Example e = make_example(shape);
        MultiHeadActivations activations, gradients;
        multi_head_forward(e.query_input, e.key_value_input, e.attention(), Mask::none,
                           activations);
        gradients.output = e.gradient_output;
        Random random(7);
        const Matrix query_start = random_matrix(random, shape.queries, e.model.config.width);
        const Matrix key_start = random_matrix(random, shape.keys, e.model.config.width);
        Matrix by_query_input = query_start, by_key_value_input = key_start;
        Parameters gradient = e.start;
        multi_head_backward({e.query_input, e.key_value_input, by_query_input, by_key_value_input},
                            e.attention(), Mask::none, activations, gradients,
                            gradient.blocks[0].attention);

        const plain::Named parameters = plain::by_name(e.model.parameters);
        const auto loss = [&](const plain::Named& p, const Grid& queries_from,
                              const Grid& keys_from) {
            return plain::weighted_sum(to_grid(e.gradient_output),
                                       plain_output(e, p, queries_from, keys_from, false));
        };
        const Grid one = to_grid(e.query_input), other = to_grid(e.key_value_input);
        expect_gradient(difference(by_query_input, query_start),
                        slopes(one, [&](const Grid& x) { return loss(parameters, x, other); }));
        expect_gradient(difference(by_key_value_input, key_start),
                        slopes(other, [&](const Grid& x) { return loss(parameters, one, x); }));
        plain::expect_parameter_gradients(
            gradient, e.start, parameters,
            [&](const plain::Named& p) { return loss(p, one, other); });
    }
}

namespace {

// What the backward pass makes of random gradients that were there before.
void try_backward(Teacher& teacher, const Shape& shape, bool causal) {
    const Example e = make_example(shape);
    const Mask mask = causal ? Mask::causal : Mask::none;
    MultiHeadActivations pass, gradients;
    multi_head_forward(e.query_input, e.key_value_input, e.attention(), mask, pass);
    gradients.output = e.gradient_output;
    Random random(7);
    Matrix looking = random_matrix(random, shape.queries, e.model.config.width);
    Matrix looked_at = random_matrix(random, shape.keys, e.model.config.width);
    Parameters gradient = e.start;
    const mistakes::HeadsBack example{plain::by_name(e.model.parameters),
                                      plain::by_name(e.start),
                                      shape.heads,
                                      {to_grid(e.query_input), to_grid(e.key_value_input), causal},
                                      to_grid(e.gradient_output),
                                      to_grid(looking),
                                      to_grid(looked_at)};
    const std::string given = fmt::format("given {} heads of width {}, {} tokens that look at {}\n",
                                          shape.heads, shape.head_width, shape.queries, shape.keys);
    if (!teacher.runs(given, [&] {
            multi_head_backward({e.query_input, e.key_value_input, looking, looked_at},
                                e.attention(), mask, pass, gradients, gradient.blocks[0].attention);
        }))
        return;
    compare_parts(
        teacher, {given, mistakes::heads_back(example, {}), mistakes::multi_head_backward(example)},
        mistakes::named_parts(plain::by_name(gradient), {},
                              {{"gradient_query_input", to_grid(looking)},
                               {"gradient_key_value_input", to_grid(looked_at)}}));
}

} // namespace

TEST(MultiHeadBackward, ThreeWaysLeadBackToTheTexts) {
    Teacher teacher("multi_head_backward");
    for (const Shape& shape : shapes)
        try_backward(teacher, shape, false);
}

TEST(MultiHeadBackward, WithAMaskToo) {
    Teacher teacher("multi_head_backward");
    try_backward(teacher, {2, 3, 5, 5}, true);
    try_backward(teacher, {3, 2, 4, 7}, true);
}

TEST(MultiHead, BackwardOfSelfAttentionAddsUpAllWaysBackToTheText) {
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        const Matrix& text = e.query_input;
        MultiHeadActivations activations, gradients;
        multi_head_forward(text, text, e.attention(), Mask::causal, activations);
        gradients.output = e.gradient_output;
        Random random(8);
        const Matrix start = random_matrix(random, shape.queries, e.model.config.width);
        Matrix by_text = start;
        Parameters gradient = e.start;
        multi_head_backward({text, text, by_text, by_text}, e.attention(), Mask::causal,
                            activations, gradients, gradient.blocks[0].attention);

        const plain::Named parameters = plain::by_name(e.model.parameters);
        const auto loss = [&](const plain::Named& p, const Grid& x) {
            return plain::weighted_sum(to_grid(e.gradient_output), plain_output(e, p, x, x, true));
        };
        expect_gradient(difference(by_text, start),
                        slopes(to_grid(text), [&](const Grid& x) { return loss(parameters, x); }));
        plain::expect_parameter_gradients(
            gradient, e.start, parameters,
            [&](const plain::Named& p) { return loss(p, to_grid(text)); });
    }
}

TEST(MultiHead, ATextThatGoesOnAddsItsKeysAndValuesToThoseKnown) {
    const Example e = make_example({2, 3, 7, 1});
    MultiHeadActivations whole, continued;
    multi_head_forward(e.query_input, e.query_input, e.attention(), Mask::causal, whole);
    const Grid text = to_grid(e.query_input), expected = to_grid(whole.output);
    std::size_t place = 0;
    for (const std::size_t count : {3, 1, 2, 1}) { // tokens that are known at a time
        const auto from = static_cast<std::ptrdiff_t>(place);
        const auto to = static_cast<std::ptrdiff_t>(place + count);
        const Matrix piece = to_matrix({text.begin() + from, text.begin() + to});
        continued.first_place = place;
        multi_head_forward(piece, piece, e.attention(), Mask::causal, continued);
        expect_close(continued.output, {expected.begin() + from, expected.begin() + to});
        place += count;
    }
    for (std::size_t h = 0; h < 2; ++h) {
        expect_close(continued.heads[h].keys, to_grid(whole.heads[h].keys));
        expect_close(continued.heads[h].values, to_grid(whole.heads[h].values));
    }
}

TEST(MultiHead, ATextCannotGoOnAtAPlaceThatDoesNotFollow) {
    const Example e = make_example({2, 3, 5, 1});
    MultiHeadActivations activations;
    activations.first_place = 3;
    expect_error(
        [&] {
            multi_head_forward(e.query_input, e.query_input, e.attention(), Mask::causal,
                               activations);
        },
        {"multi_head_forward", "place 3", "0 places"});
}

TEST(MultiHead, ErrorsNameTheFunctionAndBothShapes) {
    const Example e = make_example({2, 3, 5, 7});
    MultiHeadActivations activations;
    expect_error(
        [&] {
            multi_head_forward(Matrix(5, 4, 0), e.key_value_input, e.attention(), Mask::none,
                               activations);
        },
        {"linear_forward", "input", "(5, 4)", "(5, 6)"});
    std::vector<HeadActivations> uneven(2);
    uneven[0].mixed = Matrix(5, 3, 0);
    uneven[1].mixed = Matrix(5, 2, 0);
    Matrix joined;
    expect_error([&] { join_heads(uneven, joined); }, {"join_heads", "(5, 2)", "(5, 3)"});
}

TEST(MultiHead, TheRecordKeepsItsMemory) {
    const Example e = make_example({2, 3, 5, 7});
    MultiHeadActivations activations, gradients;
    gradients.output = e.gradient_output;
    Matrix by_query_input(5, 6, 0), by_key_value_input(7, 6, 0);
    Parameters gradient = e.start;
    const auto addresses = [&] {
        multi_head_forward(e.query_input, e.key_value_input, e.attention(), Mask::none,
                           activations);
        multi_head_backward({e.query_input, e.key_value_input, by_query_input, by_key_value_input},
                            e.attention(), Mask::none, activations, gradients,
                            gradient.blocks[0].attention);
        std::vector<const Real*> all;
        for (const MultiHeadActivations* record : {&activations, &gradients}) {
            all.push_back(address(record->joined));
            all.push_back(address(record->output));
            for (const HeadActivations& head : record->heads) {
                for (const auto field : {&HeadActivations::queries, &HeadActivations::keys,
                                         &HeadActivations::values, &HeadActivations::mixed})
                    all.push_back(address(head.*field));
            }
        }
        return all;
    };
    const auto before = addresses();
    EXPECT_EQ(addresses(), before);
}
