// The forms of a grammar's sentences. Every choice in a pattern that is not the choice of a word
// ([SIZE] or none, one clause or two) multiplies the ways in which a sentence can go; written out,
// each way is a form: a plain list of slots, one for each word. Everything about a grammar (how
// to draw from it, how long its sentences are, how uncertain its next words) follows from its
// forms.
#pragma once

#include "text/sentence_rules.h"

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace whirlygig {

struct Slot {
    enum class Kind { word, draw, copy, follow };
    Kind kind = Kind::word;
    std::string name; // word: the word; else the name of the word set or rule
    // copy: the place of the slot that is copied; follow: for each name in the rule's `from` the
    // place of its last slot in the phrase before this one, none where the phrase has no such slot.
    std::vector<std::optional<std::size_t>> sources;

    auto operator<=>(const Slot&) const = default;
};

struct Form {
    double share = 0; // of all sentences; the forms' shares add up to 1
    std::vector<Slot> slots;
};

inline constexpr std::size_t most_forms = 1000;
inline constexpr std::size_t most_slots = 256;

// All forms, each once. Throws an Error that names the phrase or word set: a name that is not
// declared, a phrase that contains itself, a label that is used twice or not at all, a rule without
// an entry, more than most_forms forms or most_slots slots, a sentence of one word, more different
// words than a set has.
std::vector<Form> sentence_forms(const SentenceRules& rules);

} // namespace whirlygig
