#include "files/trace_file.h"

#include "error.h"
#include "files/gpt2_layout.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace whirlygig {
namespace {

// Tensors to write, and their numbers as float (which Real already is, except in a test build).
class FloatTensors {
public:
    void add(const std::string& name, std::vector<std::uint64_t> shape,
             std::span<const Real> values) {
        numbers.emplace_back(values.begin(), values.end()); // the numbers stay where they are
        tensors.push_back(tensor_to_write(name, std::move(shape), std::span(numbers.back())));
    }

    void add(const Stage& stage) {
        const std::size_t count = stage.values.rows * stage.values.columns;
        add(stage.name, {stage.values.rows, stage.values.columns}, {stage.values.data, count});
    }

    std::vector<TensorToWrite> tensors;

private:
    std::vector<std::vector<float>> numbers;
};

} // namespace

void write_trace(const std::filesystem::path& path, const Trace& trace, const Wording& wording) {
    const bool backward = !trace.backward_stages.empty();
    FloatTensors tensors;
    for (const Stage& stage : trace.forward_stages)
        tensors.add(stage);
    if (backward) {
        // Gradients by parameters go under the names and in the layout of the model's file.
        for (const Stage& stage : trace.forward_stages) {
            tensors.add(trace.stage("gradient." + stage.name));
        }
        for (const auto& tensor : gpt2_layout(trace.parameter_gradient)) {
            tensors.add("gradient." + tensor.name, tensor.shape, join_pieces(tensor));
        }
    }
    const nlohmann::json ids = trace.ids, tokens = wording.labels(trace.ids);
    write_safetensors(
        path, tensors.tensors,
        {{"ids", ids.dump()},
         {"tokens", tokens.dump()},
         {"parameters_hash", fmt::format("{:016x}", hash_parameters(trace.model->parameters))},
         {"backward", backward ? "true" : "false"}});
}

} // namespace whirlygig
