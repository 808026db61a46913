#include "study/heads.h"

#include "error.h"
#include "trace/trace.h"

#include <algorithm>

namespace whirlygig {
namespace {

// What is added up for one head over the examples.
struct HeadSums {
    std::size_t block, head;
    PatternSums patterns;
    std::vector<double> mixed; // (D): of all places so far
    double loss_without = 0;   // of all targets so far
};

Matrix& mixed_of(Trace& trace, const HeadSums& sums) {
    return trace.activations.blocks[sums.block].attention.heads[sums.head].mixed;
}

std::unique_ptr<Trace> pass(const std::shared_ptr<const Model>& model, const Example& example) {
    auto trace = make_trace(model, example.ids, Passes::forward);
    // A trace predicts the tokens of its own text; an example has a target for the last place too.
    trace->activations.targets = example.targets;
    forward_loss(trace->activations);
    return trace;
}

double loss_of_targets(const Trace& trace, const Example& example) {
    double sum = 0;
    for (std::size_t place = 0; place < example.weights.size(); ++place) {
        if (example.weights[place] > 0) sum += trace.activations.loss(place, 0);
    }
    return sum;
}

void add_pass(Trace& trace, HeadSums& sums) {
    const HeadActivations& head = trace.activations.blocks[sums.block].attention.heads[sums.head];
    sums.patterns.add(head.attention_weights, trace.ids);
    for (std::size_t row = 0; row < head.mixed.size1(); ++row) {
        for (std::size_t column = 0; column < head.mixed.size2(); ++column)
            sums.mixed[column] += head.mixed(row, column);
    }
}

// The loss of the example's targets when the head says `instead` (D) at every place.
double loss_without(Trace& trace, const Example& example, const HeadSums& head,
                    const std::vector<double>& instead) {
    Matrix& mixed = mixed_of(trace, head);
    const Matrix kept = mixed;
    for (std::size_t row = 0; row < mixed.size1(); ++row) {
        for (std::size_t column = 0; column < mixed.size2(); ++column)
            mixed(row, column) = static_cast<Real>(instead[column]);
    }
    forward_from(trace, fmt::format("block.{}.head.{}.mixed", head.block, head.head));
    forward_loss(trace.activations); // a text of one token has no loss stage of its own
    mixed = kept;
    return loss_of_targets(trace, example);
}

std::size_t count_targets(const std::vector<Example>& examples) {
    std::size_t targets = 0;
    for (const Example& example : examples) {
        for (const double weight : example.weights)
            targets += weight > 0 ? 1 : 0;
    }
    if (targets == 0) fail("there is no target that counts in {} sequences", examples.size());
    return targets;
}

std::vector<HeadSums> start_sums(const Config& config) {
    std::vector<HeadSums> sums;
    for (std::size_t b = 0; b < config.layers; ++b) {
        for (std::size_t h = 0; h < config.heads; ++h)
            sums.push_back({b, h, {}, std::vector<double>(config.head_width(), 0.0)});
    }
    return sums;
}

// From the sums to the means that take the heads' places.
std::vector<std::vector<double>> replacements(const std::vector<HeadSums>& heads, Ablation ablation,
                                              std::size_t places) {
    std::vector<std::vector<double>> result;
    for (const HeadSums& head : heads) {
        std::vector<double>& instead = result.emplace_back(head.mixed);
        for (double& number : instead)
            number = ablation == Ablation::zero ? 0 : number / static_cast<double>(places);
    }
    return result;
}

std::vector<HeadStudy> ranked(const std::vector<HeadSums>& sums, std::size_t targets) {
    std::vector<HeadStudy> heads;
    heads.reserve(sums.size());
    for (const HeadSums& head : sums) {
        heads.push_back({head.block, head.head, head.patterns.scores(),
                         head.loss_without / static_cast<double>(targets)});
    }
    std::stable_sort(heads.begin(), heads.end(), [](const HeadStudy& a, const HeadStudy& b) {
        return a.loss_without > b.loss_without;
    });
    return heads;
}

} // namespace

Study study_heads(const std::shared_ptr<const Model>& model, const std::vector<Example>& examples,
                  Ablation ablation, const StudyProgress& progress) {
    Study study{.ablation = ablation, .sequences = examples.size(), .even = {}, .heads = {}};
    study.targets = count_targets(examples);
    std::vector<HeadSums> heads = start_sums(model->config);
    const std::size_t all = examples.size() * (1 + heads.size());
    std::size_t done = 0;
    const auto report = [&] {
        if (progress) progress(++done, all);
    };
    // 1. The model as it is: where the heads look, and what they say on average.
    PatternSums even;
    std::size_t places = 0;
    for (const Example& example : examples) {
        const auto trace = pass(model, example);
        study.loss += loss_of_targets(*trace, example);
        for (HeadSums& head : heads)
            add_pass(*trace, head);
        even.add(even_map(example.ids.size()), example.ids);
        places += example.ids.size();
        report();
    }
    study.loss /= static_cast<double>(study.targets);
    study.even = even.scores();
    // 2. Without each head. The last one comes first: what its absence spoils lies behind it, and
    //    the heads before it, which come next, find everything as it was.
    const auto instead = replacements(heads, ablation, places);
    for (const Example& example : examples) {
        const auto trace = pass(model, example);
        for (std::size_t i = heads.size(); i-- > 0;) {
            heads[i].loss_without += loss_without(*trace, example, heads[i], instead[i]);
            report();
        }
    }
    study.heads = ranked(heads, study.targets);
    return study;
}

} // namespace whirlygig
