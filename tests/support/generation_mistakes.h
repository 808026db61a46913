// What is often done wrong when a text is generated, and what comes out of it.
#pragma once

#include "study/sampler.h"
#include "support/plain_model.h"
#include "support/sampler_mistakes.h"

namespace mistakes {

constexpr std::uint64_t generation_seed = 5;

struct DrawNextExample {
    std::vector<int> prompt;
    std::size_t count; // of new tokens
    whirlygig::SamplingOptions options;
};

// How the tokens come about. The default is right.
struct Growth {
    bool reads_new_tokens_alone = false;
    bool reads_the_prompt_alone = false;
    bool always_the_most_probable = false;
    bool takes_the_first_new_place = false;
};

inline int chosen(const std::vector<double>& logits, const Growth& growth, double temperature,
                  whirlygig::Random& random) {
    const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
    if (temperature == 0 || growth.always_the_most_probable) return static_cast<int>(best);
    std::vector<double> shares;
    for (const double logit : logits)
        shares.push_back(std::exp((logit - logits[static_cast<std::size_t>(best)]) / temperature));
    return static_cast<int>(index_at(shares, random.uniform() * total_of(shares)));
}

// The new tokens, one after the other.
inline Pieces grown(const whirlygig::Model& model, const DrawNextExample& e,
                    const Growth& growth = {}) {
    const plain::Named p = plain::by_name(model.parameters);
    const std::size_t context = model.config.context;
    whirlygig::Random random(generation_seed);
    std::vector<int> text = e.prompt, added;
    std::size_t window = 0, known = 0; // how many tokens were read before
    while (added.size() < e.count) {
        if (text.size() - window > context) window = known = text.size() - context / 2;
        std::vector<int> read(text.begin() + static_cast<std::ptrdiff_t>(window), text.end());
        if (growth.reads_new_tokens_alone)
            read.assign(text.begin() + static_cast<std::ptrdiff_t>(known), text.end());
        if (growth.reads_the_prompt_alone) read = e.prompt;
        const Grid logits = plain::decoder(p, model.config, read, {}).at("logits");
        const std::size_t first_new = growth.reads_new_tokens_alone ? 0 : known - window;
        const auto& place = growth.takes_the_first_new_place ? logits.at(first_new) : logits.back();
        known = text.size();
        added.push_back(chosen(place, growth, e.options.temperature, random));
        text.push_back(added.back());
    }
    return pieces_of(added);
}

inline TextMistakes draw_next(const whirlygig::Model& model, const DrawNextExample& e) {
    const auto with = [&](auto change) {
        Growth growth;
        change(growth);
        return grown(model, e, growth);
    };
    return {
        {"Each new token is taken for the first of a text: activations.first_place should say "
         "where it stands, so that it can look at those before it.",
         with([](Growth& growth) { growth.reads_new_tokens_alone = true; })},
        {"The prompt is read again and again, and never what was added to it.",
         with([](Growth& growth) { growth.reads_the_prompt_alone = true; })},
        {"The most probable token is taken every time; sample draws one, as the options say.",
         with([](Growth& growth) { growth.always_the_most_probable = true; })},
        {"The token is drawn from the logits of the first new place; it should be the last.",
         with([](Growth& growth) { growth.takes_the_first_new_place = true; })},
        {"The token is drawn but not added to `tokens`, so there is nothing new to read the next "
         "time.",
         {"Error: there is no token to look at: the text is empty"}},
    };
}

} // namespace mistakes
