// Generating text: the model says how likely each next token is, one is drawn, and the text goes on
// with it.
#pragma once

#include "model.h"
#include "random.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace whirlygig {

struct SamplingOptions {
    // Divides the logits before the softmax. 1 draws with the model's own probabilities, less makes
    // likely tokens likelier, more evens them out; 0 always takes the most probable token.
    double temperature = 1;
    // Only so many of the most probable tokens can be drawn (Fan et al. 2018, section 5); 0: all.
    std::size_t top_k = 0;
};

// Throws an Error unless the temperature is a number from 0 on and top_k is at most `vocabulary`.
void check_sampling(const SamplingOptions& options, std::size_t vocabulary);

// The ids of the `count` most probable tokens, the most probable first; of tokens with the same
// logit, the smaller id counts as the more probable one. 0 < count <= V.
void most_probable(std::span<const Real> logits, std::size_t count, std::vector<int>& ids);

// For each of these ids a share in proportion to exp(logit / temperature). The largest logit is
// subtracted first, which keeps exp from overflowing. temperature > 0
void temperature_shares(std::span<const Real> logits, const std::vector<int>& ids,
                        double temperature, std::vector<double>& shares);

// Draws a token from the logits (V) of its place. Throws an Error as check_sampling does, and for
// logits that are not numbers.
int sample(std::span<const Real> logits, const SamplingOptions& options, Random& random);

// The same, for one token after the other: `candidates` keeps its memory.
struct Candidates {
    std::vector<int> ids;
    std::vector<double> shares;
};
int sample(std::span<const Real> logits, const SamplingOptions& options, Random& random,
           Candidates& candidates);

// A text that grows token by token. Each token is read only once: its keys and values are kept, and
// the tokens after it look at them (the key/value cache, see multi_head.h).
//
// A text may outgrow the model's context. The model then forgets: it starts over with the last half
// context of the text, read anew from place 0 on, which leaves room for the other half.
class Generator {
public:
    // The prompt is not empty; the same seed gives the same tokens. Throws an Error for an empty
    // prompt, for an id that is not in the vocabulary and as check_sampling does.
    Generator(std::shared_ptr<const Model> with_model, const std::vector<int>& prompt,
              SamplingOptions with_options, std::uint64_t seed);

    // Begins another text, with the random numbers that come next. Throws an Error as above.
    void restart(const std::vector<int>& prompt);

    // Draws the next token and adds it to the text. Throws what forward and sample throw.
    int draw_next();

    const std::vector<int>& text() const { return tokens; } // the prompt and all that was drawn

    // How many of the text's first tokens the model had forgotten when it last drew one.
    std::size_t forgotten() const { return window; }

    // The logits (V) that the last token was drawn from.
    std::span<const Real> last_logits() const;

private:
    std::shared_ptr<const Model> model;
    SamplingOptions options;
    Random random;
    std::vector<int> tokens;
    std::size_t window = 0; // the token of the text that stands at the model's place 0
    std::size_t read = 0;   // how many tokens of the text the model has read
    Activations activations;
    Candidates candidates;
};

// When to stop.
struct GenerationEnd {
    std::size_t count = 0;         // after so many new tokens
    std::optional<int> last_token; // or after this one
};

// Calls visit(id) for each new token as soon as it is drawn.
void generate(Generator& generator, const GenerationEnd& end,
              const std::function<void(int)>& visit);

// How many tokens to generate when nobody says: until the context is full. Throws an Error when the
// prompt already fills it.
std::size_t room_for(std::size_t prompt_tokens, std::size_t context);

} // namespace whirlygig
