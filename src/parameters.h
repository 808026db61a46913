// All parameters of a model as one list, in one order: what is initialised, saved, summed over the
// lanes of a batch, moved by the optimiser and counted goes through this list.
#pragma once

#include "model.h"
#include "random.h"

#include <span>
#include <string>
#include <vector>

namespace whirlygig {

enum class ParameterKind {
    token_table,    // (V, d)
    position_table, // (context, d)
    weights,        // (inputs, outputs) of a linear layer
    stream_weights, // the same, where the outputs are added to the residual stream
    unembedding,    // (V, d)
    bias,           // (outputs)
    gain,           // (d)
    shift,          // (d)
};

// True for tables and weights, false for biases, gains and shifts, which are vectors.
bool is_matrix(ParameterKind kind);

// One parameter and where its numbers lie: row by row. A vector has one row.
template <class Number>
struct NamedParameter {
    std::string name; // for example block.0.head.1.query_weights
    ParameterKind kind;
    std::size_t rows;
    std::size_t columns;
    std::span<Number> values;
};

std::vector<NamedParameter<Real>> list_parameters(Parameters& parameters);
std::vector<NamedParameter<const Real>> list_parameters(const Parameters& parameters);

std::size_t count_parameters(const Config& config);

// Parameters of the config's shapes, all 0 (and the layer norms' epsilon set).
Parameters make_parameters(const Config& config);

void fill(Parameters& parameters, Real value);

enum class Initialization {
    readable, // token table N(0, 0.5), positions N(0, 0.3), weights N(0, 1/√inputs)
    gpt2,     // both tables and all weights N(0, 0.02)
};

// Draws the parameters before training; N(0, s) is normal with mean 0 and standard deviation s.
// Either way biases and shifts are 0, gains are 1, and stream weights are divided by √(2·layers),
// because each of the 2·layers additions to the stream widens it. (GPT-2: Radford et al. 2019,
// section 2.3. Why "readable": with it one can see in the attention maps what a head does.)
void initialize(Model& model, Initialization initialization, Random& random);

} // namespace whirlygig
