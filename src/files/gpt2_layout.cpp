#include "files/gpt2_layout.h"

#include "error.h"

#include <algorithm>
#include <map>
#include <set>

namespace whirlygig {
namespace {

constexpr std::string_view prefix = "transformer.";

template <class Number>
class LayoutBuilder {
public:
    explicit LayoutBuilder(const std::vector<NamedParameter<Number>>& list) {
        for (const auto& parameter : list)
            by_name.emplace(parameter.name, parameter);
    }

    // A tensor that is one of our parameters, under another name; unless the model has none such.
    void add(const std::string& name, const std::string& ours) {
        if (by_name.contains(ours)) add_joined(name, {ours});
    }

    // A tensor that is several of our parameters side by side.
    void add_joined(const std::string& name, const std::vector<std::string>& ours) {
        LayoutTensor<Number> tensor{name, {}, {}};
        std::size_t columns = 0;
        for (const std::string& piece : ours) {
            const NamedParameter<Number>& parameter = by_name.at(piece);
            tensor.pieces.push_back({columns, parameter});
            columns += parameter.columns;
        }
        const NamedParameter<Number>& first = tensor.pieces[0].parameter;
        if (is_matrix(first.kind)) tensor.shape.push_back(first.rows);
        tensor.shape.push_back(columns);
        tensors.push_back(std::move(tensor));
    }

    std::vector<LayoutTensor<Number>> tensors;

private:
    std::map<std::string, NamedParameter<Number>> by_name;
};

// The heads' query, key and value parameters in the order in which GPT-2 joins them.
std::vector<std::string> joined_heads(const std::string& block, std::size_t heads,
                                      const std::string& ending) {
    std::vector<std::string> names;
    for (const char* projection : {"query", "key", "value"}) {
        for (std::size_t h = 0; h < heads; ++h) {
            names.push_back(fmt::format("{}.head.{}.{}_{}", block, h, projection, ending));
        }
    }
    return names;
}

template <class Number>
void add_block(LayoutBuilder<Number>& builder, std::size_t b, std::size_t heads) {
    const std::string ours = fmt::format("block.{}", b);
    const std::string theirs = fmt::format("transformer.h.{}", b);
    builder.add(theirs + ".ln_1.weight", ours + ".attention.norm.gain");
    builder.add(theirs + ".ln_1.bias", ours + ".attention.norm.shift");
    builder.add_joined(theirs + ".attn.c_attn.weight", joined_heads(ours, heads, "weights"));
    builder.add_joined(theirs + ".attn.c_attn.bias", joined_heads(ours, heads, "bias"));
    builder.add(theirs + ".attn.c_proj.weight", ours + ".attention.output_weights");
    builder.add(theirs + ".attn.c_proj.bias", ours + ".attention.output_bias");
    builder.add(theirs + ".ln_2.weight", ours + ".mlp.norm.gain");
    builder.add(theirs + ".ln_2.bias", ours + ".mlp.norm.shift");
    builder.add(theirs + ".mlp.c_fc.weight", ours + ".mlp.up_weights");
    builder.add(theirs + ".mlp.c_fc.bias", ours + ".mlp.up_bias");
    builder.add(theirs + ".mlp.c_proj.weight", ours + ".mlp.down_weights");
    builder.add(theirs + ".mlp.c_proj.bias", ours + ".mlp.down_bias");
}

template <class Number, class Some>
std::vector<LayoutTensor<Number>> make_layout(Some& parameters) {
    LayoutBuilder<Number> builder(list_parameters(parameters));
    builder.add("transformer.wte.weight", "embedding.token_table");
    builder.add("transformer.wpe.weight", "embedding.position_table");
    for (std::size_t b = 0; b < parameters.blocks.size(); ++b) {
        add_block(builder, b, parameters.blocks[b].attention.heads.size());
    }
    builder.add("transformer.ln_f.weight", "final.norm.gain");
    builder.add("transformer.ln_f.bias", "final.norm.shift");
    builder.add("lm_head.weight", "unembedding");
    return std::move(builder.tensors);
}

std::string shape_list(const std::vector<std::uint64_t>& shape) {
    return fmt::format("({})", fmt::join(shape, ", "));
}

// The tensor's name in this file: with the prefix, or without it.
std::string name_in_file(const SafetensorsFile& file, const std::string& name) {
    if (file.has(name) || !name.starts_with(prefix)) return name;
    const std::string bare = name.substr(prefix.size());
    return file.has(bare) ? bare : name;
}

bool is_mask_buffer(const std::string& name) {
    return name.ends_with(".attn.bias") || name.ends_with(".attn.masked_bias");
}

void read_tensor(const SafetensorsFile& file, const std::string& file_name, const std::string& name,
                 const LayoutTensor<Real>& tensor) {
    const TensorEntry& entry = file.entry(name);
    if (entry.shape != tensor.shape) {
        fail("{}: the tensor {} has shape {} but the config asks for {}", file_name, name,
             shape_list(entry.shape), shape_list(tensor.shape));
    }
    std::vector<Real> joined(tensor.count());
    file.read_into(name, joined);
    const std::size_t columns = tensor.shape.back();
    for (const auto& [first_column, parameter] : tensor.pieces) {
        for (std::size_t row = 0; row < parameter.rows; ++row) {
            const auto from =
                joined.begin() + static_cast<std::ptrdiff_t>(row * columns + first_column);
            const auto to =
                parameter.values.begin() + static_cast<std::ptrdiff_t>(row * parameter.columns);
            std::copy_n(from, parameter.columns, to);
        }
    }
}

} // namespace

template <class Number>
std::size_t LayoutTensor<Number>::count() const {
    std::size_t count = 1;
    for (const std::uint64_t size : shape)
        count *= size;
    return count;
}
template std::size_t LayoutTensor<Real>::count() const;
template std::size_t LayoutTensor<const Real>::count() const;

std::vector<LayoutTensor<const Real>> gpt2_layout(const Parameters& parameters) {
    return make_layout<const Real>(parameters);
}

std::vector<LayoutTensor<Real>> gpt2_layout(Parameters& parameters) {
    return make_layout<Real>(parameters);
}

std::vector<Real> join_pieces(const LayoutTensor<const Real>& tensor) {
    std::vector<Real> joined(tensor.count());
    const std::size_t columns = tensor.shape.back();
    for (const auto& [first_column, parameter] : tensor.pieces) {
        for (std::size_t row = 0; row < parameter.rows; ++row) {
            const auto from =
                parameter.values.begin() + static_cast<std::ptrdiff_t>(row * parameter.columns);
            const auto to =
                joined.begin() + static_cast<std::ptrdiff_t>(row * columns + first_column);
            std::copy_n(from, parameter.columns, to);
        }
    }
    return joined;
}

JoinedTensors join_layout(const Parameters& parameters, const std::string& name_prefix) {
    JoinedTensors joined;
    for (const auto& tensor : gpt2_layout(parameters)) {
        joined.numbers.push_back(join_pieces(tensor)); // its numbers stay where they are
        joined.tensors.push_back(
            tensor_to_write<Real>(name_prefix + tensor.name, tensor.shape, joined.numbers.back()));
    }
    return joined;
}

Parameters read_gpt2_layout(const SafetensorsFile& file, const std::string& file_name,
                            const Config& config) {
    Parameters parameters = make_parameters(config);
    for (const LayoutTensor<Real>& tensor : gpt2_layout(parameters)) {
        const std::string name = name_in_file(file, tensor.name);
        read_tensor(file, file_name, name, tensor);
        if (const auto place = file.find(Unwanted::not_finite, name)) {
            fail("{}: the tensor {} holds {} at index {}: a model's parameters must be finite",
                 file_name, name, place->value, place->index);
        }
    }
    return parameters;
}

void check_no_other_tensors(const SafetensorsFile& file, const std::string& file_name,
                            const Parameters& parameters) {
    std::set<std::string> known;
    for (const auto& tensor : gpt2_layout(parameters)) {
        known.insert(name_in_file(file, tensor.name));
    }
    for (const std::string& name : file.names()) {
        if (known.contains(name) || is_mask_buffer(name)) continue;
        fail("{}: the tensor {} does not belong to a model of this config", file_name, name);
    }
}

} // namespace whirlygig
