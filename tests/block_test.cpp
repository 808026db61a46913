#include "block.h"

#include "support/block_backward_mistakes.h"
#include "support/block_mistakes.h"
#include "support/matrices.h"
#include "support/plain_model.h"
#include "support/small_model.h"

using namespace whirlygig;
using namespace support;

namespace {

struct Shape {
    std::size_t tokens, heads, width, hidden;
};
const Shape shapes[] = {{5, 2, 6, 10}, {7, 3, 6, 4}, {1, 1, 2, 3}};

struct Example {
    Model model; // of one block
    Matrix stream;
    Matrix gradient_output;
    Parameters start; // gradients by the parameters that were there before

    const BlockParameters& block() const { return model.parameters.blocks[0]; }
};

Example make_example(const Shape& shape) {
    const Config config{.vocabulary = 2,
                        .context = 2,
                        .width = shape.width,
                        .heads = shape.heads,
                        .hidden = shape.hidden};
    Random random(100 * shape.tokens + 10 * shape.heads + shape.hidden);
    return {support::random_model(random, config), random_matrix(random, shape.tokens, shape.width),
            random_matrix(random, shape.tokens, shape.width),
            support::random_model(random, config).parameters};
}

Grid plain_output(const Example& e, const plain::Named& parameters, const Grid& stream) {
    plain::Named stages;
    return plain::block(parameters, "block.0", e.model.config, stream, stages);
}

void try_block(Teacher& teacher, const Matrix& stream, const BlockParameters& parameters,
               BlockActivations& activations) {
    const mistakes::BlockLayers layers = mistakes::layers_of(parameters);
    const Grid grid = to_grid(stream);
    const Grid before = to_grid(activations.mlp_residual);
    const std::string given =
        fmt::format("given a stream with the shape {} and {} heads\n", support::shape_text(grid),
                    parameters.attention.heads.size());
    if (!teacher.runs(given, [&] { block_forward(stream, parameters, activations); })) return;
    compare_record(teacher, given,
                   {{"activations.attention_norm", activations.attention_norm},
                    {"activations.attention.output", activations.attention.output},
                    {"activations.attention_residual", activations.attention_residual},
                    {"activations.mlp_norm", activations.mlp_norm},
                    {"activations.mlp.output", activations.mlp.output},
                    {"activations.mlp_residual", activations.mlp_residual}},
                   mistakes::wired(layers, grid, {}),
                   mistakes::block_forward(layers, grid, before));
}

} // namespace

TEST(BlockForward, NormalisesLooksAroundAndThinksAddingEachTimeToTheStream) {
    Teacher teacher("block_forward");
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        BlockActivations activations;
        try_block(teacher, e.stream, e.block(), activations);
    }
}

TEST(BlockForward, TheRecordMayComeFromAnotherText) {
    Teacher teacher("block_forward");
    BlockActivations activations;
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        activations.mlp_residual = stale_matrix(shape.tokens, shape.width);
        try_block(teacher, e.stream, e.block(), activations);
    }
}

TEST(BlockForward, ABlockThatFindsNothingLetsTheStreamThrough) {
    Teacher teacher("block_forward");
    const Example e = make_example({5, 2, 6, 10});
    BlockParameters silent = e.block();
    fill(silent.attention.output.weights, 0);
    fill(silent.attention.output.bias, 0);
    fill(silent.mlp.down.weights, 0);
    fill(silent.mlp.down.bias, 0);
    BlockActivations activations;
    try_block(teacher, e.stream, silent, activations);
}

TEST(Block, ABlockThatFindsNothingLetsTheStreamThrough) {
    Example e = make_example({5, 2, 6, 10});
    BlockParameters silent = e.block();
    fill(silent.attention.output.weights, 0);
    fill(silent.attention.output.bias, 0);
    fill(silent.mlp.down.weights, 0);
    fill(silent.mlp.down.bias, 0);
    BlockActivations activations, gradients;
    block_forward(e.stream, silent, activations);
    expect_equal(activations.mlp_residual, to_grid(e.stream));
    gradients.mlp_residual = e.gradient_output;
    Matrix gradient_stream;
    block_backward(e.stream, silent, activations, gradients, gradient_stream, e.start.blocks[0]);
    expect_equal(gradient_stream, to_grid(e.gradient_output));
}

TEST(Block, LaterTokensDoNotMatter) {
    Example e = make_example({5, 2, 6, 10});
    BlockActivations before, after;
    block_forward(e.stream, e.block(), before);
    e.stream(3, 4) += 1;
    block_forward(e.stream, e.block(), after);
    for (std::size_t row = 0; row < 5; ++row) {
        const bool same = to_grid(before.mlp_residual)[row] == to_grid(after.mlp_residual)[row];
        EXPECT_EQ(same, row < 3) << "row " << row;
    }
}

TEST(Block, BackwardReachesTheStreamAndEveryParameter) {
    for (const Shape& shape : shapes) {
        SCOPED_TRACE(fmt::format("T={}, H={}, d={}", shape.tokens, shape.heads, shape.width));
        const Example e = make_example(shape);
        BlockActivations activations, gradients;
        block_forward(e.stream, e.block(), activations);
        gradients.mlp_residual = e.gradient_output;
        gradients.attention_norm = stale_matrix(shape.tokens, shape.width);
        gradients.attention_residual = stale_matrix(shape.tokens, shape.width);
        Matrix gradient_stream = stale_matrix(shape.tokens, shape.width);
        Parameters gradient = e.start;
        block_backward(e.stream, e.block(), activations, gradients, gradient_stream,
                       gradient.blocks[0]);

        const plain::Named parameters = plain::by_name(e.model.parameters);
        const auto loss = [&](const plain::Named& p, const Grid& stream) {
            return plain::weighted_sum(to_grid(e.gradient_output), plain_output(e, p, stream));
        };
        expect_gradient(gradient_stream, slopes(to_grid(e.stream), [&](const Grid& changed) {
                            return loss(parameters, changed);
                        }));
        plain::expect_parameter_gradients(
            gradient, e.start, parameters,
            [&](const plain::Named& p) { return loss(p, to_grid(e.stream)); });
        expect_equal(gradients.mlp_residual, to_grid(e.gradient_output));
    }
}

namespace {

void try_backward(Teacher& teacher, const Shape& shape, BlockActivations& gradients) {
    const Example e = make_example(shape);
    BlockActivations pass;
    block_forward(e.stream, e.block(), pass);
    gradients.mlp_residual = e.gradient_output;
    Matrix gradient_stream = stale_matrix(shape.tokens, shape.width);
    Parameters gradient = e.start;
    const mistakes::BlockBack example{plain::by_name(e.model.parameters), plain::by_name(e.start),
                                      e.model.config, to_grid(e.stream),
                                      to_grid(e.gradient_output)};
    const std::string given = fmt::format("given {} tokens, {} heads, width {}, hidden width {}\n",
                                          shape.tokens, shape.heads, shape.width, shape.hidden);
    if (!teacher.runs(given, [&] {
            block_backward(e.stream, e.block(), pass, gradients, gradient_stream,
                           gradient.blocks[0]);
        }))
        return;
    compare_parts(teacher,
                  {given, mistakes::block_back(example, {}), mistakes::block_backward(example)},
                  mistakes::named_parts(plain::by_name(gradient), {},
                                        {{"gradient_stream", to_grid(gradient_stream)}}));
}

} // namespace

TEST(BlockBackward, EachAdditionHasTwoWaysBack) {
    Teacher teacher("block_backward");
    // Of a width of 2, a layer norm lets so little through that rounding would hide a mistake.
    const Shape wide_enough[] = {shapes[0], shapes[1], {1, 1, 3, 2}};
    for (const Shape& shape : wide_enough) {
        BlockActivations gradients;
        try_backward(teacher, shape, gradients);
    }
}

TEST(BlockBackward, TheRecordMayHoldAnEarlierPass) {
    Teacher teacher("block_backward");
    BlockActivations gradients;
    for (int pass = 0; pass < 2; ++pass)
        try_backward(teacher, shapes[0], gradients);
    try_backward(teacher, shapes[1], gradients);
}

TEST(Block, TheRecordKeepsItsMemory) {
    const Example e = make_example({5, 2, 6, 10});
    BlockActivations activations, gradients;
    gradients.mlp_residual = e.gradient_output;
    Matrix gradient_stream;
    Parameters gradient = e.start;
    const auto addresses = [&] {
        block_forward(e.stream, e.block(), activations);
        block_backward(e.stream, e.block(), activations, gradients, gradient_stream,
                       gradient.blocks[0]);
        std::vector all{address(gradient_stream)};
        for (const BlockActivations* record : {&activations, &gradients}) {
            for (const Matrix* matrix :
                 {&record->attention_norm, &record->attention.output, &record->attention_residual,
                  &record->mlp_norm, &record->mlp.output, &record->mlp_residual})
                all.push_back(address(*matrix));
        }
        return all;
    };
    const auto before = addresses();
    EXPECT_EQ(addresses(), before);
}
