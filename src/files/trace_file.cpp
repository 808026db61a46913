#include "files/trace_file.h"

#include "error.h"
#include "files/gpt2_layout.h"
#include "files/strict_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
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

// Reads a trace's tensors one by one into a TraceFile.
class TraceReader {
public:
    explicit TraceReader(const std::filesystem::path& path)
        : name(path.string()),
          file(SafetensorsFile::read(path)) {
        trace.pass.where = name;
        trace.pass.ids = read_ids();
        trace.parameters_hash = text("parameters_hash");
    }

    // Takes the tensor apart into the pieces that the model of this layout keeps.
    void read_gradient(const LayoutTensor<const Real>& layout) {
        const std::string tensor = "gradient." + layout.name;
        if (!file.has(tensor)) return;
        taken.insert(tensor);
        const auto& shape = file.entry(tensor).shape;
        if (shape != layout.shape) {
            fail("{}: the tensor {} has shape ({}), but with this model it would be ({}): it is "
                 "from a model of another shape",
                 name, tensor, fmt::join(shape, ", "), fmt::join(layout.shape, ", "));
        }
        std::vector<Real> joined(layout.count());
        file.read_into(tensor, std::span(joined));
        for (const auto& piece : layout.pieces)
            add_piece(joined, layout.shape.back(), piece);
    }

    // The tensors that no gradient was read from: the stages.
    void read_stages() {
        for (const std::string& tensor : file.names()) {
            if (taken.contains(tensor)) continue;
            const auto& shape = file.entry(tensor).shape;
            if (shape.size() != 2)
                fail("{} is no trace: its tensor {} is no matrix", name, shown(tensor));
            std::vector<Real>& values = trace.numbers.emplace_back(shape[0] * shape[1]);
            file.read_into(tensor, std::span(values));
            trace.pass.stages.push_back({tensor, {values.data(), shape[0], shape[1]}});
        }
    }

    TraceFile trace;

private:
    std::string text(const std::string& key) const {
        const auto found = file.metadata().find(key);
        if (found == file.metadata().end())
            fail("{} is no trace: it does not say its {}", name, key);
        return found->second;
    }

    std::vector<int> read_ids() const {
        const nlohmann::json list = parse_json(text("ids"), name + ": ids", 1);
        std::vector<int> ids;
        for (const auto& id : list) {
            if (!list.is_array() || !id.is_number_integer() ||
                id.get<std::uint64_t>() > std::numeric_limits<int>::max())
                fail("{} is no trace: its ids are not a list of token ids", name);
            ids.push_back(id.get<int>());
        }
        return ids;
    }

    void add_piece(const std::vector<Real>& joined, std::size_t columns,
                   const LayoutPiece<const Real>& piece) {
        const auto& [first_column, parameter] = piece;
        std::vector<Real>& values = trace.numbers.emplace_back();
        for (std::size_t row = 0; row < parameter.rows; ++row) {
            const auto from =
                joined.begin() + static_cast<std::ptrdiff_t>(row * columns + first_column);
            values.insert(values.end(), from,
                          from + static_cast<std::ptrdiff_t>(parameter.columns));
        }
        trace.pass.stages.push_back(
            {"gradient." + parameter.name, {values.data(), parameter.rows, parameter.columns}});
    }

    std::string name;
    SafetensorsFile file;
    std::set<std::string> taken; // the tensors that were read
};

std::string fingerprint(const Parameters& parameters) {
    return fmt::format("{:016x}", hash_parameters(parameters));
}

} // namespace

TraceFile read_trace(const std::filesystem::path& path, const Config& config) {
    TraceReader reader(path);
    const Parameters shapes = make_parameters(config);
    for (const auto& tensor : gpt2_layout(shapes))
        reader.read_gradient(tensor);
    reader.read_stages();
    return std::move(reader.trace);
}

void check_parameters(const TraceFile& file, const Parameters& parameters) {
    if (file.parameters_hash == fingerprint(parameters)) return;
    fail("{} was made with other parameters than this model has: compare with a trace of the same "
         "model",
         file.pass.where);
}

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
    write_safetensors(path, tensors.tensors,
                      {{"ids", ids.dump()},
                       {"tokens", tokens.dump()},
                       {"parameters_hash", fingerprint(trace.model->parameters)},
                       {"backward", backward ? "true" : "false"}});
}

} // namespace whirlygig
