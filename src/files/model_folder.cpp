#include "files/model_folder.h"

#include "error.h"
#include "files/file.h"
#include "files/gpt2_layout.h"
#include "files/hash.h"
#include "files/strict_json.h"
#include "text/vocabulary.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace whirlygig {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::uint64_t config_size_limit = 1 << 20; // 1 MB
constexpr std::size_t config_depth = 16;

// Words or characters: as the config says or, in a folder from elsewhere, as the tokens look.
TokenizerKind kind_of_tokens(const json& config, const fs::path& vocabulary) {
    if (config.contains("tokenizer") && config["tokenizer"].is_string()) {
        return tokenizer_kind(config["tokenizer"].get<std::string>());
    }
    try {
        read_vocabulary(vocabulary, TokenizerKind::characters);
        return TokenizerKind::characters;
    } catch (const Error&) {
        return TokenizerKind::words;
    }
}

// A token id that the config may give, such as bos_token_id; one beyond the vocabulary means none.
std::optional<int> token_at(const json& config, const char* key, std::size_t vocabulary) {
    if (!config.contains(key) || !config[key].is_number_unsigned()) return std::nullopt;
    const auto id = config[key].get<std::uint64_t>();
    if (id >= vocabulary) return std::nullopt;
    return static_cast<int>(id);
}

void check_vocabulary_size(const Wording& wording, std::size_t size, const std::string& source) {
    const auto tokens = static_cast<std::size_t>(wording.tokenizer->size());
    if (tokens == size) return;
    fail("{} has {} tokens but the model's vocab_size is {}", source, tokens, size);
}

Wording read_wording(const fs::path& folder, const json& config, std::size_t size) {
    Wording wording{std::nullopt, token_at(config, "bos_token_id", size),
                    token_at(config, "eos_token_id", size)};
    const fs::path path = folder / "vocabulary.json";
    if (!fs::exists(path)) return wording;
    wording.tokenizer = read_vocabulary(path, kind_of_tokens(config, path));
    check_vocabulary_size(wording, size, path.string());
    return wording;
}

void check_is_model_folder(const fs::path& folder) {
    if (!fs::exists(folder)) fail("there is no folder {}", folder.string());
    if (!fs::is_directory(folder)) {
        fail("{} is not a folder; a model is a folder with model.safetensors and config.json",
             folder.string());
    }
    for (const char* name : {"config.json", "model.safetensors"}) {
        if (fs::exists(folder / name)) continue;
        fail("the folder {} holds no model: there is no {} in it", folder.string(), name);
    }
}

} // namespace

std::string Wording::label(int id) const {
    if (!tokenizer) return fmt::format("#{}", id);
    const std::string& token = tokenizer->token(id);
    if (token == " ") return "␣";
    if (token == "\n") return "⏎";
    if (token == "\t") return "⇥";
    const bool hidden = token.size() == 1 && static_cast<unsigned char>(token[0]) < ' ';
    return hidden ? fmt::format("U+{:04X}", token[0]) : token;
}

std::vector<std::string> Wording::labels(const std::vector<int>& ids) const {
    std::vector<std::string> result;
    result.reserve(ids.size());
    for (const int id : ids)
        result.push_back(label(id));
    return result;
}

std::string Wording::text(const std::vector<int>& ids) const {
    return tokenizer ? tokenizer->decode(ids) : fmt::format("{}", fmt::join(labels(ids), " "));
}

std::vector<int> ModelFolder::encode(const std::string& text) const {
    if (!wording.tokenizer) {
        fail("this model has no vocabulary.json, so it can't read text; give token ids instead");
    }
    std::vector<int> ids = wording.tokenizer->encode(text);
    if (ids.empty()) fail("the text is empty: give at least one token");
    if (ids.size() > model->config.context) {
        fail("the text has {} tokens but the model's context is {}: leave out at least {}",
             ids.size(), model->config.context, ids.size() - model->config.context);
    }
    return ids;
}

Wording make_wording(const std::string& config_text, const std::vector<std::string>& tokens,
                     const std::string& source) {
    const json config = parse_json(config_text, source, config_depth);
    const std::size_t size = parse_config(config_text, source).vocabulary;
    Wording wording{std::nullopt, token_at(config, "bos_token_id", size),
                    token_at(config, "eos_token_id", size)};
    if (tokens.empty()) return wording;
    const json kind = config.value("tokenizer", json("words"));
    if (!kind.is_string()) fail("{}: the tokenizer must be \"words\" or \"characters\"", source);
    wording.tokenizer = Tokenizer::from_vocabulary(tokenizer_kind(kind.get<std::string>()), tokens);
    check_vocabulary_size(wording, size, source);
    return wording;
}

ModelFolder read_model_folder(const fs::path& folder) {
    check_is_model_folder(folder);
    const fs::path config_path = folder / "config.json";
    const fs::path tensor_path = folder / "model.safetensors";
    const std::string config_json = read_file(config_path, config_size_limit);
    const Config config = parse_config(config_json, config_path.string());
    const SafetensorsFile file = SafetensorsFile::read(tensor_path);
    auto model = std::make_shared<Model>();
    model->config = config;
    model->parameters = read_gpt2_layout(file, tensor_path.string(), config);
    check_no_other_tensors(file, tensor_path.string(), model->parameters);
    const json settings = parse_json(config_json, config_path.string(), config_depth);
    return {std::move(model), read_wording(folder, settings, config.vocabulary)};
}

void write_model_folder(const fs::path& folder, const Model& model, const Wording& wording) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) fail("the folder {} can't be made: {}", folder.string(), error.message());
    write_file(folder / "config.json", config_text(model.config, wording));
    if (wording.tokenizer) write_vocabulary(folder / "vocabulary.json", *wording.tokenizer);
    const JoinedTensors joined = join_layout(model.parameters);
    write_safetensors(folder / "model.safetensors", joined.tensors, {{"format", "pt"}});
}

std::uint64_t hash_parameters(const Parameters& parameters) {
    std::uint64_t hash = hash_bytes("");
    for (const auto& parameter : list_parameters(parameters)) {
        const auto bytes = std::as_bytes(parameter.values);
        hash = hash_bytes({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, hash);
    }
    return hash;
}

} // namespace whirlygig
