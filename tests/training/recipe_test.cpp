#include "training/recipe.h"

#include "files/file.h"
#include "support/error_sentence.h"
#include "support/temporary_folder.h"
#include "training/recipe_options.h"
#include "training/schedule.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

using namespace whirlygig;

namespace {

// A recipe in which no option has its default.
Recipe unusual_recipe() {
    Recipe recipe;
    recipe.tokenizer = TokenizerKind::words;
    recipe.context = 33;
    recipe.width = 15;
    recipe.heads = 3;
    recipe.layers = 5;
    recipe.hidden = 7;
    recipe.tied = true;
    recipe.without = Without::mask;
    recipe.initialization = Initialization::gpt2;
    recipe.steps = 11;
    recipe.batch = 13;
    recipe.optimizer = {OptimizerKind::momentum, 0.25, 0.625, 0.3, 0.1};
    recipe.learning_rate = 0.1 + 0.2; // needs all its digits
    recipe.warm_up = 17;
    recipe.decay = 0.7;
    recipe.clip = 0;
    recipe.answer_from_end = 8;
    recipe.answer_length = 6;
    recipe.answer_weight = 2.5;
    recipe.other_weight = 0;
    recipe.fresh = true;
    recipe.evaluate_every = 19;
    recipe.save_every = 23;
    recipe.snapshot_every = 29;
    return recipe;
}

struct ValueCollector {
    std::vector<std::string>& values;

    template <class Value, class Allowed>
    void operator()(const char* name, const char* meaning, const Value& value, const Allowed&) {
        EXPECT_NE(std::string(meaning), "") << name;
        values.push_back(fmt::format("{} = {}", name, static_cast<double>(value)));
    }
};

std::vector<std::string> values_of(const Recipe& recipe) {
    std::vector<std::string> values;
    for_each_option(recipe, ValueCollector{values});
    return values;
}

std::string refusal(const std::string& text) {
    return error_sentence([&] { parse_recipe(text); });
}

} // namespace

TEST(Recipe, EveryOptionSurvivesAFile) {
    const std::vector<std::string> expected = values_of(unusual_recipe());
    const std::vector<std::string> defaults = values_of(Recipe());
    ASSERT_EQ(expected.size(), 28u);
    for (std::size_t i = 0; i < expected.size(); ++i)
        EXPECT_NE(expected[i], defaults[i]) << "this test should change it";

    TemporaryFolder folder;
    write_recipe(folder / "recipe.json", unusual_recipe());
    const Recipe read = read_recipe(folder / "recipe.json");
    EXPECT_EQ(values_of(read), expected);
    EXPECT_EQ(read.learning_rate, 0.1 + 0.2);
}

TEST(Recipe, AMissingOptionKeepsItsDefault) {
    Recipe expected;
    expected.steps = 7;
    EXPECT_EQ(values_of(parse_recipe("{\"steps\": 7}")), values_of(expected));
}

TEST(Recipe, NoTwoOptionsHaveTheSameName) {
    const std::vector<std::string> values = values_of(Recipe());
    std::set<std::string> names;
    for (const std::string& value : values)
        names.insert(value.substr(0, value.find(' ')));
    EXPECT_EQ(names.size(), values.size());
}

TEST(Recipe, AnUnknownKeyIsRefusedWithTheMostSimilarOption) {
    expect_contains(refusal("{\"learning_rat\": 1}"), "\"learning_rat\" is no option");
    expect_contains(refusal("{\"learning_rat\": 1}"), "is \"learning_rate\" meant?");
    expect_contains(refusal("{\"Steps\": 1}"), "is \"steps\" meant?");
    expect_contains(refusal("{\"\": 1}"), "no option");
}

TEST(Recipe, ErrorsNameTheFileAndTheKey) {
    TemporaryFolder folder;
    write_file(folder / "recipe.json", "{\"batch\": 0}");
    const std::string sentence = error_sentence([&] { read_recipe(folder / "recipe.json"); });
    expect_contains(sentence, (folder / "recipe.json").string() + ": batch is 0");
    expect_contains(sentence, "from 1 to 10000");

    write_file(folder / "recipe.json", std::string(200'000, ' '));
    expect_contains(error_sentence([&] { read_recipe(folder / "recipe.json"); }), "recipe.json");
    expect_contains(error_sentence([&] { read_recipe(folder / "none.json"); }), "none.json");
}

TEST(Recipe, AValueOfTheWrongTypeIsRefused) {
    for (const char* value :
         {"\"ten\"", "-1", "1.5", "true", "null", "[1]", "{}", "1e30", "99999999999999999999999"}) {
        const std::string sentence = refusal(fmt::format("{{\"steps\": {}}}", value));
        expect_contains(sentence, "steps must be a whole number from 1 to 100000000, but is");
    }
    for (const char* value : {"\"0.1\"", "true", "null", "[]", "{}"}) {
        const std::string sentence = refusal(fmt::format("{{\"decay\": {}}}", value));
        expect_contains(sentence, "decay must be a number from 0 to 1, but is");
    }
    for (const char* value : {"\"true\"", "1", "0", "null"}) {
        expect_contains(refusal(fmt::format("{{\"tied\": {}}}", value)),
                        "tied must be true or false");
    }
    for (const char* value : {"\"sgd\"", "\"Adam\"", "1", "true", "null", "[\"adam\"]"}) {
        expect_contains(refusal(fmt::format("{{\"optimizer\": {}}}", value)),
                        "one of \"gradient_descent\", \"momentum\", \"adam\", \"adamw\"");
    }
}

TEST(Recipe, AValueOutOfRangeIsRefused) {
    for (const char* option :
         {"\"learning_rate\": 0", "\"learning_rate\": -0.1", "\"learning_rate\": 1e300",
          "\"beta1\": 1", "\"beta2\": 1.5", "\"momentum\": 1", "\"decay\": 1.01", "\"clip\": -1",
          "\"weight_decay\": -0.01", "\"answer_weight\": 0", "\"other_weight\": -1",
          "\"context\": 1", "\"context\": 100000000", "\"layers\": 0", "\"hidden\": 0",
          "\"batch\": 1000000"}) {
        const std::string key = std::string(option).substr(1, std::string(option).find('"', 1) - 1);
        expect_contains(refusal(fmt::format("{{{}}}", option)), key + " is ");
    }
}

TEST(Recipe, WhatIsNotANumberIsRefused) {
    Recipe recipe;
    recipe.learning_rate = std::numeric_limits<double>::quiet_NaN();
    expect_contains(error_sentence([&] { check_recipe(recipe); }), "learning_rate is nan");
    recipe.learning_rate = std::numeric_limits<double>::infinity();
    expect_contains(error_sentence([&] { check_recipe(recipe); }), "learning_rate is inf");
    expect_contains(error_sentence([&] { recipe_text(recipe); }), "learning_rate is inf");
    expect_contains(refusal("{\"clip\": NaN}"), "JSON");
    expect_contains(refusal("{\"clip\": 1e999}"), "number");
    expect_contains(refusal("[]"), "object");
    expect_contains(refusal("{\"clip\": 1, \"clip\": 2}"), "clip");
}

TEST(Recipe, OptionsThatContradictEachOtherAreRefused) {
    expect_contains(refusal("{\"heads\": 3, \"width\": 16}"), "3 heads");
    expect_contains(refusal("{\"answer_length\": 2, \"answer_from_end\": 1}"), "answer_length");
    expect_contains(refusal("{\"other_weight\": 0}"), "other_weight");
}

TEST(Recipe, TheCharactersRecipeIsTheDefault) {
    const std::filesystem::path corpora(WHIRLYGIG_CORPORA);
    EXPECT_EQ(values_of(read_recipe(corpora / "characters" / "recipe.json")), values_of(Recipe()));
    EXPECT_EQ(read_file(corpora / "characters" / "recipe.json"), recipe_text(Recipe()));
}

// The context of each corpus is its longest sentence, so that all of it can be traced.
TEST(Recipe, TheRecipesOfTheCorporaAreRead) {
    const std::vector<std::pair<const char*, std::size_t>> contexts{{"creatures", 20},
                                                                    {"creatures_long", 25},
                                                                    {"reviews", 21},
                                                                    {"induction", 33},
                                                                    {"sorting", 17}};
    for (const auto& [name, context] : contexts) {
        const Recipe recipe =
            read_recipe(std::filesystem::path(WHIRLYGIG_CORPORA) / name / "recipe.json");
        EXPECT_EQ(recipe.context, context) << name;
        EXPECT_EQ(recipe.tokenizer, TokenizerKind::words) << name;
        EXPECT_EQ(recipe.width, 32u) << name;
    }
}

TEST(Schedule, RisesEvenlyAndFallsAlongACosine) {
    Recipe recipe;
    recipe.learning_rate = 0.4;
    recipe.warm_up = 4;
    recipe.steps = 12;
    recipe.decay = 0.25;
    EXPECT_DOUBLE_EQ(learning_rate_at(recipe, 1), 0.1);
    EXPECT_DOUBLE_EQ(learning_rate_at(recipe, 3), 0.3);
    EXPECT_DOUBLE_EQ(learning_rate_at(recipe, 4), 0.4);
    // A quarter, half and three quarters of the way down from 0.4 to 0.1.
    EXPECT_DOUBLE_EQ(learning_rate_at(recipe, 6), 0.1 + 0.3 * (1 + std::sqrt(0.5)) / 2);
    EXPECT_DOUBLE_EQ(learning_rate_at(recipe, 8), 0.25);
    EXPECT_DOUBLE_EQ(learning_rate_at(recipe, 10), 0.1 + 0.3 * (1 - std::sqrt(0.5)) / 2);
    EXPECT_DOUBLE_EQ(learning_rate_at(recipe, 12), 0.1);
    EXPECT_DOUBLE_EQ(learning_rate_at(recipe, 1000), 0.1);
}

TEST(Schedule, IsConstantWithoutWarmUpAndDecay) {
    Recipe recipe;
    recipe.learning_rate = 0.3;
    recipe.warm_up = 0;
    recipe.decay = 1;
    recipe.steps = 5;
    for (const std::uint64_t step : {1, 2, 5, 6})
        EXPECT_DOUBLE_EQ(learning_rate_at(recipe, step), 0.3);
}

TEST(Schedule, AWarmUpLongerThanTheRunOnlyRises) {
    Recipe recipe;
    recipe.learning_rate = 0.8;
    recipe.warm_up = 8;
    recipe.steps = 2;
    EXPECT_DOUBLE_EQ(learning_rate_at(recipe, 1), 0.1);
    EXPECT_DOUBLE_EQ(learning_rate_at(recipe, 2), 0.2);
}
