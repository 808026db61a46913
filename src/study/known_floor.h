// The loss that no model can go below on average, where it is known.
#pragma once

#include "text/corpus.h"
#include "text/tokenizer.h"
#include "training/examples.h"

#include <optional>
#include <vector>

namespace whirlygig {

// The floor of the corpus's grammar, in nats per predicted token, when a mean loss of the examples
// can be compared with it: tokens are words, as in the grammar, and the targets with a weight above
// 0 are those that the grammar counts. None otherwise, and for a grammar whose floor has no
// formula.
std::optional<double> known_floor(const Corpus& corpus, const Tokenizer& tokenizer,
                                  const std::vector<Example>& examples);

} // namespace whirlygig
