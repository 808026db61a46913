// The text that a command runs through a model: --text, or --ids for a model without a vocabulary.
#pragma once

#include "files/model_folder.h"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace whirlygig {

struct InputText {
    CLI::Option* has_text = nullptr;
    std::string text;
    std::vector<int> ids;
};

// Adds --text and --ids to a command; `input` must stay where it is.
void add_input_options(CLI::App& command, InputText& input);

// True when one of the two was given.
bool has_input(const InputText& input);

// The token ids. Throws an Error when neither or both were given, and what encode throws.
std::vector<int> ids_of(const InputText& input, const ModelFolder& folder);

} // namespace whirlygig
