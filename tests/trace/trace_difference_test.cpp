// Comparing passes: one wrong cell is found wherever it is, in memory and in a file.
#include "trace/trace_difference.h"

#include "files/gpt2_layout.h"
#include "files/safetensors.h"
#include "files/trace_file.h"
#include "support/expect.h"
#include "support/small_model.h"
#include "support/temporary_folder.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <set>

using namespace whirlygig;
using namespace support;

namespace {

constexpr Real not_a_number = std::numeric_limits<Real>::quiet_NaN();
constexpr Real infinity = std::numeric_limits<Real>::infinity();

Config small_config(bool tied) {
    return config_of(7, 8, 2, 3, 10, 2, tied);
}

std::unique_ptr<Trace> trace_of(const Config& config, Passes passes = Passes::forward_and_backward,
                                const std::vector<int>& ids = {5, 0, 3, 6, 1}) {
    return make_trace(std::make_shared<Model>(small_model(config, 1)), ids, passes);
}

TraceDifference compare(const Trace& here, const Trace& there, double tolerance = usual_tolerance) {
    return compare_passes(recorded_pass(here), recorded_pass(there, "the other"), tolerance);
}

// A place in a stage, for planting a wrong number.
Real& cell(const Stage& stage, std::size_t row, std::size_t column) {
    return const_cast<Real&>(stage.values.data[row * stage.values.columns + column]);
}

// All stages, forward and backward, in the order in which they are computed.
std::vector<Stage> stages_of(const Trace& trace) {
    std::vector<Stage> stages = trace.forward_stages;
    stages.insert(stages.end(), trace.backward_stages.begin(), trace.backward_stages.end());
    return stages;
}

// Fails unless exactly this cell differs, and by this much.
void expect_only(const TraceDifference& difference, const Stage& stage, std::size_t row,
                 std::size_t column, double by) {
    SCOPED_TRACE(stage.name);
    ASSERT_EQ(difference.stages.size(), 1u);
    const StageDifference& found = difference.stages[0];
    EXPECT_EQ(found.name, stage.name);
    EXPECT_EQ(found.rows, stage.values.rows);
    EXPECT_EQ(found.columns, stage.values.columns);
    EXPECT_EQ(found.cells, std::vector{row * stage.values.columns + column});
    EXPECT_EQ(found.first.row, row);
    EXPECT_EQ(found.first.column, column);
    if (std::isinf(by)) {
        EXPECT_EQ(found.largest, by);
    } else {
        EXPECT_NEAR(found.largest, by, 1e-4);
        EXPECT_NEAR(found.first.there - found.first.here, by, 1e-4);
    }
}

TEST(TraceDifference, EqualPassesHaveNone) {
    for (const bool tied : {false, true}) {
        const auto here = trace_of(small_config(tied)), there = trace_of(small_config(tied));
        const TraceDifference difference = compare(*here, *there, 0);
        EXPECT_TRUE(difference.stages.empty());
        EXPECT_EQ(difference.compared, here->forward_stages.size() + here->backward_stages.size());
        EXPECT_EQ(difference.without_backward, "");
    }
}

// One wrong number in every stage in turn, in another place each time: with it every operation.
TEST(TraceDifference, FindsOneWrongCellInAnyStage) {
    std::set<Operation> operations;
    for (const bool tied : {false, true}) {
        const auto here = trace_of(small_config(tied)), there = trace_of(small_config(tied));
        std::size_t number = 0;
        for (const Stage& stage : stages_of(*there)) {
            const std::size_t row = ++number % stage.values.rows;
            const std::size_t column = number * 3 % stage.values.columns;
            Real& wrong = cell(stage, row, column);
            const Real right = wrong;
            const bool masked = std::isinf(right);
            wrong = masked ? 0 : right + Real(0.25);
            expect_only(compare(*here, *there), stage, row, column, masked ? infinity : 0.25);
            wrong = right;
            operations.insert(stage.operation);
        }
        EXPECT_TRUE(compare(*here, *there, 0).stages.empty());
    }
    EXPECT_EQ(operations.size(), static_cast<std::size_t>(Operation::tied_table_backward) + 1);
}

TEST(TraceDifference, TheFirstIsTheFirstToBeComputed) {
    const auto here = trace_of(small_config(false)), there = trace_of(small_config(false));
    cell(there->stage("gradient.block.1.mlp.hidden"), 1, 7) += 1;
    cell(there->stage("gradient.block.0.mlp.hidden"), 1, 7) += 1; // computed after that of block 1
    cell(there->stage("block.1.head.0.mixed"), 4, 2) += 2;
    cell(there->stage("block.0.head.1.scores"), 3, 1) += Real(0.5);
    cell(there->stage("block.0.head.1.scores"), 2, 4) -= Real(0.75);
    const TraceDifference difference = compare(*here, *there);
    ASSERT_EQ(difference.stages.size(), 4u);
    EXPECT_EQ(difference.stages[0].name, "block.0.head.1.scores");
    EXPECT_EQ(difference.stages[0].cells, (std::vector<std::size_t>{2 * 5 + 4, 3 * 5 + 1}));
    EXPECT_EQ(difference.stages[0].first.row, 2u);
    EXPECT_NEAR(difference.stages[0].largest, 0.75, 1e-5);
    EXPECT_EQ(difference.stages[1].name, "block.1.head.0.mixed");
    EXPECT_EQ(difference.stages[2].name, "gradient.block.1.mlp.hidden");
    EXPECT_EQ(difference.stages[3].name, "gradient.block.0.mlp.hidden");
}

TEST(TraceDifference, UpToTheLimitNumbersAreEqual) {
    EXPECT_FALSE(differ(1, 1, 0));
    EXPECT_TRUE(differ(1, 1.0000001, 0));
    EXPECT_FALSE(differ(1, 1.25, 0.25));
    EXPECT_TRUE(differ(1, 1.2500001, 0.25));
    EXPECT_TRUE(differ(1, 0.7499999, 0.25));
    EXPECT_FALSE(differ(-4, -6, 2));
    EXPECT_TRUE(differ(-4, -6.0000001, 2));
    EXPECT_FALSE(differ(0, -2, 2));
}

TEST(TraceDifference, TheLimitIsAShareOfTheLargestFiniteNumber) {
    const std::vector<Real> numbers{3, -8, infinity, Real(0.5), not_a_number, -infinity};
    const Numbers stage{numbers.data(), 2, 3};
    EXPECT_EQ(difference_limit(stage, 0.25), 2);
    EXPECT_DOUBLE_EQ(difference_limit(stage), 8e-4);
    EXPECT_EQ(difference_limit(stage, 0), 1e-7);
    EXPECT_EQ(difference_limit({numbers.data() + 4, 1, 2}, 0.25), 1e-7); // nothing finite
}

// The largest |number| of a stage, and where the smallest one is.
struct Range {
    double largest = 0, smallest = infinity;
    std::size_t where_largest = 0, where_smallest = 0;
};

Range range_of(const Numbers& numbers) {
    Range range;
    for (std::size_t index = 0; index < numbers.rows * numbers.columns; ++index) {
        const double size = std::abs(numbers.data[index]);
        if (size < infinity && size > range.largest) {
            range.largest = size;
            range.where_largest = index;
        }
        if (size < range.smallest) {
            range.smallest = size;
            range.where_smallest = index;
        }
    }
    return range;
}

// A small number may be as far off as the largest of its stage, just below 1e-4 of that one.
TEST(TraceDifference, EachStageIsMeasuredByItsLargestNumber) {
    const auto here = trace_of(small_config(false)), there = trace_of(small_config(false));
    for (const Stage& stage : stages_of(*there)) {
        SCOPED_TRACE(stage.name);
        const Range range = range_of(stage.values);
        const double limit = std::max(1e-4 * range.largest, 1e-7);
        for (const std::size_t place : {range.where_smallest, range.where_largest}) {
            Real& number = const_cast<Real&>(stage.values.data[place]);
            const Real right = number;
            for (const double sign : {1, -1}) {
                number = static_cast<Real>(right + sign * 0.99 * limit);
                EXPECT_TRUE(compare(*here, *there).stages.empty());
                number = static_cast<Real>(right + sign * 1.01 * limit);
                const TraceDifference difference = compare(*here, *there);
                ASSERT_EQ(difference.stages.size(), 1u);
                EXPECT_EQ(difference.stages[0].cells, std::vector{place});
                EXPECT_EQ(compare(*here, *there, 1.02e-4).stages.empty(), limit > 1e-7);
            }
            number = right;
        }
    }
}

// Gradients by key biases are 0 but for rounding: of what two orders of computing come to, not one
// digit need be the same, and no share of the largest would let that pass.
TEST(TraceDifference, RoundingInGradientsByKeyBiasesIsNoDifference) {
    const auto here = trace_of(small_config(false)), there = trace_of(small_config(false));
    for (const char* head :
         {"block.0.head.0.", "block.0.head.1.", "block.1.head.0.", "block.1.head.1."}) {
        SCOPED_TRACE(head);
        const Stage& bias = there->stage(fmt::format("gradient.{}key_bias", head));
        const Numbers before = here->stage(bias.name).values;
        const Numbers rows = here->stage(fmt::format("gradient.{}keys", head)).values;
        EXPECT_LT(range_of(before).largest, 1e-5 * range_of(rows).largest) << "they cancel out";
        for (std::size_t column = 0; column < rows.columns; ++column) {
            Real backwards = 0;
            for (std::size_t row = rows.rows; row-- > 0;)
                backwards += rows(row, column);
            cell(bias, 0, column) = backwards;
        }
        EXPECT_TRUE(compare(*here, *there).stages.empty());
        for (std::size_t column = 0; column < rows.columns; ++column)
            cell(bias, 0, column) = before(0, column);
        for (const double noise : {2e-9, -2e-9, 5e-8, -5e-8}) {
            EXPECT_GT(std::abs(noise), 1e-4 * range_of(before).largest);
            cell(bias, 0, 1) = static_cast<Real>(before(0, 1) + noise);
            EXPECT_TRUE(compare(*here, *there).stages.empty());
        }
        cell(bias, 0, 1) = static_cast<Real>(before(0, 1) + 2e-7); // more than the floor
        const TraceDifference difference = compare(*here, *there);
        ASSERT_EQ(difference.stages.size(), 1u);
        EXPECT_EQ(difference.stages[0].name, bias.name);
        cell(bias, 0, 1) = before(0, 1);
    }
}

TEST(TraceDifference, NaNAndInfinitiesAreEqualToThemselvesOnly) {
    for (const double limit : {0.0, 1e9}) {
        EXPECT_FALSE(differ(not_a_number, not_a_number, limit));
        EXPECT_FALSE(differ(not_a_number, -not_a_number, limit));
        EXPECT_FALSE(differ(infinity, infinity, limit));
        EXPECT_FALSE(differ(-infinity, -infinity, limit));
        EXPECT_TRUE(differ(infinity, -infinity, limit));
        for (const double number : {0.0, 3e30, -1.0}) {
            EXPECT_TRUE(differ(not_a_number, number, limit));
            EXPECT_TRUE(differ(number, not_a_number, limit));
            EXPECT_TRUE(differ(infinity, number, limit));
            EXPECT_TRUE(differ(number, -infinity, limit));
        }
        EXPECT_TRUE(differ(not_a_number, infinity, limit));
    }
    const auto here = trace_of(small_config(false)), there = trace_of(small_config(false));
    const Stage& stage = there->stage("block.1.mlp.output");
    cell(stage, 4, 5) = not_a_number;
    cell(stage, 2, 3) += 1;
    const TraceDifference difference = compare(*here, *there);
    ASSERT_EQ(difference.stages.size(), 1u);
    EXPECT_EQ(difference.stages[0].largest, infinity);
    EXPECT_EQ(difference.stages[0].cells.size(), 2u);
    cell(here->stage("block.1.mlp.output"), 4, 5) = not_a_number;
    cell(stage, 2, 3) -= 1;
    EXPECT_TRUE(compare(*here, *there).stages.empty());
}

TEST(TraceDifference, AForwardPassIsComparedWithTheForwardPassOfTheOther) {
    const auto both = trace_of(small_config(false));
    const auto forward = trace_of(small_config(false), Passes::forward);
    cell(both->stage("gradient.logits"), 1, 1) += 1; // is not looked at
    for (const bool swapped : {false, true}) {
        const TraceDifference difference =
            swapped ? compare(*forward, *both) : compare(*both, *forward);
        EXPECT_TRUE(difference.stages.empty());
        EXPECT_EQ(difference.compared, forward->forward_stages.size());
        EXPECT_EQ(difference.without_backward, swapped ? "this pass" : "the other");
    }
    cell(forward->stage("logits"), 2, 6) += 1;
    expect_only(compare(*both, *forward), forward->stage("logits"), 2, 6, 1);
}

TEST(TraceDifference, RefusesOtherTextsAndOtherShapes) {
    const auto here = trace_of(small_config(false));
    const auto refuse = [&](const Trace& there, const std::vector<std::string>& words) {
        expect_error([&] { compare(*here, there); }, words);
        expect_error([&] { compare(there, *here); }, {words[0]});
    };
    const Passes backward = Passes::forward_and_backward;
    refuse(*trace_of(small_config(false), backward, {5, 0, 3, 6}), {"text", "4", "5", "the other"});
    refuse(*trace_of(small_config(false), backward, {5, 0, 2, 6, 1}), {"text", "token 2", "3"});
    // Heads, layers, head width, hidden width, vocabulary, tied.
    refuse(*trace_of(config_of(7, 8, 3, 2, 10, 2, false)), {"shape", "head.2"});
    refuse(*trace_of(config_of(7, 8, 2, 3, 10, 1, false)), {"shape", "block.1.attention.norm"});
    refuse(*trace_of(config_of(7, 8, 2, 4, 10, 2, false)),
           {"shape", "embedding.tokens", "(5, 6)", "(5, 8)"});
    refuse(*trace_of(config_of(7, 8, 2, 3, 11, 2, false)), {"shape", "mlp.hidden", "(5, 11)"});
    refuse(*trace_of(config_of(9, 8, 2, 3, 10, 2, false)), {"shape", "logits", "(5, 9)"});
    refuse(*trace_of(small_config(true)), {"shape", "gradient.unembedding"});
    const auto same = trace_of(small_config(false));
    expect_error([&] { compare(*here, *same, -1); }, {"tolerance", "-1"});
    expect_error([&] { compare(*here, *same, not_a_number); }, {"tolerance", "nan"});
    expect_error([&] { compare(*here, *same, infinity); }, {"tolerance", "inf"});
}

// The file as it was written, with one number of a tensor moved by 0.25.
void plant(const std::filesystem::path& from, const std::filesystem::path& to,
           const std::string& wrong_tensor, std::size_t index) {
    const SafetensorsFile file = SafetensorsFile::read(from);
    std::vector<std::vector<float>> numbers;
    std::vector<TensorToWrite> tensors;
    for (const std::string& name : file.names()) {
        numbers.emplace_back(file.entry(name).count());
        file.read_into(name, std::span(numbers.back()));
        if (name == wrong_tensor) numbers.back().at(index) += 0.25f;
        tensors.push_back(tensor_to_write(name, file.entry(name).shape, std::span(numbers.back())));
    }
    write_safetensors(to, tensors, file.metadata());
}

TEST(TraceFile, ReadsWhatWasWritten) {
    const TemporaryFolder folder;
    for (const bool tied : {false, true}) {
        const auto trace = trace_of(small_config(tied));
        write_trace(folder / "t", *trace, {});
        TraceFile moved = read_trace(folder / "t", small_config(tied));
        const TraceFile file = std::move(moved);
        EXPECT_EQ(file.pass.ids, trace->ids);
        EXPECT_EQ(file.parameters_hash,
                  fmt::format("{:016x}", hash_parameters(trace->model->parameters)));
        constexpr double rounded_to_float = 1e-7;
        const TraceDifference difference =
            compare_passes(recorded_pass(*trace), file.pass, rounded_to_float);
        EXPECT_TRUE(difference.stages.empty());
        EXPECT_EQ(difference.compared,
                  trace->forward_stages.size() + trace->backward_stages.size());
    }
}

// Parameters that lie joined in the file: the wrong number is found in the right piece.
TEST(TraceFile, GradientsByJoinedParametersAreTakenApart) {
    const TemporaryFolder folder;
    const auto trace = trace_of(small_config(false));
    write_trace(folder / "right", *trace, {});
    const auto expect_found = [&](const std::string& tensor, std::size_t index,
                                  const std::string& stage, std::size_t row, std::size_t column) {
        plant(folder / "right", folder / "wrong", tensor, index);
        const TraceFile file = read_trace(folder / "wrong", small_config(false));
        expect_only(compare_passes(recorded_pass(*trace), file.pass), trace->stage(stage), row,
                    column, 0.25);
    };
    // Columns of the joined weights (6, 18): queries of heads 0 and 1, keys, values; D = 3.
    const std::string joined = "gradient.transformer.h.1.attn.c_attn.";
    expect_found(joined + "weight", 4 * 18 + 2, "gradient.block.1.head.0.query_weights", 4, 2);
    expect_found(joined + "weight", 0 * 18 + 10, "gradient.block.1.head.1.key_weights", 0, 1);
    expect_found(joined + "weight", 5 * 18 + 17, "gradient.block.1.head.1.value_weights", 5, 2);
    expect_found(joined + "bias", 13, "gradient.block.1.head.0.value_bias", 0, 1);
    expect_found("gradient.transformer.wpe.weight", 7 * 6 + 5, "gradient.embedding.position_table",
                 7, 5);
    expect_found("gradient.lm_head.weight", 3 * 6 + 1, "gradient.unembedding", 3, 1);
    expect_found("gradient.transformer.ln_f.bias", 4, "gradient.final.norm.shift", 0, 4);
    expect_found("gradient.block.0.mlp.hidden", 2 * 10 + 9, "gradient.block.0.mlp.hidden", 2, 9);
}

// Even one parameter that is another by the smallest step.
TEST(TraceFile, IsOfTheSameParametersOnly) {
    const TemporaryFolder folder;
    Model model = small_model(small_config(false), 1);
    write_trace(folder / "the_trace", *trace_of(small_config(false)), {});
    const TraceFile file = read_trace(folder / "the_trace", model.config);
    EXPECT_NO_THROW(check_parameters(file, model.parameters));
    Real& parameter = model.parameters.blocks[1].attention.heads[0].key.bias(2);
    parameter = std::nextafter(parameter, infinity);
    expect_error([&] { check_parameters(file, model.parameters); },
                 {(folder / "the_trace").string(), "other parameters", "the same model"});
}

TEST(TraceFile, RefusesWhatIsNoTrace) {
    const TemporaryFolder folder;
    const Config config = small_config(false);
    const std::vector<float> numbers{1, 2, 3, 4, 5, 6};
    const auto write = [&](std::vector<std::uint64_t> shape, const Metadata& metadata) {
        write_safetensors(folder / "t",
                          {tensor_to_write("logits", std::move(shape), std::span(numbers))},
                          metadata);
    };
    const auto refuse = [&](const std::vector<std::string>& words) {
        expect_error([&] { read_trace(folder / "t", config); }, words);
    };
    refuse({"t"}); // there is no file
    write({2, 3}, {});
    refuse({"no trace", "ids"});
    write({2, 3}, {{"ids", "[1,2]"}});
    refuse({"no trace", "parameters_hash"});
    for (const char* ids : {"{\"1\": 2}", "7", "[1, -2]", "[1.5]", "[4294967297]", "[1", "[[1]]"}) {
        write({2, 3}, {{"ids", ids}, {"parameters_hash", "0"}});
        refuse({"ids"});
    }
    write({6}, {{"ids", "[1,2]"}, {"parameters_hash", "0"}});
    refuse({"no trace", "logits"});
    write({2, 3}, {{"ids", "[5,0,3,6,1]"}, {"parameters_hash", "0"}}); // too little of a trace
    const TraceFile file = read_trace(folder / "t", config);
    expect_error([&] { compare_passes(recorded_pass(*trace_of(config)), file.pass); },
                 {"shape", "embedding.tokens"});
    // A trace with gradients of another model.
    write_trace(folder / "t", *trace_of(config_of(9, 8, 2, 3, 10, 2, false)), {});
    refuse({"wte", "(9, 6)", "(7, 6)", "another shape"});
}

} // namespace
