// Optimisers: how a step down the gradient changes the parameters. The gradient says in which
// direction the loss grows; every optimiser goes against it, each with its own stride.
//
// In the formulas p is a parameter, g its gradient, and t counts the steps from 1. All work number
// by number, so a parameter is just a row of numbers here.
#pragma once

#include "parameters.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace whirlygig {

enum class OptimizerKind { gradient_descent, momentum, adam, adamw };

struct OptimizerOptions {
    OptimizerKind kind = OptimizerKind::adamw;
    double momentum = 0.9;      // share of the velocity that a step keeps
    double beta1 = 0.9;         // Adam: share that a step keeps of the mean gradient,
    double beta2 = 0.99;        // and of the mean square of the gradient
    double weight_decay = 0.01; // AdamW: pull of matrices towards 0, in shares per rate
};

// What an optimiser remembers between steps: nothing for gradient descent, the velocity for
// momentum, the two means for Adam. Each has one row of numbers for each parameter, in the order of
// list_parameters, and is empty until the first step.
struct OptimizerState {
    std::vector<std::vector<Real>> velocity;
    std::vector<std::vector<Real>> mean;        // of the gradients
    std::vector<std::vector<Real>> mean_square; // of the gradients, each number times itself
    std::uint64_t steps = 0;                    // taken so far
};

// p −= rate · g
void gradient_descent_step(std::span<const Real> gradient, double rate, std::span<Real> parameter);

// v = momentum · v + g;  p −= rate · v      (Polyak 1964, in the form that PyTorch uses)
void momentum_step(std::span<const Real> gradient, double rate, double momentum,
                   std::span<Real> velocity, std::span<Real> parameter);

// Adam's means start at 0, so at first they are too small by these factors.
struct BiasCorrection {
    double mean = 1;        // 1 − β1ᵗ
    double mean_square = 1; // 1 − β2ᵗ
};
BiasCorrection bias_correction(const OptimizerOptions& options, std::uint64_t t);

// m = β1·m + (1 − β1)·g;  s = β2·s + (1 − β2)·g²
// p −= rate · m/(1 − β1ᵗ) / (√(s/(1 − β2ᵗ)) + 10⁻⁸)
// Kingma and Ba 2015, "Adam: a method for stochastic optimization", algorithm 1.
void adam_step(std::span<const Real> gradient, double rate, const OptimizerOptions& options,
               const BiasCorrection& correction, std::span<Real> mean, std::span<Real> mean_square,
               std::span<Real> parameter);

// p −= rate · decay · p: AdamW does this before Adam's step, instead of adding decay · p to the
// gradient, where Adam would rescale it. Loshchilov and Hutter 2019, "Decoupled weight decay
// regularization", algorithm 2. Only matrices decay (is_matrix), as GPT-2's did.
void decay_step(double rate, double decay, std::span<Real> parameter);

// Moves all parameters by one step of the chosen kind. `gradient` and `parameters` are lists of the
// same shapes. Throws an Error when they, or what the state remembers, do not fit together.
void optimizer_step(const OptimizerOptions& options, double rate,
                    const std::vector<NamedParameter<Real>>& gradient,
                    const std::vector<NamedParameter<Real>>& parameters, OptimizerState& state);

// Makes room for what this kind remembers, all 0, unless it is there already.
void prepare_state(OptimizerKind kind, const std::vector<NamedParameter<Real>>& parameters,
                   OptimizerState& state);

// What the state remembers as a list to save or to read into, after prepare_state: each entry is
// named after its parameter, such as velocity.final.norm.gain or mean_square.final.norm.gain.
std::vector<NamedParameter<Real>> list_state(OptimizerState& state,
                                             const std::vector<NamedParameter<Real>>& parameters);
std::vector<NamedParameter<const Real>>
list_state(const OptimizerState& state, const std::vector<NamedParameter<const Real>>& parameters);

// √ of the sum of all squares: how long the gradient is.
double gradient_norm(const std::vector<NamedParameter<Real>>& gradient);

// What shortens a gradient of this length to the limit: limit / (norm + 10⁻⁶), and 1 when it is
// short enough.
double clip_factor(double norm, double limit);

// Shortens a gradient that is longer than the limit (all of it by clip_factor, so its direction
// stays) and returns how long it was. (Pascanu, Mikolov and Bengio 2013, "On the difficulty of
// training recurrent neural networks", algorithm 1.)
double clip_gradient(const std::vector<NamedParameter<Real>>& gradient, double limit);

} // namespace whirlygig
