#include "mlp.h"

#include "support/block_mistakes.h"
#include "support/matrices.h"
#include "support/plain_model.h"
#include "support/pytorch_numbers.h"
#include "support/small_model.h"
#include "support/way_back_mistakes.h"

using namespace whirlygig;
using namespace support;

namespace {

struct Shape {
    std::size_t tokens, width, hidden;
};
const Shape shapes[] = {{5, 6, 10}, {1, 1, 1}, {1, 3, 17}, {7, 4, 2}};

// A model of one block, of which only the MLP is used.
struct Example {
    Model model;
    Matrix input;
    Matrix gradient_output;
    Parameters start; // gradients by the parameters that were there before

    const MlpParameters& mlp() const { return model.parameters.blocks[0].mlp; }
};

Example make_example(const Shape& shape) {
    const Config config{
        .vocabulary = 2, .context = 2, .width = shape.width, .hidden = shape.hidden};
    Random random(100 * shape.tokens + 10 * shape.width + shape.hidden);
    return {support::random_model(random, config), random_matrix(random, shape.tokens, shape.width),
            random_matrix(random, shape.tokens, shape.width),
            support::random_model(random, config).parameters};
}

void try_mlp(Teacher& teacher, const Example& e, MlpActivations& activations) {
    const mistakes::MlpLayers layers = mistakes::layers_of(e.mlp());
    const Grid input = to_grid(e.input);
    const Record before{{"activations.hidden", to_grid(activations.hidden)},
                        {"activations.activated", to_grid(activations.activated)},
                        {"activations.output", to_grid(activations.output)}};
    const std::string given = fmt::format("given an input with the shape {} and a hidden width of "
                                          "{}\n",
                                          support::shape_text(input), e.model.config.hidden);
    if (!teacher.runs(given, [&] { mlp_forward(e.input, e.mlp(), activations); })) return;
    compare_record(teacher, given,
                   {{"activations.hidden", activations.hidden},
                    {"activations.activated", activations.activated},
                    {"activations.output", activations.output}},
                   mistakes::mlp(layers, input), mistakes::mlp_forward(layers, input, before));
}

} // namespace

TEST(MlpForward, GoesUpThroughGeluAndDown) {
    Teacher teacher("mlp_forward");
    for (const Shape& shape : shapes) {
        MlpActivations activations;
        try_mlp(teacher, make_example(shape), activations);
    }
}

TEST(MlpForward, TheRecordMayComeFromAnotherText) {
    Teacher teacher("mlp_forward");
    MlpActivations activations;
    for (const Shape& shape : shapes)
        try_mlp(teacher, make_example(shape), activations);
    const Shape& shape = shapes[0];
    activations = {stale_matrix(shape.tokens, shape.hidden),
                   stale_matrix(shape.tokens, shape.hidden),
                   stale_matrix(shape.tokens, shape.width)};
    try_mlp(teacher, make_example(shape), activations);
}

TEST(MlpForward, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        const std::string name = "transformer.h.0.mlp.";
        const auto layer = [&](const std::string& part) {
            return LinearParameters{to_matrix(numbers.grid(name + part + ".weight")),
                                    to_vector(numbers.grid(name + part + ".bias"))};
        };
        MlpActivations activations;
        mlp_forward(to_matrix(numbers.grid("block.0.mlp.norm")), {layer("c_fc"), layer("c_proj")},
                    activations);
        expect_close(activations.output, numbers.grid("block.0.mlp.output"));
    }
}

TEST(Mlp, EachTokenIsTreatedByItself) {
    const Example e = make_example({5, 6, 10});
    MlpActivations together, alone;
    mlp_forward(e.input, e.mlp(), together);
    for (std::size_t token = 0; token < 5; ++token) {
        mlp_forward(to_matrix({to_grid(e.input)[token]}), e.mlp(), alone);
        expect_close(alone.output, {to_grid(together.output)[token]});
    }
}

TEST(Mlp, BackwardReachesTheInputAndEveryParameter) {
    for (const Shape& shape : shapes) {
        const Example e = make_example(shape);
        MlpActivations activations, gradients;
        mlp_forward(e.input, e.mlp(), activations);
        gradients.output = e.gradient_output;
        Matrix gradient_input = stale_matrix(shape.tokens, shape.width);
        Parameters gradient = e.start;
        mlp_backward(e.input, e.mlp(), activations, gradients, gradient_input,
                     gradient.blocks[0].mlp);

        const plain::Named parameters = plain::by_name(e.model.parameters);
        const auto loss = [&](const plain::Named& p, const Grid& input) {
            plain::Named stages;
            return plain::weighted_sum(to_grid(e.gradient_output),
                                       plain::mlp(p, "block.0", input, stages));
        };
        expect_gradient(gradient_input, slopes(to_grid(e.input), [&](const Grid& changed) {
                            return loss(parameters, changed);
                        }));
        plain::expect_parameter_gradients(
            gradient, e.start, parameters,
            [&](const plain::Named& p) { return loss(p, to_grid(e.input)); });
    }
}

namespace {

Parts to_parts(const MlpParameters& gradient) {
    return mistakes::mlp_parameters(to_grid(gradient.up.weights), to_grid(gradient.up.bias),
                                    to_grid(gradient.down.weights), to_grid(gradient.down.bias));
}

// What a pass computed, by plain loops.
MlpActivations plain_pass(const Example& e) {
    plain::Named stages;
    plain::mlp(plain::by_name(e.model.parameters), "block.0", to_grid(e.input), stages);
    return {to_matrix(stages["block.0.mlp.hidden"]), to_matrix(stages["block.0.mlp.activated"]),
            to_matrix(stages["block.0.mlp.output"])};
}

void try_backward(Teacher& teacher, const Shape& shape, Matrix& gradient_input) {
    const Example e = make_example(shape);
    const MlpActivations pass = plain_pass(e);
    MlpParameters gradient = e.start.blocks[0].mlp;
    const mistakes::MlpBack example{to_grid(e.input),
                                    to_grid(pass.hidden),
                                    to_grid(pass.activated),
                                    to_grid(e.mlp().up.weights),
                                    to_grid(e.mlp().down.weights),
                                    to_grid(e.gradient_output),
                                    to_parts(gradient)};
    const std::string given = shown({{"gradients.output", example.gradient},
                                     {"input", example.input},
                                     {"activations.hidden", example.hidden},
                                     {"activations.activated", example.activated}});
    MlpActivations gradients;
    gradients.output = e.gradient_output;
    if (!teacher.runs(given, [&] {
            mlp_backward(e.input, e.mlp(), pass, gradients, gradient_input, gradient);
        }))
        return;
    Parts got = {{"gradients.activated", to_grid(gradients.activated)},
                 {"gradients.hidden", to_grid(gradients.hidden)},
                 {"gradient_input", to_grid(gradient_input)}};
    const Parts by_parameters = to_parts(gradient);
    got.insert(got.end(), by_parameters.begin(), by_parameters.end());
    compare_parts(teacher,
                  {given, mistakes::mlp_backward_right(example), mistakes::mlp_backward(example)},
                  got);
}

} // namespace

TEST(MlpBackward, GoesBackThroughDownGeluAndUp) {
    Teacher teacher("mlp_backward");
    Matrix gradient_input; // has no rows at first, and later those of the call before
    try_backward(teacher, {2, 3, 3}, gradient_input);
    for (const Shape& shape : shapes)
        try_backward(teacher, shape, gradient_input);
    gradient_input = stale_matrix(5, 6);
    try_backward(teacher, shapes[0], gradient_input);
}

TEST(MlpBackward, GivesTheNumbersOfPyTorch) {
    for (const char* const text : pytorch_texts) {
        const PyTorchNumbers numbers(text);
        const auto layer = [&](const std::string& name) {
            const Grid weights = numbers.grid("transformer.h.0.mlp." + name + ".weight");
            return LinearParameters{to_matrix(weights), Vector(weights[0].size(), 0)};
        };
        const MlpParameters parameters{layer("c_fc"), layer("c_proj")};
        MlpParameters gradient = parameters;
        fill(gradient.up.weights, 0);
        fill(gradient.down.weights, 0);
        const MlpActivations pass{to_matrix(numbers.grid("block.0.mlp.hidden")),
                                  to_matrix(numbers.grid("block.0.mlp.activated")),
                                  to_matrix(numbers.grid("block.0.mlp.output"))};
        MlpActivations gradients;
        gradients.output = to_matrix(numbers.grid("gradient.block.0.mlp.output"));
        Matrix gradient_input;
        mlp_backward(to_matrix(numbers.grid("block.0.mlp.norm")), parameters, pass, gradients,
                     gradient_input, gradient);
        expect_close(gradient_input, numbers.grid("gradient.block.0.mlp.norm"));
        expect_close(gradient.up.weights, numbers.grid("gradient.transformer.h.0.mlp.c_fc.weight"));
        expect_close(gradient.down.weights,
                     numbers.grid("gradient.transformer.h.0.mlp.c_proj.weight"));
    }
}

TEST(Mlp, ErrorsNameTheFunctionAndBothShapes) {
    const Example e = make_example({5, 6, 10});
    MlpActivations activations;
    expect_error([&] { mlp_forward(Matrix(5, 7, 0), e.mlp(), activations); },
                 {"linear_forward", "input", "(5, 7)", "(5, 6)"});
}

TEST(Mlp, TheRecordKeepsItsMemory) {
    const Example e = make_example({5, 6, 10});
    MlpActivations activations, gradients;
    gradients.output = e.gradient_output;
    Matrix gradient_input;
    Parameters gradient = e.start;
    const auto addresses = [&] {
        mlp_forward(e.input, e.mlp(), activations);
        mlp_backward(e.input, e.mlp(), activations, gradients, gradient_input,
                     gradient.blocks[0].mlp);
        return std::vector{address(activations.hidden),  address(activations.activated),
                           address(activations.output),  address(gradients.hidden),
                           address(gradients.activated), address(gradient_input)};
    };
    const auto before = addresses();
    EXPECT_EQ(addresses(), before);
}
