#include "study/sampler.h"

#include "error.h"
#include "exponential.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace whirlygig {
namespace {

void check_logits(std::span<const Real> logits) {
    if (logits.empty()) fail("sample: there are no logits to draw a token from");
    for (std::size_t id = 0; id < logits.size(); ++id) {
        if (std::isfinite(logits[id])) continue;
        fail("the logit of token id {} is {}, so no token can be drawn: the model's parameters are "
             "too large or damaged",
             id, logits[id]);
    }
}

} // namespace

void check_sampling(const SamplingOptions& options, std::size_t vocabulary) {
    if (!std::isfinite(options.temperature) || options.temperature < 0) {
        fail("the temperature is {}; it must be 0 or above, such as 0.8", options.temperature);
    }
    if (options.top_k > vocabulary) {
        fail("top-k is {} but the model knows only {} tokens: choose at most {}, or 0 for all",
             options.top_k, vocabulary, vocabulary);
    }
}

void most_probable(std::span<const Real> logits, std::size_t count, std::vector<int>& ids) {
    // EXERCISE 8 most_probable
    throw NotWrittenYet("most_probable", 8);
    // END
}

void temperature_shares(std::span<const Real> logits, const std::vector<int>& ids,
                        double temperature, std::vector<double>& shares) {
    // EXERCISE 8 temperature_shares
    throw NotWrittenYet("temperature_shares", 8);
    // END
}

int sample(std::span<const Real> logits, const SamplingOptions& options, Random& random) {
    Candidates candidates;
    return sample(logits, options, random, candidates);
}

int sample(std::span<const Real> logits, const SamplingOptions& options, Random& random,
           Candidates& candidates) {
    check_sampling(options, logits.size());
    check_logits(logits);
    // 1. Who may be drawn: all tokens or the top k.
    std::vector<int>& ids = candidates.ids;
    const bool greedy = options.temperature == 0;
    const std::size_t all = logits.size();
    const std::size_t kept = greedy ? 1 : options.top_k == 0 ? all : options.top_k;
    if (kept < all) {
        most_probable(logits, kept, ids);
    } else {
        ids.resize(all);
        std::iota(ids.begin(), ids.end(), 0);
    }
    if (greedy) return ids[0];
    // 2. Their shares.
    temperature_shares(logits, ids, options.temperature, candidates.shares);
    // 3. Draw one of them.
    return ids[random.pick(candidates.shares)];
}

Generator::Generator(std::shared_ptr<const Model> with_model, const std::vector<int>& prompt,
                     SamplingOptions with_options, std::uint64_t seed)
    : model(std::move(with_model)),
      options(with_options),
      random(seed) {
    restart(prompt);
}

void Generator::restart(const std::vector<int>& prompt) {
    tokens.assign(prompt.begin(), prompt.end()); // keeps the memory
    window = read = 0;
    if (tokens.empty()) {
        fail("there is nothing to go on from: a text is generated from at least one token");
    }
    check_sampling(options, model->config.vocabulary);
    check_ids(tokens, model->config.vocabulary);
}

int Generator::draw_next() {
    const std::size_t context = model->config.context;
    // 1. No room left: start over with the last half context.
    if (tokens.size() - window > context) {
        window = tokens.size() - std::max<std::size_t>(context / 2, 1);
        read = window;
    }
    // Without a mask the earlier tokens look at the new one: they are read anew, too.
    if (!model->config.is_causal()) read = window;
    // EXERCISE 8 draw_next
    throw NotWrittenYet("draw_next", 8);
    // END
}

std::span<const Real> Generator::last_logits() const {
    const Matrix& logits = activations.logits;
    if (logits.size1() == 0) fail("Generator::last_logits: no token has been drawn yet");
    return std::span(logits.data()).last(logits.size2());
}

void generate(Generator& generator, const GenerationEnd& end,
              const std::function<void(int)>& visit) {
    for (std::size_t drawn = 0; drawn < end.count; ++drawn) {
        const int id = generator.draw_next();
        visit(id);
        if (id == end.last_token) return;
    }
}

std::size_t room_for(std::size_t prompt_tokens, std::size_t context) {
    if (prompt_tokens >= context) {
        fail("the prompt's {} tokens fill the model's context of {}: say with --count how many "
             "tokens to add all the same, or shorten the prompt",
             prompt_tokens, context);
    }
    return context - prompt_tokens;
}

} // namespace whirlygig
