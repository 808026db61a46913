// The names and shapes under which Hugging Face's GPT-2 keeps its parameters, so that a model
// trained here opens there and the other way round.
//
// GPT-2 joins the query, key and value weights of all heads into one matrix (d, 3d): all heads'
// query columns first, then all keys, then all values. A piece below is one of our parameters and
// the column of the joined tensor where it starts.
#pragma once

#include "files/safetensors.h"
#include "parameters.h"

#include <cstdint>
#include <string>
#include <vector>

namespace whirlygig {

template <class Number>
struct LayoutPiece {
    std::size_t first_column;
    NamedParameter<Number> parameter;
};

template <class Number>
struct LayoutTensor {
    std::string name; // for example transformer.h.0.attn.c_attn.weight
    std::vector<std::uint64_t> shape;
    std::vector<LayoutPiece<Number>> pieces; // side by side they fill the tensor

    std::size_t count() const;
};

std::vector<LayoutTensor<const Real>> gpt2_layout(const Parameters& parameters);
std::vector<LayoutTensor<Real>> gpt2_layout(Parameters& parameters);

// The tensor's numbers, its pieces joined.
std::vector<Real> join_pieces(const LayoutTensor<const Real>& tensor);

// Tensors ready to be written, and the numbers that they point to.
struct JoinedTensors {
    std::vector<std::vector<Real>> numbers;
    std::vector<TensorToWrite> tensors;
};

// All parameters (or the gradients by them) joined, each name with `name_prefix` before it.
JoinedTensors join_layout(const Parameters& parameters, const std::string& name_prefix = "");

// Reads all parameters of a model of this config from a file with GPT-2's names, with or without
// the prefix "transformer.". Throws an Error that names the tensor when one is missing, has another
// shape or holds a number that is not finite.
Parameters read_gpt2_layout(const SafetensorsFile& file, const std::string& file_name,
                            const Config& config);

// Throws an Error when the file holds a tensor that a model with these parameters does not have,
// for then it is another kind of model. The mask buffers attn.bias and attn.masked_bias of older
// GPT-2 files are passed over.
void check_no_other_tensors(const SafetensorsFile& file, const std::string& file_name,
                            const Parameters& parameters);

} // namespace whirlygig
