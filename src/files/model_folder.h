// A model as a folder: model.safetensors, config.json and vocabulary.json, with Hugging Face's
// GPT-2 names and layout.
#pragma once

#include "model.h"
#include "text/tokenizer.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace whirlygig {

// What a model's token ids mean to a person.
struct Wording {
    std::optional<Tokenizer> tokenizer; // none when the folder has no vocabulary.json
    std::optional<int> first_token;     // with which a text usually starts
    std::optional<int> last_token;      // after which a text is at its end

    // "creature", or "#12" without a vocabulary. Characters that do not show are spelled out.
    std::string label(int id) const;
    std::vector<std::string> labels(const std::vector<int>& ids) const;

    // "the blue creature": the ids as a text.
    std::string text(const std::vector<int>& ids) const;
};

struct ModelFolder {
    std::shared_ptr<const Model> model;
    Wording wording;

    // The text as token ids. Throws an Error that says what to do when there is no vocabulary, no
    // token in the text, an unknown word, or more tokens than the model's context.
    std::vector<int> encode(const std::string& text) const;
};

// Reads and checks a model's folder. Throws an Error that names the file and what is wrong in it.
ModelFolder read_model_folder(const std::filesystem::path& folder);

// Writes the files, each as a whole or not at all; makes the folder when there is none.
void write_model_folder(const std::filesystem::path& folder, const Model& model,
                        const Wording& wording);

// What a config, as JSON text, and a list of tokens (none: no vocabulary) say together. Throws an
// Error when the tokens do not fit the config; `source` is the file's name in errors.
Wording make_wording(const std::string& config_text, const std::vector<std::string>& tokens,
                     const std::string& source);

// The text of config.json, and back. `source` is its name in errors.
std::string config_text(const Config& config, const Wording& wording);
Config parse_config(const std::string& text, const std::string& source);

// A fingerprint of all parameters.
std::uint64_t hash_parameters(const Parameters& parameters);

} // namespace whirlygig
