// What is often done wrong when a token is chosen, and what comes out of it.
#pragma once

#include "support/matrix_mistakes.h"

#include "random.h"

#include <algorithm>

namespace mistakes {

using support::Pieces;
using support::TextMistakes;

template <class Numbers>
Pieces pieces_of(const Numbers& numbers) {
    Pieces pieces;
    for (const auto number : numbers)
        pieces.push_back(std::to_string(number));
    return pieces;
}

// The places of the logits in this order, and of these the first `count`.
template <class Before>
Pieces ranked(const std::vector<double>& logits, std::size_t count, Before before) {
    std::vector<std::size_t> ids;
    for (std::size_t id = 0; id < logits.size(); ++id) {
        std::size_t place = 0; // behind all that come before it
        while (place < ids.size() && !before(id, ids[place]))
            ++place;
        ids.insert(ids.begin() + static_cast<std::ptrdiff_t>(place), id);
    }
    ids.resize(std::min(count, ids.size()));
    return pieces_of(ids);
}

inline Pieces most_probable_ids(const std::vector<double>& logits, std::size_t count) {
    return ranked(logits, count, [&](std::size_t a, std::size_t b) {
        return logits[a] > logits[b] || (logits[a] == logits[b] && a < b);
    });
}

inline TextMistakes most_probable(const std::vector<double>& logits, std::size_t count) {
    const std::size_t all = logits.size();
    const auto in_order = [](Pieces pieces) {
        std::sort(pieces.begin(), pieces.end(), [](const std::string& a, const std::string& b) {
            return std::stoi(a) < std::stoi(b);
        });
        return pieces;
    };
    const Pieces right = most_probable_ids(logits, count);
    std::vector<std::size_t> first(count);
    for (std::size_t i = 0; i < count; ++i)
        first[i] = i;
    const auto by_size = [&](std::size_t a, std::size_t b) {
        return std::abs(logits[a]) > std::abs(logits[b]) ||
               (std::abs(logits[a]) == std::abs(logits[b]) && a < b);
    };
    TextMistakes mistakes = {
        {"The least probable tokens are kept; it should be those with the largest logits.",
         ranked(logits, count,
                [&](std::size_t a, std::size_t b) {
                    return logits[a] < logits[b] || (logits[a] == logits[b] && a < b);
                })},
        {"The first ids are kept, whatever their logits are.", pieces_of(first)},
        {"The right tokens are kept, but in the order of their ids; the most probable should come "
         "first.",
         in_order(right)},
        {"Of two tokens with the same logit, the larger id is taken first; it should be the "
         "smaller.",
         ranked(logits, count,
                [&](std::size_t a, std::size_t b) {
                    return logits[a] > logits[b] || (logits[a] == logits[b] && a > b);
                })},
        {"The signs of the logits are lost; −5 is less probable than −1.",
         ranked(logits, count, by_size)},
        {"The most probable token is taken again and again; a token that is kept can't be kept "
         "twice.",
         Pieces(count, right[0])},
        {"The order is the wrong way round: the most probable should come first.",
         {right.rbegin(), right.rend()}},
        {"All tokens are kept; only the `count` most probable should be.",
         most_probable_ids(logits, all)},
        {"One token too few is kept.", {right.begin(), right.end() - 1}},
    };
    if (count < all)
        mistakes.push_back({"One token too many is kept.", most_probable_ids(logits, count + 1)});
    return mistakes;
}

// Scaled so that they sum to 1: what counts are the proportions.
inline Grid in_proportion(const std::vector<double>& shares) {
    double total = 0;
    for (const double share : shares)
        total += share;
    Grid row{shares};
    for (double& share : row[0])
        share /= total;
    return row;
}

struct TemperatureExample {
    std::vector<double> logits;
    std::vector<int> ids;
    double temperature;
};

// In proportion to number(logit) of each of the ids.
template <class Number>
Grid shares_with(const TemperatureExample& e, Number number) {
    std::vector<double> shares;
    for (const int id : e.ids)
        shares.push_back(number(e.logits[static_cast<std::size_t>(id)]));
    return in_proportion(shares);
}

inline Grid temperature_shares_of(const TemperatureExample& e) {
    const double largest = *std::max_element(e.logits.begin(), e.logits.end());
    return shares_with(e,
                       [&](double logit) { return std::exp((logit - largest) / e.temperature); });
}

// As a float would hold it.
inline double in_real(double number) {
    return static_cast<double>(static_cast<whirlygig::Real>(number));
}

inline Mistakes temperature_shares(const TemperatureExample& e) {
    const double largest = *std::max_element(e.logits.begin(), e.logits.end());
    const double t = e.temperature;
    const auto with = [&](auto number) { return shares_with(e, number); };
    TemperatureExample by_place = e;
    for (std::size_t i = 0; i < e.ids.size(); ++i)
        by_place.ids[i] = static_cast<int>(i);
    TemperatureExample everyone = by_place;
    everyone.ids.clear();
    for (std::size_t id = 0; id < e.logits.size(); ++id)
        everyone.ids.push_back(static_cast<int>(id));
    return {
        {"The temperature is ignored; the logits should be divided by it before exp.",
         with([&](double logit) { return std::exp(logit - largest); })},
        {"The logits are multiplied by the temperature; they should be divided by it.",
         with([&](double logit) { return std::exp((logit - largest) * t); })},
        {"The temperature is subtracted, which changes no share; the logits should be divided by "
         "it.",
         with([&](double logit) { return std::exp(logit - largest - t); })},
        {"Logits by temperature are the shares; they should go through exp first.",
         with([&](double logit) { return logit / t; })},
        {"The largest logit is not subtracted, so exp of a huge number is infinity.",
         with([&](double logit) { return in_real(std::exp(in_real(logit / t))); })},
        {"The shares are those of the first logits; ids[i] says whose the i-th share is.",
         temperature_shares_of(by_place)},
        {"There is a share for every token; there should be one for each of the ids.",
         temperature_shares_of(everyone)},
        {"All shares are the same; a larger logit should get a larger share.",
         with([](double) { return 1.0; })},
        {"The logits are divided by the square of the temperature.",
         with([&](double logit) { return std::exp((logit - largest) / (t * t)); })},
        {"exp is forgotten: the differences of the logits are the shares.",
         with([&](double logit) { return (logit - largest) / t; })},
        {"The sign is wrong: a smaller logit gets a larger share.",
         with([&](double logit) { return std::exp((largest - logit) / t); })},
    };
}

// What `draws` picks give, one after the other: choose(shares, random) each time.
template <class Choose>
Pieces picked(const std::vector<double>& shares, std::size_t draws, Choose choose) {
    whirlygig::Random random(11);
    Pieces pieces;
    for (std::size_t draw = 0; draw < draws; ++draw)
        pieces.push_back(std::to_string(choose(shares, random)));
    return pieces;
}

inline double total_of(const std::vector<double>& shares) {
    double total = 0;
    for (const double share : shares)
        total += share;
    return total;
}

// The index in whose share `point` lies, the shares laid side by side.
inline std::size_t index_at(const std::vector<double>& shares, double point) {
    double end = 0;
    for (std::size_t index = 0; index < shares.size(); ++index) {
        end += shares[index];
        if (point < end) return index;
    }
    return shares.size() - 1;
}

inline Pieces picks(const std::vector<double>& shares, std::size_t draws) {
    return picked(shares, draws, [](const auto& s, whirlygig::Random& random) {
        return index_at(s, random.uniform() * total_of(s));
    });
}

inline TextMistakes pick(const std::vector<double>& shares, std::size_t draws) {
    using whirlygig::Random;
    const auto with = [&](auto choose) { return picked(shares, draws, choose); };
    const auto largest = std::max_element(shares.begin(), shares.end()) - shares.begin();
    return {
        {"The index with the largest share is taken every time; that leaves nothing to chance.",
         Pieces(draws, std::to_string(largest))},
        {"Every index is drawn alike; an index with a larger share should be drawn more often.",
         with([](const auto& s, Random& random) { return random.below(s.size()); })},
        {"The draw goes from 0 to 1, but the shares go from 0 to their total: it should be "
         "multiplied by that.",
         with([](const auto& s, Random& random) { return index_at(s, random.uniform()); })},
        {"You take the index before the one in whose share the draw falls.",
         with([](const auto& s, Random& random) {
             const std::size_t index = index_at(s, random.uniform() * total_of(s));
             return index == 0 ? 0 : index - 1;
         })},
        {"You take the index after the one in whose share the draw falls.",
         with([](const auto& s, Random& random) {
             return std::min(index_at(s, random.uniform() * total_of(s)) + 1, s.size() - 1);
         })},
        {"The shares are laid out backwards, from the last to the first.",
         with([](const auto& s, Random& random) {
             const std::vector<double> turned(s.rbegin(), s.rend());
             return s.size() - 1 - index_at(turned, random.uniform() * total_of(s));
         })},
        {"Each share is compared with the draw itself; what is left of the draw should become "
         "smaller by every share that is passed.",
         with([](const auto& s, Random& random) {
             const double point = random.uniform() * total_of(s);
             for (std::size_t index = 0; index < s.size(); ++index) {
                 if (point < s[index]) return index;
             }
             return s.size() - 1;
         })},
        {"A new number is drawn for every share; one draw decides.",
         with([](const auto& s, Random& random) {
             double end = 0;
             for (std::size_t index = 0; index < s.size(); ++index) {
                 end += s[index];
                 if (random.uniform() * total_of(s) < end) return index;
             }
             return s.size() - 1;
         })},
        {"Index 0 is taken every time.", Pieces(draws, "0")},
        {"The last index is taken every time.", Pieces(draws, std::to_string(shares.size() - 1))},
    };
}

} // namespace mistakes
