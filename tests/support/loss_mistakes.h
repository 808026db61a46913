// What is often done wrong in the exercises of loss.cpp, and what comes out of it.
#pragma once

#include "support/matrix_mistakes.h"

#include <functional>

namespace mistakes {

using Ids = std::vector<int>;

inline support::Pieces pieces_of(const Ids& ids) {
    support::Pieces pieces;
    for (const int id : ids)
        pieces.push_back(std::to_string(id));
    return pieces;
}

// The tokens from `first` on, as far as there are any.
inline Ids from(const Ids& ids, std::size_t first) {
    return first < ids.size() ? Ids(ids.begin() + static_cast<std::ptrdiff_t>(first), ids.end())
                              : Ids{};
}

inline support::TextMistakes next_tokens(const Ids& ids) {
    const auto followed_by = [&](int last) {
        Ids targets = from(ids, 1);
        if (!ids.empty()) targets.push_back(last);
        return targets;
    };
    Ids without_last = ids, one_larger = from(ids, 1), turned = from(ids, 1);
    if (!ids.empty()) without_last.pop_back();
    for (std::size_t place = 0; place < one_larger.size(); ++place)
        one_larger[place] = ids[place] + 1;
    std::reverse(turned.begin(), turned.end());
    const int first = ids.empty() ? 0 : ids.front(), last = ids.empty() ? 0 : ids.back();
    const std::vector<std::pair<std::string, Ids>> mistakes = {
        {"Every place gets its own token; it should get the one after it.", ids},
        {"The last token is left out instead of the first: every place gets its own token; it "
         "should get the one after it.",
         without_last},
        {"The text is shifted by two places; the next token stands one place further on.",
         from(ids, 2)},
        {"The last place gets the first token of the text; nothing comes after the last place, so "
         "it gets no target.",
         followed_by(first)},
        {"The last place gets its own token; nothing comes after the last place, so it gets no "
         "target.",
         followed_by(last)},
        {"The last place gets the target 0; nothing comes after the last place, so it gets no "
         "target (0 is the id of a real token).",
         followed_by(0)},
        {"The last place gets the target -1; nothing comes after the last place, so it gets no "
         "target.",
         followed_by(-1)},
        {"Each id is made larger by 1; the next token is the one that stands at the next place.",
         one_larger},
        {"The targets stand in the reverse order.", turned},
        {"Nothing is returned: the targets are still to be collected.", {}},
    };
    support::TextMistakes result;
    for (const auto& [sentence, targets] : mistakes)
        result.push_back({sentence, pieces_of(targets)});
    return result;
}

// A column with number(place) in it.
inline Grid column(std::size_t places, const std::function<double(std::size_t)>& number) {
    return made(places, 1, [&](std::size_t place, std::size_t) { return number(place); });
}

// Places that keep what stood there before.
inline Mistakes losses_left_out(const Grid& right, const Grid& before) {
    const std::size_t places = right.size();
    if (!support::same_shape(right, before)) return {};
    const auto only_where = [&](auto is_written) {
        return column(places, [&](std::size_t place) {
            return is_written(place) ? right[place][0] : before[place][0];
        });
    };
    return {
        {"Your loop over the places stops one too early, so the last one keeps its old number.",
         only_where([&](std::size_t place) { return place + 1 < places; })},
        {"Your loop over the places starts at 1, so place 0 keeps its old number; places are "
         "counted from 0.",
         only_where([](std::size_t place) { return place > 0; })},
        {"Nothing is written into the result: it holds what stood in it before.", before},
    };
}

// What is wrong about the number that is made of the target's probability.
inline Mistakes losses_of_the_target(const Grid& probabilities,
                                     const std::vector<std::size_t>& targets) {
    const auto of_target = [&](auto number) {
        return column(targets.size(), [&](std::size_t place) {
            return number(probabilities[place][targets[place]]);
        });
    };
    return {
        {"The sign is missing: the logarithm of a probability is below 0, and the loss is minus "
         "the logarithm.",
         of_target([](double p) { return std::log(p); })},
        {"The probability itself is written; the loss is minus its logarithm.",
         of_target([](double p) { return p; })},
        {"1 minus the probability is written; the loss is minus its logarithm.",
         of_target([](double p) { return 1 - p; })},
        {"1 divided by the probability is written; the loss is the logarithm of that.",
         of_target([](double p) { return 1 / p; })},
        {"The logarithm is the one to base 2; std::log is the natural one.",
         of_target([](double p) { return -std::log2(p); })},
        {"The logarithm is the one to base 10; std::log is the natural one.",
         of_target([](double p) { return -std::log10(p); })},
        {"The minus stands inside of the logarithm; it belongs in front of it.",
         of_target([](double p) { return std::log(-p); })},
        {"The loss is multiplied by the probability; it should be minus the logarithm alone.",
         of_target([](double p) { return -p * std::log(p); })},
    };
}

inline Mistakes cross_entropy_forward(const Grid& probabilities,
                                      const std::vector<std::size_t>& targets, const Grid& before) {
    const std::size_t places = targets.size(), vocabulary = probabilities[0].size();
    const auto of_target = [&](auto number) {
        return column(places, [&](std::size_t place) {
            return number(probabilities[place][targets[place]]);
        });
    };
    // The sum of term(probability) over a place's whole row.
    const auto of_row = [&](auto term) {
        return column(places, [&](std::size_t place) {
            double sum = 0;
            for (const double probability : probabilities[place])
                sum += term(probability);
            return sum;
        });
    };
    const Grid right = of_target([](double p) { return -std::log(p); });
    double total = 0;
    Mistakes mistakes = {
        {"The whole row is summed up; only the probability of the target counts.",
         of_row([](double p) { return -std::log(p); })},
        {"Each row's probabilities times their logarithms are summed up; only the target's "
         "probability counts.",
         of_row([](double p) { return -p * std::log(p); })},
        {"The most probable token's loss is written; it should be the target's, which really comes "
         "next.",
         column(places,
                [&](std::size_t place) {
                    const auto& row = probabilities[place];
                    return -std::log(*std::max_element(row.begin(), row.end()));
                })},
        {"Every place uses the first target; each place has a target of its own.",
         column(places,
                [&](std::size_t place) { return -std::log(probabilities[place][targets[0]]); })},
        {"Every place uses row 0 of the probabilities; each place has a row of its own.",
         column(places,
                [&](std::size_t place) { return -std::log(probabilities[0][targets[place]]); })},
        {"The loss runs on from place to place: each place also holds the losses before it.",
         column(places, [&](std::size_t place) { return total += right[place][0]; })},
    };
    if (places < probabilities.size())
        mistakes.push_back(
            {"You take the probabilities of the next place; place t itself predicts the token "
             "that comes next.",
             column(places, [&](std::size_t place) {
                 return -std::log(probabilities[place + 1][targets[place]]);
             })});
    if (places <= vocabulary)
        mistakes.push_back({"The column is chosen by the place; it should be chosen by the target.",
                            column(places, [&](std::size_t place) {
                                return -std::log(probabilities[place][place]);
                            })});
    mistakes = joined(losses_of_the_target(probabilities, targets), mistakes);
    return joined(joined(mistakes, losses_left_out(right, before)), added(right, before));
}

} // namespace mistakes
