// A trace as a file: a float32 tensor per stage under the stage's name and, with a backward pass,
// `gradient.` + stage and `gradient.` + the parameter's name in the model's file.
#pragma once

#include "files/model_folder.h"
#include "trace/trace.h"
#include "trace/trace_difference.h"

#include <filesystem>
#include <string>
#include <vector>

namespace whirlygig {

// The metadata says, as JSON: ids, the token ids; tokens, their labels; parameters_hash, a
// fingerprint of the model's parameters; backward, whether the backward pass ran.
void write_trace(const std::filesystem::path& path, const Trace& trace, const Wording& wording);

// A trace as it was read. The pass points into the numbers, so it can be moved but not copied.
struct TraceFile {
    TraceFile() = default;
    TraceFile(TraceFile&&) = default;
    TraceFile(const TraceFile&) = delete;
    TraceFile& operator=(const TraceFile&) = delete;

    RecordedPass pass; // its stages as they lie in the file, the gradients by parameters last
    std::string parameters_hash; // as hash_parameters, in 16 hexadecimal digits
    std::vector<std::vector<Real>> numbers;
};

// Reads a trace to compare it with one of a model of this config, which says how the gradients by
// joined parameters are to be taken apart. Throws an Error that names the file when it is no trace,
// and when it has gradients by parameters of other shapes than this model's. Whether the stages are
// those of this model, compare_passes finds out.
TraceFile read_trace(const std::filesystem::path& path, const Config& config);

// Throws an Error that names the file when its trace was made with other parameters than these.
void check_parameters(const TraceFile& file, const Parameters& parameters);

} // namespace whirlygig
