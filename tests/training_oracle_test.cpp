// Four short training runs against the same runs in PyTorch, in double (tests/oracle/training.py).
#include "files/gpt2_layout.h"
#include "files/model_folder.h"
#include "files/safetensors.h"
#include "training/trainer.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

using namespace whirlygig;

namespace {

constexpr bool in_double = sizeof(Real) == 8;

SafetensorsFile oracle_file() {
    return SafetensorsFile::read(WHIRLYGIG_TEST_DATA "/oracle/training.safetensors");
}

std::vector<double> tensor(const SafetensorsFile& file, const std::string& name) {
    std::vector<double> numbers(file.entry(name).count());
    file.read_into(name, std::span<double>(numbers));
    return numbers;
}

// Fills the parameters from the tensors whose names begin with the prefix.
void read_parameters(const SafetensorsFile& file, const std::string& prefix,
                     Parameters& parameters) {
    for (const auto& joined : gpt2_layout(parameters)) {
        const std::vector<double> numbers = tensor(file, prefix + joined.name);
        for (const auto& [first_column, parameter] : joined.pieces) {
            for (std::size_t i = 0; i < parameter.values.size(); ++i) {
                const std::size_t row = i / parameter.columns, column = i % parameter.columns;
                const std::size_t from = row * joined.shape.back() + first_column + column;
                parameter.values[i] = static_cast<Real>(numbers.at(from));
            }
        }
    }
}

std::vector<double> split(const std::string& text) {
    std::stringstream stream(text);
    std::vector<double> numbers;
    for (std::string number; std::getline(stream, number, ',');)
        numbers.push_back(std::stod(number));
    return numbers;
}

std::vector<Example> batch_of(const SafetensorsFile& file) {
    std::vector<Example> batch(std::stoul(file.metadata().at("sequences")));
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const std::string name = "sequence." + std::to_string(i);
        std::vector<int> ids;
        for (const double id : split(file.metadata().at(name + ".ids")))
            ids.push_back(static_cast<int>(id));
        make_example(ids, Recipe(), batch[i]);
        batch[i].weights = split(file.metadata().at(name + ".weights"));
    }
    return batch;
}

TrainingState state_of(const SafetensorsFile& file, const std::string& run, OptimizerKind kind) {
    const auto options = nlohmann::json::parse(file.metadata().at(run + ".options"));
    TrainingState state;
    Recipe& recipe = state.recipe;
    recipe.optimizer.kind = kind;
    recipe.optimizer.momentum = options.value("momentum", 0.0);
    recipe.optimizer.weight_decay = options.value("decay", 0.0);
    recipe.optimizer.beta1 = options.value("betas", std::vector{0.0, 0.0})[0];
    recipe.optimizer.beta2 = options.value("betas", std::vector{0.0, 0.0})[1];
    recipe.learning_rate = options.at("rate");
    recipe.clip = options.value("clip", 0.0);
    recipe.warm_up = 0;
    recipe.decay = 1;
    state.model.config = parse_config(file.metadata().at("config"), "the oracle's config");
    state.model.parameters = make_parameters(state.model.config);
    read_parameters(file, "initial.", state.model.parameters);
    return state;
}

// How far apart the parameters may be: rounding in proportion to the largest of each. The key
// biases have no gradient but rounding (see note.key_biases); in float, Adam makes strides of it.
double allowed_distance(const std::string& name, std::span<const Real> expected, double strides) {
    double largest = 0;
    for (const Real number : expected)
        largest = std::max(largest, std::abs(static_cast<double>(number)));
    if (in_double) return 1e-9 * largest + 1e-12;
    if (name.find("key_bias") != std::string::npos) return strides;
    return 1e-4 * largest + 1e-5;
}

class TrainingOracle : public testing::TestWithParam<std::pair<const char*, OptimizerKind>> {};

TEST_P(TrainingOracle, EveryStepIsPyTorchs) {
    const auto [run, kind] = GetParam();
    const SafetensorsFile file = oracle_file();
    TrainingState state = state_of(file, run, kind);
    const std::vector<Example> batch = batch_of(file);
    const std::vector<double> losses = tensor(file, std::string(run) + ".losses");
    const std::vector<double> norms = tensor(file, std::string(run) + ".gradient_norms");
    ASSERT_EQ(losses.size(), std::stoul(file.metadata().at("steps")));
    Trainer trainer(state, 2);
    constexpr double close = in_double ? 1e-10 : 2e-5;
    for (std::size_t step = 0; step < losses.size(); ++step) {
        const StepResult result = trainer.learn(batch);
        EXPECT_NEAR(result.loss.weighted, losses[step], close * losses[step]) << "step " << step;
        EXPECT_NEAR(result.gradient_norm, norms[step], 5 * close * norms[step]) << "step " << step;
    }
    Parameters expected = make_parameters(state.model.config);
    read_parameters(file, std::string(run) + ".final.", expected);
    const auto expected_list = list_parameters(expected);
    const auto list = list_parameters(state.model.parameters);
    const double strides = 2 * state.recipe.learning_rate * static_cast<double>(losses.size());
    for (std::size_t i = 0; i < list.size(); ++i) {
        const double allowed = allowed_distance(list[i].name, expected_list[i].values, strides);
        for (std::size_t n = 0; n < list[i].values.size(); ++n)
            EXPECT_NEAR(list[i].values[n], expected_list[i].values[n], allowed)
                << list[i].name << " at index " << n;
    }
}

INSTANTIATE_TEST_SUITE_P(Runs, TrainingOracle,
                         testing::Values(std::pair("descent", OptimizerKind::gradient_descent),
                                         std::pair("momentum", OptimizerKind::momentum),
                                         std::pair("adam", OptimizerKind::adam),
                                         std::pair("adamw", OptimizerKind::adamw)),
                         [](const auto& info) { return std::string(info.param.first); });

TEST(TrainingOracle, TheGradientOfTheBatchIsPyTorchs) {
    const SafetensorsFile file = oracle_file();
    const TrainingState state = state_of(file, "descent", OptimizerKind::gradient_descent);
    Workers workers(2);
    BatchGradient gradient(state.model.config);
    gradient.compute(state.model, batch_of(file), workers);
    Parameters expected = make_parameters(state.model.config);
    read_parameters(file, "gradient.", expected);
    const auto expected_list = list_parameters(expected);
    for (std::size_t i = 0; i < expected_list.size(); ++i) {
        const double allowed = allowed_distance("", expected_list[i].values, 0);
        for (std::size_t n = 0; n < expected_list[i].values.size(); ++n)
            EXPECT_NEAR(gradient.list()[i].values[n], expected_list[i].values[n], allowed)
                << expected_list[i].name << " at index " << n;
    }
}

} // namespace
