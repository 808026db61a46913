// The loss and the gradient of a batch, shared out over threads so that the same numbers come out,
// to the last bit, whatever the number of threads.
//
// Sums of floating-point numbers depend on their order. So the examples of a batch are dealt out to
// lanes, always in the same way; a lane adds up its own examples one after the other, and at the
// end the lanes are added in order. Which thread works on which lane makes no difference.
#pragma once

#include "model.h"
#include "parameters.h"
#include "training/examples.h"
#include "training/workers.h"

#include <vector>

namespace whirlygig {

// How many lanes a batch has, and so how many threads can work on it: from 2 to 8, as many as keep
// their gradients together within 2 MiB. Larger models with more lanes train more slowly, because
// the lanes drive each other out of the processor's cache.
std::size_t batch_lanes(const Config& config);
constexpr std::size_t most_lanes = 8;

// The loss of a batch in nats.
struct BatchLoss {
    double weighted = 0; // Σ weight · loss / Σ weight: what training makes small
    double mean = 0;     // of all targets with a weight above 0, each counting the same
};

// The gradient of a batch's weighted loss and the memory it takes to compute it, kept from batch to
// batch. It can't be copied: the lists point into the parameters.
class BatchGradient {
public:
    explicit BatchGradient(const Config& config);
    BatchGradient(const BatchGradient&) = delete;
    BatchGradient& operator=(const BatchGradient&) = delete;

    // Computes the gradient of this batch. Throws an Error when it has no example or all weights
    // are 0, and what forward throws.
    BatchLoss compute(const Model& model, const std::vector<Example>& batch, Workers& workers);

    // The gradient, by all parameters: the sum over the lanes. It may be changed (clipped).
    const std::vector<NamedParameter<Real>>& list() const { return lanes[0].list; }
    const Parameters& gradient() const { return lanes[0].gradient; }

private:
    // What one pass computes. Every thread has its own and uses it again and again, so that it
    // stays in the processor's cache.
    struct Pass {
        Activations activations, gradients;
    };
    struct Lane {
        Parameters gradient;                    // summed over the lane's examples
        std::vector<NamedParameter<Real>> list; // of `gradient`
    };
    void run_lane(const Model& model, const std::vector<Example>& batch, std::size_t lane,
                  double total_weight, Pass& pass);
    void add_lanes(std::size_t used);

    std::vector<Pass> passes; // one for each thread
    std::vector<Lane> lanes;
    std::vector<BatchLoss> sums; // of the losses of each example, not yet divided
};

// The loss of held-out examples, without a gradient; again the same for any number of threads.
BatchLoss batch_loss(const Model& model, const std::vector<Example>& examples, Workers& workers);

} // namespace whirlygig
