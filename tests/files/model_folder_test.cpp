// A model's folder: written and read back bit for bit, and every broken file refused in a sentence.
#include "files/file.h"
#include "files/gpt2_layout.h"
#include "files/model_folder.h"
#include "support/error_sentence.h"
#include "support/small_model.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <limits>

namespace {

using namespace whirlygig;
using nlohmann::json;

const std::vector<std::string> words{"the", "blue", "creature", "and", ".", "ü", "zz"};

Wording wording() {
    return {Tokenizer::from_vocabulary(TokenizerKind::words, words), 0, 4};
}

Model model_of(bool tied) {
    return support::small_model(support::config_of(7, 6, 2, 3, 10, 2, tied), 1);
}

std::vector<std::vector<Real>> numbers_of(const Parameters& parameters) {
    std::vector<std::vector<Real>> numbers;
    for (const auto& parameter : list_parameters(parameters)) {
        numbers.emplace_back(parameter.values.begin(), parameter.values.end());
    }
    return numbers;
}

TEST(ModelFolder, AModelThatWasWrittenIsReadBackBitForBit) {
    for (const bool tied : {false, true}) {
        const TemporaryFolder folder;
        const Model model = model_of(tied);
        write_model_folder(folder / "m", model, wording());
        const ModelFolder read = read_model_folder(folder / "m");
        EXPECT_EQ(numbers_of(read.model->parameters), numbers_of(model.parameters));
        EXPECT_EQ(hash_parameters(read.model->parameters), hash_parameters(model.parameters));
        EXPECT_EQ(read.model->config.hidden, 10U);
        EXPECT_EQ(read.model->config.tied, tied);
        EXPECT_EQ(read.wording.first_token, 0);
        EXPECT_EQ(read.wording.last_token, 4);
        EXPECT_EQ(read.encode("the blue ü"), (std::vector<int>{0, 1, 5}));
        EXPECT_EQ(read.wording.text({2, 4}), "creature .");
    }
}

TEST(ModelFolder, ItIsKeptThatAModelHasNoMask) {
    const TemporaryFolder folder;
    Model model = model_of(false);
    write_model_folder(folder / "with", model, wording());
    expect_contains(read_file(folder / "with" / "config.json"), "bos_token_id");
    EXPECT_EQ(read_file(folder / "with" / "config.json").find("without"), std::string::npos);
    EXPECT_EQ(read_model_folder(folder / "with").model->config.mask(), Mask::causal);
    model.config.without = Without::mask;
    write_model_folder(folder / "none", model, wording());
    const ModelFolder read = read_model_folder(folder / "none");
    EXPECT_EQ(read.model->config.mask(), Mask::none);
    for (const BlockParameters& block : read.model->parameters.blocks)
        EXPECT_EQ(block.mask, Mask::none);
}

TEST(ModelFolder, AModelWithoutAPartComesBackWhole) {
    const TemporaryFolder folder;
    for (const Without part : support::all_parts()) {
        const std::string name(name_of(part).name);
        SCOPED_TRACE(name);
        const Model model = support::small_model(
            support::without(part, support::config_of(7, 6, 2, 3, 5, 2, false)), 3);
        write_model_folder(folder.path / name, model, wording());
        const ModelFolder read = read_model_folder(folder.path / name);
        EXPECT_EQ(read.model->config.without, part);
        const auto written = list_parameters(model.parameters);
        const auto found = list_parameters(read.model->parameters);
        ASSERT_EQ(found.size(), written.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            EXPECT_EQ(found[i].name, written[i].name);
            EXPECT_TRUE(std::ranges::equal(found[i].values, written[i].values)) << found[i].name;
        }
    }
}

TEST(ModelFolder, AnUnknownPartIsOneClearSentence) {
    for (const char* value : {"\"legs\"", "7"}) {
        const std::string sentence = error_sentence([&] {
            parse_config(std::string(R"({"vocab_size": 5, "n_positions": 6, "n_embd": 6,
                "n_head": 2, "n_layer": 1, "without": )") +
                             value + "}",
                         "config.json");
        });
        expect_contains(sentence, "config.json: without must be one of \"nothing\", \"mask\", "
                                  "\"positions\", \"scale\", \"residual\", \"norm\", "
                                  "\"mlp\", not ");
        expect_contains(sentence, value);
    }
}

TEST(ModelFolder, HeadsAreJoinedQueriesFirstThenKeysThenValues) {
    Model model = model_of(false);
    const auto& heads = model.parameters.blocks[1].attention.heads;
    for (const auto& tensor : gpt2_layout(std::as_const(model.parameters))) {
        if (tensor.name != "transformer.h.1.attn.c_attn.weight") continue;
        const std::vector<Real> joined = join_pieces(tensor);
        ASSERT_EQ(tensor.shape, (std::vector<std::uint64_t>{6, 18}));
        EXPECT_EQ(joined[4 * 18 + 1], heads[0].query.weights(4, 1));
        EXPECT_EQ(joined[4 * 18 + 5], heads[1].query.weights(4, 2));
        EXPECT_EQ(joined[4 * 18 + 6 + 3], heads[1].key.weights(4, 0));
        EXPECT_EQ(joined[5 * 18 + 12 + 2], heads[0].value.weights(5, 2));
        return;
    }
    FAIL() << "there is no such tensor";
}

TEST(ModelFolder, OneParameterMoreOrLessChangesTheFingerprint) {
    Model model = model_of(false);
    const std::uint64_t before = hash_parameters(model.parameters);
    model.parameters.final_norm.shift(3) += Real(0.001);
    EXPECT_NE(hash_parameters(model.parameters), before);
}

TEST(ModelFolder, TextsThatDoNotFitAreRefused) {
    const TemporaryFolder folder;
    write_model_folder(folder / "m", model_of(false), wording());
    const ModelFolder read = read_model_folder(folder / "m");
    expect_contains(error_sentence([&] { read.encode("the blu creature"); }), "blue");
    expect_contains(error_sentence([&] { read.encode("the the the the the the the"); }),
                    "context is 6");
    expect_contains(error_sentence([&] { read.encode("  "); }), "empty");
}

std::string with_config(const std::string& text, const std::string& key, const json& value) {
    json config = json::parse(text);
    config[key] = value;
    return config.dump();
}

TEST(ModelFolder, EveryBrokenConfigIsRefusedInASentenceThatNamesIt) {
    const std::vector<std::tuple<std::string, json, std::string>> cases{
        {"n_head", 4, "4 heads do not divide the width 6"},
        {"n_head", 0, "number of heads is 0"},
        {"n_embd", -6, "n_embd must be a whole number"},
        {"n_embd", 6.5, "n_embd must be a whole number"},
        {"n_embd", 1e18, "n_embd must be a whole number"},
        {"n_embd", 99'996, "more than"},
        {"n_embd", 12, "the config asks for"},
        {"n_layer", 0, "number of layers is 0"},
        {"n_layer", 3, "transformer.h.2"},
        {"n_layer", 1, "does not belong"},
        {"n_positions", 0, "context is 0"},
        {"vocab_size", 8, "the config asks for"},
        {"layer_norm_epsilon", 0, "epsilon"},
        {"layer_norm_epsilon", "small", "layer_norm_epsilon must be a number"},
        {"activation_function", "relu", "relu"},
        {"model_type", "llama", "llama"},
        {"tie_word_embeddings", "no", "tie_word_embeddings"},
        {"tie_word_embeddings", true, "lm_head.weight"},
        {"add_cross_attention", true, "add_cross_attention"},
        {"without", "gravity", "without must be"},
        {"without", 3, "without must be"},
    };
    for (const auto& [key, value, sentence] : cases) {
        const TemporaryFolder folder;
        write_model_folder(folder.path, model_of(false), wording());
        const std::string text = read_file(folder / "config.json");
        write_file(folder / "config.json", with_config(text, key, value));
        expect_contains(error_sentence([&] { read_model_folder(folder.path); }), sentence);
    }
}

TEST(ModelFolder, ANumberThatIsNotFiniteIsRefusedWithItsTensor) {
    for (const Real bad :
         {std::numeric_limits<Real>::quiet_NaN(), std::numeric_limits<Real>::infinity()}) {
        const TemporaryFolder folder;
        Model model = model_of(false);
        model.parameters.blocks[0].mlp.up.weights(1, 2) = bad;
        write_model_folder(folder.path, model, wording());
        const std::string sentence = error_sentence([&] { read_model_folder(folder.path); });
        expect_contains(sentence, "transformer.h.0.mlp.c_fc.weight");
        expect_contains(sentence, "index 12");
    }
}

TEST(ModelFolder, WhatIsNoModelFolderIsSaidSo) {
    const TemporaryFolder folder;
    expect_contains(error_sentence([&] { read_model_folder(folder / "none"); }), "no folder");
    expect_contains(error_sentence([&] { read_model_folder(folder.path); }), "config.json");
    write_file(folder / "file", "text");
    expect_contains(error_sentence([&] { read_model_folder(folder / "file"); }), "not a folder");
    write_model_folder(folder / "m", model_of(false), wording());
    const std::string whole = read_file(folder / "m/model.safetensors");
    write_file(folder / "m/model.safetensors", whole.substr(0, whole.size() - 3));
    expect_contains(error_sentence([&] { read_model_folder(folder / "m"); }), "model.safetensors");
    write_file(folder / "m/config.json", "{\"n_layer\": ");
    expect_contains(error_sentence([&] { read_model_folder(folder / "m"); }), "not valid JSON");
    write_file(folder / "m/config.json", "[1]");
    expect_contains(error_sentence([&] { read_model_folder(folder / "m"); }), "object");
}

TEST(ModelFolder, AVocabularyOfAnotherSizeIsRefused) {
    const TemporaryFolder folder;
    write_model_folder(folder.path, model_of(false), wording());
    write_file(folder / "vocabulary.json", R"({"the": 0, "blue": 1})");
    expect_contains(error_sentence([&] { read_model_folder(folder.path); }), "2 tokens");
}

} // namespace
