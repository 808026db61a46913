// From a corpus to what training reads: the vocabulary, the examples to learn from and those that
// are held out.
#pragma once

#include "text/corpus.h"
#include "text/tokenizer.h"
#include "training/examples.h"
#include "training/recipe.h"

#include <vector>

namespace whirlygig {

// The tokenizer that knows all that occurs in the corpus, in its training text, its held-out text
// and its grammar. Throws what Tokenizer::from_texts throws.
Tokenizer make_tokenizer(const Corpus& corpus, const Recipe& recipe);

// The training examples: drawn from the grammar when the recipe says "fresh", otherwise from the
// training text. Throws an Error that names the corpus when there is no grammar, or for a text that
// does not fit the vocabulary or the recipe (see examples.h).
ExampleSource make_source(const Corpus& corpus, const Tokenizer& tokenizer, const Recipe& recipe);

// The held-out examples (see held_out_examples). Throws an Error as make_source does.
std::vector<Example> make_held_out(const Corpus& corpus, const Tokenizer& tokenizer,
                                   const Recipe& recipe);

} // namespace whirlygig
