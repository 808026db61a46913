// Beginning a training run, and going on with one that was saved.
#pragma once

#include "text/corpus.h"
#include "training/training_folder.h"

#include <cstdint>
#include <string>

namespace whirlygig {

// A run on the corpus that has not made a step yet. `path` is where the corpus was read.
TrainingRun start_run(const Corpus& corpus, const std::string& path, const Recipe& recipe,
                      std::uint64_t seed);

// Throws an Error when the corpus is not the one that the run began with.
void check_same_corpus(const TrainingRun& run, const Corpus& corpus);

// What token ids of this corpus mean: its tokenizer, the token with which most sequences start
// and, when all sequences end with a token that stands nowhere else, that one.
Wording make_wording(const Corpus& corpus, const Tokenizer& tokenizer);

} // namespace whirlygig
