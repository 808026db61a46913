// The lines are read as a learner would: each formula is worked out from its text, with what the
// lines above it gave, and so are the numbers.
#include "training/update_arithmetic.h"

#include "support/error_sentence.h"
#include "support/formula_value.h"
#include "training/training_data.h"
#include "training/training_run.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace whirlygig;
using support::FormulaValue;
using support::value_of_formula;

namespace {

const std::filesystem::path creatures = WHIRLYGIG_CORPORA "/creatures";
constexpr OptimizerKind all_kinds[] = {OptimizerKind::gradient_descent, OptimizerKind::momentum,
                                       OptimizerKind::adam, OptimizerKind::adamw};

Recipe small_recipe(OptimizerKind kind, double clip) {
    Recipe recipe = read_recipe(creatures / "recipe.json");
    recipe.width = 12;
    recipe.heads = 3;
    recipe.hidden = 7;
    recipe.batch = 5;
    recipe.steps = 30;
    recipe.clip = clip;
    recipe.optimizer.kind = kind;
    recipe.optimizer.momentum = 0.8;
    recipe.optimizer.beta1 = 0.7;
    recipe.optimizer.beta2 = 0.95;
    recipe.optimizer.weight_decay = 0.3;
    return recipe;
}

// What a trainer does alone, with what it had before and after one of its steps.
struct TrainedStep {
    TrainedStep(const Recipe& recipe, std::uint64_t seed, std::uint64_t steps_before) {
        const Corpus corpus = read_corpus(creatures);
        TrainingRun run = start_run(corpus, creatures.string(), recipe, seed);
        const ExampleSource source = make_source(corpus, *run.wording.tokenizer, recipe);
        Trainer trainer(run.state, 1);
        while (run.state.step < steps_before)
            trainer.step(source);
        before = run.state;
        record = make_step_record(run.state, source);
        result = trainer.step(source);
        after = run.state;
    }

    TrainingState before, after;
    StepResult result;
    StepRecord record;
};

double number_at(const Parameters& parameters, NumberPlace place) {
    return static_cast<double>(list_parameters(parameters)[place.parameter].values[place.number]);
}

double remembered(const std::vector<std::vector<Real>>& rows, NumberPlace place) {
    return rows.empty() ? 0 : static_cast<double>(rows[place.parameter][place.number]);
}

// What a reader knows before the first line.
support::FormulaReader::Names known_names(const TrainedStep& trained, NumberPlace place) {
    const Recipe& recipe = trained.before.recipe;
    const OptimizerState& memory = trained.before.optimizer;
    return {{"value", number_at(trained.before.model.parameters, place)},
            {"batch gradient", number_at(trained.record.batch_gradient, place)},
            {"limit", recipe.clip},
            {"length", trained.result.gradient_norm},
            {"rate", trained.result.learning_rate},
            {"momentum", recipe.optimizer.momentum},
            {"beta1", recipe.optimizer.beta1},
            {"beta2", recipe.optimizer.beta2},
            {"decay", recipe.optimizer.weight_decay},
            {"step", static_cast<double>(trained.result.step)},
            {"velocity", remembered(memory.velocity, place)},
            {"mean", remembered(memory.mean, place)},
            {"square", remembered(memory.mean_square, place)}};
}

void expect_close(double shown, const FormulaValue& worked_out, const std::string& what) {
    constexpr double smallest = 1e-36; // squares of tiny gradients are no full floats any more
    EXPECT_NEAR(shown, worked_out.value, 1e-6 * worked_out.size + smallest) << what;
}

void expect_lines_to_hold(const TrainedStep& trained, NumberPlace place) {
    const UpdateArithmetic arithmetic = update_arithmetic(trained.record, place);
    EXPECT_EQ(arithmetic.before, number_at(trained.before.model.parameters, place));
    EXPECT_EQ(arithmetic.after, number_at(trained.after.model.parameters, place));
    support::FormulaReader::Names names = known_names(trained, place);
    for (const ArithmeticLine& line : arithmetic.lines) {
        const std::string numbers = numbers_text(line, 9);
        const std::string what = fmt::format("parameter {} number {}, {}: {} = {}", place.parameter,
                                             place.number, line.what, line.formula, numbers);
        expect_close(line.result, value_of_formula(numbers), what);
        expect_close(line.result, value_of_formula(line.formula, names), what);
        names[line.what] = line.result;
    }
    ASSERT_FALSE(arithmetic.lines.empty());
    EXPECT_EQ(arithmetic.lines.back().result, arithmetic.after);
    EXPECT_EQ(arithmetic.lines.back().rule, UpdateRule::new_value);
}

std::vector<UpdateRule> rules_of(const UpdateArithmetic& arithmetic) {
    std::vector<UpdateRule> rules;
    for (const ArithmeticLine& line : arithmetic.lines)
        rules.push_back(line.rule);
    return rules;
}

std::size_t parameter_named(const StepRecord& record, const std::string& name) {
    const auto list = list_parameters(record.before.parameters);
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (list[i].name == name) return i;
    }
    ADD_FAILURE() << "there is no " << name;
    return 0;
}

} // namespace

TEST(UpdateArithmetic, EveryLineGivesWhatItShowsAndTheLastOneTheNewValue) {
    for (const OptimizerKind kind : all_kinds) {
        for (const double clip : {0.0, 0.05, 500.0}) {
            for (const std::uint64_t steps_before : {0, 1, 26}) {
                const std::uint64_t seed = 3 + steps_before;
                const TrainedStep trained(small_recipe(kind, clip), seed, steps_before);
                const auto list = list_parameters(trained.record.before.parameters);
                for (std::size_t i = 0; i < list.size(); ++i) {
                    const std::size_t numbers = list[i].values.size();
                    expect_lines_to_hold(trained, {i, 0});
                    expect_lines_to_hold(trained, {i, (7 * i + 5) % numbers});
                    expect_lines_to_hold(trained, {i, numbers - 1});
                }
            }
        }
    }
}

TEST(UpdateArithmetic, HasTheLinesThatTheOptimiserNeeds) {
    using enum UpdateRule;
    const auto lines = [](OptimizerKind kind, double clip, const char* parameter) {
        const TrainedStep trained(small_recipe(kind, clip), 4, 2);
        return rules_of(
            update_arithmetic(trained.record, {parameter_named(trained.record, parameter), 1}));
    };
    using Rules = std::vector<UpdateRule>;
    EXPECT_EQ(lines(OptimizerKind::gradient_descent, 0, "unembedding"),
              (Rules{gradient, stride, new_value}));
    EXPECT_EQ(lines(OptimizerKind::gradient_descent, 0.01, "unembedding"),
              (Rules{clip_factor, gradient, stride, new_value}));
    EXPECT_EQ(lines(OptimizerKind::momentum, 0, "unembedding"),
              (Rules{gradient, velocity, stride, new_value}));
    EXPECT_EQ(
        lines(OptimizerKind::adam, 0, "unembedding"),
        (Rules{gradient, mean, mean_square, corrected_mean, corrected_square, stride, new_value}));
    EXPECT_EQ(lines(OptimizerKind::adamw, 0, "unembedding"),
              (Rules{gradient, decay, mean, mean_square, corrected_mean, corrected_square, stride,
                     new_value}));
    EXPECT_EQ(
        lines(OptimizerKind::adamw, 0, "final.norm.gain"), // a vector does not decay
        (Rules{gradient, mean, mean_square, corrected_mean, corrected_square, stride, new_value}));
}

TEST(UpdateArithmetic, ReadsAsOneWouldWriteIt) {
    const TrainedStep trained(small_recipe(OptimizerKind::adam, 0), 4, 2);
    const UpdateArithmetic arithmetic = update_arithmetic(trained.record, {0, 1});
    std::vector<std::string> formulas;
    for (const ArithmeticLine& line : arithmetic.lines)
        formulas.push_back(line.what + " = " + line.formula);
    EXPECT_EQ(
        formulas,
        (std::vector<std::string>{
            "gradient = batch gradient", "mean = beta1·mean + (1 − beta1)·gradient",
            "square = beta2·square + (1 − beta2)·gradient²", "fair mean = mean / (1 − beta1^step)",
            "fair square = square / (1 − beta2^step)",
            "stride = rate·(fair mean / (√(fair square) + 1e-08))", "new value = value − stride"}));
    const std::string correction = numbers_text(arithmetic.lines[3]);
    EXPECT_TRUE(correction.ends_with(" / (1 − 0.7^3)")) << correction;
}

TEST(UpdateArithmetic, ThereIsNoneForNumbersThatAreNotThere) {
    const TrainedStep trained(small_recipe(OptimizerKind::adam, 0), 4, 0);
    const std::size_t parameters = list_parameters(trained.record.before.parameters).size();
    EXPECT_THROW(update_arithmetic(trained.record, {parameters, 0}), Error);
    EXPECT_THROW(update_arithmetic(trained.record, {0, 100000}), Error);
}
