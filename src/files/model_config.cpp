// config.json, with the keys of Hugging Face's GPT-2.
#include "error.h"
#include "files/model_folder.h"
#include "files/strict_json.h"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace whirlygig {
namespace {

using nlohmann::json;

std::size_t size_at(const json& config, const std::string& key, const std::string& source) {
    if (!config.contains(key)) fail("{}: the key {} is missing", source, key);
    const json& value = config[key];
    constexpr std::uint64_t largest = 1'000'000'000;
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > largest) {
        fail("{}: {} must be a whole number from 0 to {}, not {}", source, key, largest,
             value.dump().substr(0, 40));
    }
    return value.get<std::size_t>();
}

// These settings of other members of the family change the arithmetic; ours has their defaults.
void refuse_unsupported(const json& config, const std::string& source) {
    const json activation = config.value("activation_function", json("gelu_new"));
    if (activation != "gelu_new" && activation != "gelu_pytorch_tanh") {
        fail("{}: the activation function is {}, but only gelu_new is supported", source,
             activation.dump().substr(0, 40));
    }
    const json type = config.value("model_type", json("gpt2"));
    if (type != "gpt2") {
        fail("{}: the model type is {}, but only gpt2 is supported", source,
             type.dump().substr(0, 40));
    }
    for (const char* key : {"scale_attn_by_inverse_layer_idx", "add_cross_attention"}) {
        if (config.value(key, json(false)) != false) {
            fail("{}: {} is switched on, which is not supported", source, key);
        }
    }
    if (config.value("scale_attn_weights", json(true)) != true) {
        fail("{}: scale_attn_weights is switched off, which is not supported", source);
    }
}

// The part that the model was trained without.
Without without_at(const json& config, const std::string& source) {
    const json value = config.value("without", json("nothing"));
    const auto part = value.is_string() ? without_called(value.get<std::string>()) : std::nullopt;
    if (part) return *part;
    std::vector<std::string_view> names;
    names.reserve(without_names.size());
    for (const WithoutName& entry : without_names)
        names.push_back(entry.name);
    fail("{}: without must be one of \"{}\", not {}", source, fmt::join(names, "\", \""),
         value.dump().substr(0, 40));
}

} // namespace

std::string config_text(const Config& config, const Wording& wording) {
    nlohmann::ordered_json text{
        {"model_type", "gpt2"},
        {"architectures", {"GPT2LMHeadModel"}},
        {"n_layer", config.layers},
        {"n_head", config.heads},
        {"n_embd", config.width},
        {"n_positions", config.context},
        {"n_inner", config.hidden},
        {"vocab_size", config.vocabulary},
        {"layer_norm_epsilon", config.epsilon},
        {"activation_function", "gelu_new"},
        {"tie_word_embeddings", config.tied},
        {"attn_pdrop", 0.0},
        {"embd_pdrop", 0.0},
        {"resid_pdrop", 0.0},
    };
    if (config.without != Without::nothing) text["without"] = name_of(config.without).name;
    if (wording.tokenizer) text["tokenizer"] = to_string(wording.tokenizer->kind());
    if (wording.first_token) text["bos_token_id"] = *wording.first_token;
    if (wording.last_token) text["eos_token_id"] = *wording.last_token;
    return text.dump(2) + "\n";
}

Config parse_config(const std::string& text, const std::string& source) {
    const json file = parse_json(text, source, 16);
    if (!file.is_object()) fail("{}: a config is an object with keys such as n_layer", source);
    refuse_unsupported(file, source);
    Config config;
    config.vocabulary = size_at(file, "vocab_size", source);
    config.context = size_at(file, "n_positions", source);
    config.width = size_at(file, "n_embd", source);
    config.heads = size_at(file, "n_head", source);
    config.layers = size_at(file, "n_layer", source);
    const bool has_hidden = file.contains("n_inner") && !file["n_inner"].is_null();
    config.hidden = has_hidden ? size_at(file, "n_inner", source) : 4 * config.width;
    const json tied = file.value("tie_word_embeddings", json(true)); // Hugging Face's default
    if (!tied.is_boolean()) fail("{}: tie_word_embeddings must be true or false", source);
    config.tied = tied.get<bool>();
    config.without = without_at(file, source);
    const json epsilon = file.value("layer_norm_epsilon", json(1e-5));
    if (!epsilon.is_number()) fail("{}: layer_norm_epsilon must be a number", source);
    config.epsilon = epsilon.get<double>();
    try {
        check_config(config);
    } catch (const Error& error) {
        fail("{}: {}", source, error.what());
    }
    return config;
}

} // namespace whirlygig
