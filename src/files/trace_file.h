// A trace as a file: a float32 tensor per stage under the stage's name and, with a backward pass,
// `gradient.` + stage and `gradient.` + the parameter's name in the model's file.
#pragma once

#include "files/model_folder.h"
#include "trace/trace.h"

#include <filesystem>

namespace whirlygig {

// The metadata says, as JSON: ids, the token ids; tokens, their labels; parameters_hash, a
// fingerprint of the model's parameters; backward, whether the backward pass ran.
void write_trace(const std::filesystem::path& path, const Trace& trace, const Wording& wording);

} // namespace whirlygig
