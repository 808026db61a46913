// Every stage, every gradient by a stage and every gradient by a parameter against numbers that
// PyTorch computed in double (tests/oracle/freeze.py made them).
#include "files/gpt2_layout.h"
#include "files/model_folder.h"
#include "support/pytorch_numbers.h"
#include "trace/trace.h"

#include <gtest/gtest.h>

#include <cmath>
#include <type_traits>

namespace {

using namespace whirlygig;
using support::ids_of;

constexpr bool in_double = std::is_same_v<Real, double>;
constexpr double relative = in_double ? 1e-9 : 1e-4; // of the tensor's largest number
constexpr double absolute = in_double ? 1e-12 : 1e-6;

std::string oracle(const std::string& name) {
    return std::string(WHIRLYGIG_TEST_DATA) + "/oracle/" + name;
}

void expect_close(const SafetensorsFile& file, const std::string& name,
                  std::span<const Real> numbers) {
    ASSERT_TRUE(file.has(name)) << name;
    std::vector<double> expected(numbers.size());
    file.read_into(name, std::span<double>(expected)); // throws when the sizes differ
    double largest = 0;
    for (const double number : expected) {
        if (std::isfinite(number)) largest = std::max(largest, std::abs(number));
    }
    for (std::size_t index = 0; index < numbers.size(); ++index) {
        if (numbers[index] == expected[index]) continue; // equal infinities, too
        EXPECT_LE(std::abs(numbers[index] - expected[index]), relative * largest + absolute)
            << name << " at index " << index << ": got " << numbers[index] << ", PyTorch says "
            << expected[index];
    }
}

// Returns how many tensors were compared.
std::size_t expect_trace(const SafetensorsFile& file, const Trace& trace) {
    std::size_t compared = 0;
    for (const Stage& stage : trace.forward_stages) {
        for (const std::string& name : {stage.name, "gradient." + stage.name}) {
            const Numbers numbers = trace.stage(name).values;
            expect_close(file, name, {numbers.data, numbers.rows * numbers.columns});
            ++compared;
        }
    }
    for (const auto& tensor : gpt2_layout(trace.parameter_gradient)) {
        expect_close(file, "gradient." + tensor.name, join_pieces(tensor));
        ++compared;
    }
    return compared;
}

class OracleCase : public testing::TestWithParam<const char*> {};

TEST_P(OracleCase, EveryStageAndGradientIsPyTorchs) {
    const std::string path = oracle(std::string(GetParam()) + ".safetensors");
    const SafetensorsFile file = SafetensorsFile::read(path);
    auto model = std::make_shared<Model>();
    model->config = parse_config(file.metadata().at("config"), path);
    model->parameters = read_gpt2_layout(file, path, model->config);
    const auto trace = make_trace(model, ids_of(file), Passes::forward_and_backward);
    const std::size_t parameters = gpt2_layout(trace->parameter_gradient).size();
    EXPECT_EQ(expect_trace(file, *trace) + parameters, file.names().size())
        << "the oracle holds tensors that the trace does not have";
}

INSTANTIATE_TEST_SUITE_P(Cases, OracleCase,
                         testing::Values("case_a_untied", "case_b_tied", "case_c_full_context",
                                         "without_mask", "without_positions", "without_scale",
                                         "without_residual", "without_norm", "without_mlp"),
                         [](const auto& info) { return std::string(info.param); });

class OracleFolder : public testing::TestWithParam<const char*> {};

TEST_P(OracleFolder, AModelFromElsewhereIsReadAndTracedRight) {
    const std::string folder = oracle(GetParam());
    const ModelFolder read = read_model_folder(folder);
    const SafetensorsFile file = SafetensorsFile::read(folder + "/trace.safetensors");
    const auto trace = make_trace(read.model, ids_of(file), Passes::forward_and_backward);
    EXPECT_EQ(expect_trace(file, *trace), file.names().size());
    const SafetensorsFile widened = SafetensorsFile::read(folder + "/widened.safetensors");
    for (const auto& tensor : gpt2_layout(read.model->parameters)) {
        const std::vector<Real> numbers = join_pieces(tensor);
        std::vector<Real> expected(numbers.size());
        widened.read_into(tensor.name, std::span<Real>(expected));
        EXPECT_EQ(numbers, expected) << tensor.name; // exact: float holds every F16 and BF16
    }
}

INSTANTIATE_TEST_SUITE_P(Folders, OracleFolder,
                         testing::Values("gpt2_layout_f32", "gpt2_layout_f16_tied",
                                         "gpt2_layout_bf16"),
                         [](const auto& info) { return std::string(info.param); });

} // namespace
