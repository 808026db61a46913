#include "multi_head.h"

#include "support/block_backward_mistakes.h"
#include "support/heads_mistakes.h"
#include "support/matrices.h"
#include "support/plain_model.h"
#include "support/pytorch_numbers.h"
#include "support/small_model.h"

using namespace whirlygig;
using namespace support;

namespace {

struct Shape {
    std::size_t heads, head_width, queries, keys;
};
const Shape shapes[] = {{2, 3, 5, 7}, {3, 2, 7, 5}, {1, 1, 1, 1},
                        {1, 4, 1, 9}, {4, 1, 3, 2}, {2, 2, 4, 4}};

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

// `before` is what the result holds; afterwards it holds what the next call finds there.
void try_join(Teacher& teacher, const std::vector<Grid>& mixed, Matrix& joined) {
    std::vector<HeadActivations> heads(mixed.size());
    Grid expected(mixed[0].size());
    std::vector<std::pair<std::string, Grid>> given;
    for (std::size_t h = 0; h < mixed.size(); ++h) {
        heads[h].mixed = to_matrix(mixed[h]);
        given.emplace_back(fmt::format("heads[{}].mixed", h), mixed[h]);
        for (std::size_t row = 0; row < expected.size(); ++row)
            expected[row].insert(expected[row].end(), mixed[h][row].begin(), mixed[h][row].end());
    }
    teacher.try_out({shown(given), expected, mistakes::join_heads(mixed, to_grid(joined))}, joined,
                    [&] { join_heads(heads, joined); });
}

std::vector<Grid> random_mixed(const Shape& shape) {
    Random random(shape.heads + 10 * shape.queries);
    std::vector<Grid> mixed;
    for (std::size_t h = 0; h < shape.heads; ++h)
        mixed.push_back(to_grid(random_matrix(random, shape.queries, shape.head_width)));
    return mixed;
}

std::vector<Part> parts_of(const MultiHeadActivations& activations) {
    std::vector<Part> parts;
    for (std::size_t h = 0; h < activations.heads.size(); ++h) {
        const HeadActivations& head = activations.heads[h];
        const std::string name = fmt::format("activations.heads[{}].", h);
        parts.push_back({name + "queries", head.queries});
        parts.push_back({name + "keys", head.keys});
        parts.push_back({name + "values", head.values});
        parts.push_back({name + "attention_weights", head.attention_weights});
        parts.push_back({name + "mixed", head.mixed});
    }
    parts.push_back({"activations.joined", activations.joined});
    parts.push_back({"activations.output", activations.output});
    return parts;
}

// Runs the heads and compares with `expected`; the inputs are those of this call.
struct Heads {
    const Matrix &query_input, &key_value_input;
    const MultiHeadParameters& parameters;
    Mask mask;
};

void try_heads(Teacher& teacher, const Heads& heads, mistakes::HeadsExample example,
               MultiHeadActivations& activations) {
    const bool causal = heads.mask == Mask::causal;
    const std::string given = fmt::format(
        "given {} heads of width {}, query_input with the shape {}, key_value_input "
        "with the shape {}, Mask::{}, first_place {}\n",
        heads.parameters.heads.size(), heads.parameters.heads[0].query.weights.size2(),
        whirlygig::shape_text(heads.query_input), whirlygig::shape_text(heads.key_value_input),
        causal ? "causal" : "none", activations.first_place);
    example.causal = causal;
    example.first_place = activations.first_place;
    example.output_before = to_grid(activations.output);
    if (!teacher.runs(given, [&] {
            multi_head_forward(heads.query_input, heads.key_value_input, heads.parameters,
                               heads.mask, activations);
        }))
        return;
    const std::size_t count = heads.parameters.heads.size();
    teacher.expect(activations.heads.size() == count,
                   given + fmt::format("activations.heads holds {} records but should hold {}: "
                                       "resize gives it one for each head.",
                                       activations.heads.size(), count));
    if (activations.heads.size() != count) return;
    compare_record(teacher, given, parts_of(activations),
                   mistakes::carried_out(mistakes::plan_of(example)),
                   mistakes::multi_head_forward(example));
}

void try_heads(Teacher& teacher, const Heads& heads, MultiHeadActivations& activations) {
    try_heads(teacher, heads,
              {mistakes::layers_of(heads.parameters), to_grid(heads.query_input),
               to_grid(heads.key_value_input), 0, false, Grid{}},
              activations);
}

// What PyTorch's model of this text has learned in block 0: its file has the query, key and value
// weights side by side, those of all heads.
MultiHeadParameters pytorch_parameters(const PyTorchNumbers& numbers, std::size_t heads) {
    const std::string name = "transformer.h.0.attn.";
    const Grid weights = numbers.grid(name + "c_attn.weight");
    const Grid bias = numbers.grid(name + "c_attn.bias");
    const std::size_t width = weights.size(), head_width = width / heads;
    const auto piece = [&](std::size_t third, std::size_t head) {
        const std::size_t first = third * width + head * head_width;
        const auto columns = [&](const Grid& all) {
            return plain::made(all.size(), head_width, [&](std::size_t row, std::size_t column) {
                return all[row][first + column];
            });
        };
        return LinearParameters{to_matrix(columns(weights)), to_vector(columns(bias))};
    };
    MultiHeadParameters parameters;
    for (std::size_t h = 0; h < heads; ++h)
        parameters.heads.push_back({piece(0, h), piece(1, h), piece(2, h)});
    parameters.output = {to_matrix(numbers.grid(name + "c_proj.weight")),
                         to_vector(numbers.grid(name + "c_proj.bias"))};
    return parameters;
}

} // namespace

TEST(JoinHeads, PutsTheHeadsSideBySide) {
    Teacher teacher("join_heads");
    Matrix joined(2, 6, 100);
    try_join(teacher, {{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}, {{9, 10}, {11, 12}}}, joined);
    for (const Shape& shape : shapes) {
        joined = Matrix(shape.queries, shape.heads * shape.head_width, 100);
        try_join(teacher, random_mixed(shape), joined);
    }
}

TEST(JoinHeads, TheResultMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("join_heads");
    Matrix joined; // has no rows at first, and later those of the call before
    try_join(teacher, {{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}, {{9, 10}, {11, 12}}}, joined);
    for (const Shape& shape : shapes) {
        try_join(teacher, random_mixed(shape), joined);
        joined = stale_matrix(shape.queries, shape.heads * shape.head_width);
        try_join(teacher, random_mixed(shape), joined);
    }
}

TEST(JoinHeads, GivesTheNumbersOfPyTorch) {
    for (const auto& [text, count] : {std::pair{"case_a_untied", 2}, {"case_b_tied", 3}}) {
        const PyTorchNumbers numbers(text);
        std::vector<HeadActivations> heads(static_cast<std::size_t>(count));
        for (std::size_t h = 0; h < heads.size(); ++h)
            heads[h].mixed = to_matrix(numbers.grid(fmt::format("block.0.head.{}.mixed", h)));
        Matrix joined;
        join_heads(heads, joined);
        expect_close(joined, numbers.grid("block.0.attention.joined"));
    }
}

TEST(MultiHeadForward, EveryHeadLooksFromOneTextAtAnother) {
    Teacher teacher("multi_head_forward");
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        MultiHeadActivations activations;
        try_heads(teacher, {e.query_input, e.key_value_input, e.attention(), Mask::none},
                  activations);
    }
}

TEST(MultiHeadForward, SelfAttentionPassesTheSameTextTwice) {
    Teacher teacher("multi_head_forward");
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        MultiHeadActivations activations;
        try_heads(teacher, {e.query_input, e.query_input, e.attention(), Mask::causal},
                  activations);
    }
}

TEST(MultiHeadForward, TheRecordMayComeFromAnotherText) {
    Teacher teacher("multi_head_forward");
    MultiHeadActivations activations;
    for (const Shape& shape : shapes) { // with more heads, fewer, and other sizes
        const Example e = make_example(shape);
        activations.output = stale_matrix(shape.queries, shape.heads * shape.head_width);
        try_heads(teacher, {e.query_input, e.key_value_input, e.attention(), Mask::none},
                  activations);
    }
}

TEST(MultiHeadForward, ATextThatGoesOnAddsItsKeysAndValuesToThoseKnown) {
    Teacher teacher("multi_head_forward");
    const Example e = make_example({2, 3, 7, 1});
    MultiHeadActivations continued;
    const Grid text = to_grid(e.query_input);
    std::size_t place = 0;
    for (const std::size_t count : {3, 1, 2, 1}) { // tokens that are known at a time
        const auto from = static_cast<std::ptrdiff_t>(place);
        const auto to = static_cast<std::ptrdiff_t>(place + count);
        const Grid rows(text.begin() + from, text.begin() + to);
        const Matrix piece = to_matrix(rows);
        continued.first_place = place;
        try_heads(teacher, {piece, piece, e.attention(), Mask::causal},
                  {mistakes::layers_of(e.attention()),
                   rows,
                   {text.begin(), text.begin() + to},
                   0,
                   false,
                   Grid{}},
                  continued);
        place += count;
    }
}

TEST(MultiHeadForward, GivesTheNumbersOfPyTorch) {
    for (const auto& [text, count] : {std::pair{"case_a_untied", 2}, {"case_b_tied", 3}}) {
        const PyTorchNumbers numbers(text);
        const Matrix norm = to_matrix(numbers.grid("block.0.attention.norm"));
        MultiHeadActivations activations;
        multi_head_forward(norm, norm, pytorch_parameters(numbers, static_cast<std::size_t>(count)),
                           Mask::causal, activations);
        expect_close(activations.output, numbers.grid("block.0.attention.output"));
    }
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
