// The list of stages: the design's names, shapes and order; changing a stage and going on from it;
// and the file that a trace is written to.
#include "files/safetensors.h"
#include "files/trace_file.h"
#include "support/error_sentence.h"
#include "support/small_model.h"
#include "support/temporary_folder.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>

namespace {

using namespace whirlygig;

std::unique_ptr<Trace> small_trace(Passes passes, std::vector<int> ids = {5, 0, 3, 6, 1}) {
    const Config config = support::config_of(7, 8, 2, 3, 10, 2, false);
    return make_trace(std::make_shared<Model>(support::small_model(config, 1)), std::move(ids),
                      passes);
}

// The table of the design, written out for two blocks with two heads: T=5, D=3, d=6, M=10, V=7.
std::vector<std::string> expected_stages() {
    std::vector<std::string> names{"embedding.tokens 5x6", "embedding.positions 5x6",
                                   "embedding.sum 5x6"};
    for (int b = 0; b < 2; ++b) {
        const std::string block = fmt::format("block.{}.", b);
        names.push_back(block + "attention.norm 5x6");
        for (int h = 0; h < 2; ++h) {
            const std::string head = block + fmt::format("head.{}.", h);
            for (const char* name :
                 {"queries 5x3", "keys 5x3", "values 5x3", "scores 5x5", "scaled 5x5", "masked 5x5",
                  "attention_weights 5x5", "mixed 5x3"}) {
                names.push_back(head + name);
            }
        }
        for (const char* name : {"attention.joined 5x6", "attention.output 5x6",
                                 "attention.residual 5x6", "mlp.norm 5x6", "mlp.hidden 5x10",
                                 "mlp.activated 5x10", "mlp.output 5x6", "mlp.residual 5x6"}) {
            names.push_back(block + name);
        }
    }
    for (const char* name : {"final.norm 5x6", "logits 5x7", "probabilities 5x7", "loss 4x1"}) {
        names.emplace_back(name);
    }
    return names;
}

TEST(Trace, TheForwardStagesAreThoseOfTheDesignInOrder) {
    const auto trace = small_trace(Passes::forward);
    std::vector<std::string> names;
    for (const Stage& stage : trace->forward_stages) {
        names.push_back(
            fmt::format("{} {}x{}", stage.name, stage.values.rows, stage.values.columns));
    }
    EXPECT_EQ(names, expected_stages());
    EXPECT_TRUE(trace->backward_stages.empty());
}

// What a stage is made from must have been computed before it, and parameters must exist.
TEST(Trace, WithoutAMaskThereIsNoStageOfMaskedScores) {
    Config config = support::config_of(7, 8, 2, 3, 10, 1, false);
    config.without = Without::mask;
    const auto trace = make_trace(std::make_shared<Model>(support::small_model(config, 1)),
                                  {5, 0, 3}, Passes::forward_and_backward);
    for (const std::vector<Stage>* stages : {&trace->forward_stages, &trace->backward_stages}) {
        for (const Stage& stage : *stages) {
            EXPECT_FALSE(stage.name.ends_with("masked")) << stage.name;
            for (const Operand& operand : stage.made_from)
                EXPECT_FALSE(operand.name.ends_with("masked")) << stage.name;
        }
    }
    const Stage& map = trace->stage("block.0.head.1.attention_weights");
    EXPECT_EQ(map.made_from[0].name, "block.0.head.1.scaled");
    EXPECT_GT(map.values(0, 2), 0);
    EXPECT_EQ(trace->stage("gradient.block.0.head.1.scaled").operation,
              Operation::softmax_backward);
}

TEST(Trace, EveryStageIsMadeFromWhatWasThereBefore) {
    const auto trace = small_trace(Passes::forward_and_backward);
    std::set<std::string> parameters;
    for (const auto& parameter : list_parameters(trace->model->parameters)) {
        parameters.insert(parameter.name);
    }
    std::set<std::string> computed;
    for (const auto* stages : {&trace->forward_stages, &trace->backward_stages}) {
        for (const Stage& stage : *stages) {
            EXPECT_FALSE(stage.title.empty());
            EXPECT_FALSE(stage.formula.empty()) << stage.name;
            for (const Operand& operand : stage.made_from) {
                const auto& known = operand.is_parameter ? parameters : computed;
                EXPECT_TRUE(known.contains(operand.name)) << stage.name << ": " << operand.name;
            }
            EXPECT_TRUE(computed.insert(stage.name).second) << stage.name << " twice";
        }
    }
    for (const Stage& stage : trace->forward_stages) {
        EXPECT_TRUE(computed.contains("gradient." + stage.name)) << stage.name;
    }
    for (const std::string& name : parameters) {
        EXPECT_TRUE(computed.contains("gradient." + name)) << name;
    }
}

TEST(Trace, EveryStageComputesItselfAgain) {
    const auto trace = small_trace(Passes::forward);
    for (const Stage& stage : trace->forward_stages) {
        const std::size_t count = stage.values.rows * stage.values.columns;
        const std::vector<Real> before(stage.values.data, stage.values.data + count);
        auto* numbers = const_cast<Real*>(stage.values.data);
        std::fill(numbers, numbers + count, std::numeric_limits<Real>::quiet_NaN());
        stage.compute();
        const std::vector<Real> after(stage.values.data, stage.values.data + count);
        EXPECT_EQ(after, before) << stage.name;
    }
}

TEST(Trace, GoingOnFromAStageLeavesWhatCameBefore) {
    const auto trace = small_trace(Passes::forward);
    const double loss = mean_loss(*trace);
    Matrix& mixed = trace->activations.blocks[0].attention.heads[1].mixed;
    const Matrix scores = trace->activations.blocks[0].attention.heads[1].scores;
    const Matrix other = trace->activations.blocks[0].attention.heads[0].mixed;
    fill(mixed, 0);
    forward_from(*trace, "block.0.head.1.mixed");
    EXPECT_NE(mean_loss(*trace), loss);
    EXPECT_EQ(trace->activations.blocks[0].attention.heads[1].scores.data(), scores.data());
    EXPECT_EQ(trace->activations.blocks[0].attention.heads[0].mixed.data(), other.data());
    EXPECT_EQ(trace->activations.blocks[0].attention.joined(2, 4), 0);
    expect_contains(error_sentence([&] { forward_from(*trace, "block.0.head.2.mixed"); }),
                    "block.0.head.2.mixed");
}

TEST(Trace, OneTokenHasNoLossAndNoBackward) {
    const auto trace = small_trace(Passes::forward, {3});
    EXPECT_EQ(trace->forward_stages.back().name, "probabilities");
    expect_contains(error_sentence([] { small_trace(Passes::forward_and_backward, {3}); }),
                    "two tokens");
    expect_contains(error_sentence([] { small_trace(Passes::forward, {}); }), "empty");
    expect_contains(error_sentence([] { small_trace(Passes::forward, {7}); }), "vocabulary");
    expect_contains(error_sentence([] { small_trace(Passes::forward, {-1}); }), "vocabulary");
    expect_contains(error_sentence([] {
                        small_trace(Passes::forward, {1, 1, 1, 1, 1, 1, 1, 1, 1});
                    }),
                    "context is 8");
}

TEST(TraceFile, HoldsEveryStageAndGradientUnderTheirNames) {
    const TemporaryFolder folder;
    const auto trace = small_trace(Passes::forward_and_backward);
    write_trace(folder / "t.safetensors", *trace, {});
    const SafetensorsFile file = SafetensorsFile::read(folder / "t.safetensors");
    EXPECT_EQ(file.metadata().at("ids"), "[5,0,3,6,1]");
    EXPECT_EQ(file.metadata().at("tokens"), R"(["#5","#0","#3","#6","#1"])");
    EXPECT_EQ(file.metadata().at("backward"), "true");
    EXPECT_EQ(file.metadata().at("parameters_hash").size(), 16U);
    EXPECT_EQ(file.names().size(), 2 * trace->forward_stages.size() + 2 + 2 * 12 + 3);
    for (const std::string& name : file.names()) {
        EXPECT_EQ(file.entry(name).type, ElementType::f32) << name;
    }
    std::vector<float> masked(25);
    file.read_into("block.1.head.0.masked", masked);
    EXPECT_EQ(masked[1], -std::numeric_limits<float>::infinity());
    EXPECT_EQ(masked[5],
              static_cast<float>(trace->activations.blocks[1].attention.heads[0].masked(1, 0)));
    EXPECT_TRUE(file.has("gradient.block.0.mlp.hidden"));
    EXPECT_TRUE(file.has("gradient.transformer.h.1.attn.c_attn.bias"));
    EXPECT_TRUE(file.has("gradient.lm_head.weight"));
}

TEST(TraceFile, StagesThatWereNotComputedAreAbsent) {
    const TemporaryFolder folder;
    write_trace(folder / "t.safetensors", *small_trace(Passes::forward, {3}), {});
    const SafetensorsFile file = SafetensorsFile::read(folder / "t.safetensors");
    EXPECT_FALSE(file.has("loss"));
    EXPECT_FALSE(file.has("gradient.logits"));
    EXPECT_TRUE(file.has("probabilities"));
    EXPECT_EQ(file.metadata().at("backward"), "false");
}

} // namespace
