#include "training/batch.h"

#include "error.h"

#include <algorithm>
#include <functional>

namespace whirlygig {
namespace {

// Runs the example and sums the losses of its targets: with their weights, and those that count at
// all without.
BatchLoss sum_losses(const Model& model, const Example& example, Activations& activations) {
    activations.ids = example.ids;
    activations.targets = example.targets;
    forward(model, activations);
    forward_loss(activations);
    BatchLoss sum;
    for (std::size_t place = 0; place < example.weights.size(); ++place) {
        const auto loss = static_cast<double>(activations.loss(place, 0));
        sum.weighted += example.weights[place] * loss;
        if (example.weights[place] > 0) sum.mean += loss;
    }
    return sum;
}

// What the sums over all targets are divided by.
struct BatchTotals {
    double weight = 0;
    double targets = 0; // with a weight above 0
};

BatchTotals total_weights(const std::vector<Example>& batch) {
    BatchTotals totals;
    for (const Example& example : batch) {
        for (const double weight : example.weights) {
            totals.weight += weight;
            totals.targets += weight > 0 ? 1 : 0;
        }
    }
    if (!(totals.weight > 0)) {
        fail("there is no target that counts in a batch of {} sequences", batch.size());
    }
    return totals;
}

BatchLoss divide(const std::vector<BatchLoss>& sums, const BatchTotals& totals) {
    BatchLoss loss;
    for (const BatchLoss& sum : sums) {
        loss.weighted += sum.weighted / totals.weight;
        loss.mean += sum.mean / totals.targets;
    }
    return loss;
}

void fill(const std::vector<NamedParameter<Real>>& list, Real value) {
    for (const auto& parameter : list)
        std::fill(parameter.values.begin(), parameter.values.end(), value);
}

} // namespace

std::size_t batch_lanes(const Config& config) {
    constexpr std::size_t room = std::size_t{2} << 20;
    return std::clamp<std::size_t>(room / (count_parameters(config) * sizeof(float)), 2,
                                   most_lanes);
}

BatchGradient::BatchGradient(const Config& config)
    : lanes(batch_lanes(config)) {
    for (Lane& lane : lanes) {
        lane.gradient = make_parameters(config);
        lane.list = list_parameters(lane.gradient);
    }
}

BatchLoss BatchGradient::compute(const Model& model, const std::vector<Example>& batch,
                                 Workers& workers) {
    const BatchTotals totals = total_weights(batch);
    sums.resize(batch.size());
    if (passes.size() < workers.threads()) passes.resize(workers.threads());
    for (Pass& pass : passes)
        pass.gradients.one_block_for_all = true;
    const std::size_t used = std::min(lanes.size(), batch.size());
    const auto task = [&](std::size_t lane, std::size_t worker) {
        run_lane(model, batch, lane, totals.weight, passes.at(worker));
    };
    workers.run(used, std::cref(task)); // a copy of the task would take memory in every step
    add_lanes(used);
    return divide(sums, totals);
}

void BatchGradient::run_lane(const Model& model, const std::vector<Example>& batch,
                             std::size_t lane_number, double total_weight, Pass& pass) {
    Lane& lane = lanes[lane_number];
    fill(lane.list, 0);
    for (std::size_t i = lane_number; i < batch.size(); i += lanes.size()) {
        sums[i] = sum_losses(model, batch[i], pass.activations);
        const std::vector<double>& weights = batch[i].weights;
        resize(pass.gradients.loss, weights.size(), 1);
        for (std::size_t place = 0; place < weights.size(); ++place)
            pass.gradients.loss(place, 0) = static_cast<Real>(weights[place] / total_weight);
        backward(model, pass.activations, pass.gradients, lane.gradient);
    }
}

void BatchGradient::add_lanes(std::size_t used) {
    for (std::size_t lane = 1; lane < used; ++lane) {
        for (std::size_t i = 0; i < lanes[0].list.size(); ++i) {
            const std::span<Real> sum = lanes[0].list[i].values;
            const std::span<const Real> more = lanes[lane].list[i].values;
            for (std::size_t number = 0; number < sum.size(); ++number)
                sum[number] += more[number];
        }
    }
}

BatchLoss batch_loss(const Model& model, const std::vector<Example>& examples, Workers& workers) {
    const BatchTotals totals = total_weights(examples);
    std::vector<BatchLoss> sums(examples.size());
    workers.run(std::min(most_lanes, examples.size()), [&](std::size_t lane, std::size_t) {
        Activations activations;
        for (std::size_t i = lane; i < examples.size(); i += most_lanes)
            sums[i] = sum_losses(model, examples[i], activations);
    });
    return divide(sums, totals);
}

} // namespace whirlygig
