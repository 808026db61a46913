// The vocabulary of a model as a file, vocabulary.json: an object {"token": id, ...} with every id
// from 0 to the number of tokens - 1 once. The file does not say how a text is split into tokens.
#pragma once

#include "text/tokenizer.h"

#include <filesystem>

namespace whirlygig {

// Throws an Error that names the file unless it is such an object and its tokens are pieces of the
// given kind, each of them once; files above 64 MiB are refused.
Tokenizer read_vocabulary(const std::filesystem::path& path, TokenizerKind kind);

// A token a line, in the order of the ids. Throws what write_file throws.
void write_vocabulary(const std::filesystem::path& path, const Tokenizer& tokenizer);

} // namespace whirlygig
