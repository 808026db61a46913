// What every head does on a text: where it looks (attention_patterns.h), and what the model's loss
// becomes without it (ablation).
#pragma once

#include "model.h"
#include "study/attention_patterns.h"
#include "training/examples.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace whirlygig {

// What a head's mixed values are replaced by to see what the model is worth without them.
enum class Ablation {
    mean, // their mean over all places of all examples: what the head says is lost, but what it
          // says anyway, whatever the text, is not
    zero, // nothing at all: the head's part of the attention's output is gone
};

struct HeadStudy {
    std::size_t block = 0, head = 0;
    PatternScores patterns;
    double loss_without = 0; // in nats, like Study::loss
};

struct Study {
    Ablation ablation = Ablation::mean;
    std::size_t sequences = 0;    // examples
    std::size_t targets = 0;      // those with a weight above 0
    double loss = 0;              // of the whole model: nats, the mean over these targets
    PatternScores even;           // what a head would score that looks evenly at all it may see
    std::vector<HeadStudy> heads; // the one whose loss costs most first
};

// Is told how many passes through the model are done, and of how many.
using StudyProgress = std::function<void(std::size_t done, std::size_t all)>;

// Looks at every head over all the examples. The maps and the loss are those of the examples' ids
// and targets; a target counts, with the same share as every other, when its weight is above 0, as
// in BatchLoss::mean. Throws an Error when there is no such target, and what forward throws.
Study study_heads(const std::shared_ptr<const Model>& model, const std::vector<Example>& examples,
                  Ablation ablation, const StudyProgress& progress = {});

} // namespace whirlygig
