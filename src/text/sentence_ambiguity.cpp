#include "text/sentence_ambiguity.h"

#include "error.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace whirlygig {

namespace {

using Sorted = std::vector<std::string>;

// Whether it follows from words of which its phrase has none: then it is always the same word.
bool is_alone(const Slot& slot) {
    const auto is_there = [](const auto& source) { return source.has_value(); };
    return slot.kind == Slot::Kind::follow && !slot.sources.empty() &&
           std::none_of(slot.sources.begin(), slot.sources.end(), is_there);
}

bool have_common_word(const Sorted& a, const Sorted& b) {
    for (auto left = a.begin(), right = b.begin(); left != a.end() && right != b.end();) {
        if (*left == *right) return true;
        *left < *right ? ++left : ++right;
    }
    return false;
}

// For every slot of every form a number that stands for its possible words, and for each pair of
// numbers (looked up when first needed) whether they have a word in common.
class WordOverlap {
public:
    WordOverlap(const SentenceRules& rules, const std::vector<Form>& forms) {
        std::map<Slot, std::size_t> number_of;
        for (const Form& form : forms) {
            numbers.emplace_back();
            for (Slot slot : form.slots) {
                // Where a word is taken from makes no difference to which words are possible.
                if (!is_alone(slot)) slot.sources.clear();
                const auto [entry, is_new] = number_of.emplace(slot, sets.size());
                if (is_new) sets.push_back(possible_words(rules, slot));
                numbers.back().push_back(entry->second);
            }
        }
    }

    // Whether the two forms have a word in common at every place.
    bool everywhere(std::size_t a, std::size_t b) {
        for (std::size_t place = 0; place < numbers[a].size(); ++place) {
            const auto pair = std::minmax({numbers[a][place], numbers[b][place]});
            if (pair.first == pair.second) continue;
            const auto [entry, is_new] = overlaps.emplace(pair, false);
            if (is_new) entry->second = have_common_word(sets[pair.first], sets[pair.second]);
            if (!entry->second) return false;
        }
        return true;
    }

private:
    std::vector<std::vector<std::size_t>> numbers; // by form and place
    std::vector<Sorted> sets;                      // by number
    std::map<std::pair<std::size_t, std::size_t>, bool> overlaps;
};

// A sentence of both forms would obey the copies of both: places with equal words are joined into
// groups, each known by one of its places. If a group then holds two words that are different by
// the rules of either form, there is no such sentence.
bool copies_contradict(const SentenceRules& rules, const Form& a, const Form& b) {
    std::vector<std::size_t> parent(a.slots.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto group = [&](std::size_t place) {
        while (parent[place] != place)
            place = parent[place];
        return place;
    };
    for (const Form* form : {&a, &b}) {
        for (std::size_t place = 0; place < form->slots.size(); ++place) {
            const Slot& slot = form->slots[place];
            if (slot.kind == Slot::Kind::copy) parent[group(place)] = group(*slot.sources.front());
        }
    }
    for (const Form* form : {&a, &b}) {
        std::set<std::pair<std::string, std::size_t>> seen;
        for (std::size_t place = 0; place < form->slots.size(); ++place) {
            const Slot& slot = form->slots[place];
            if (slot.kind != Slot::Kind::draw || !rules.different.contains(slot.name)) continue;
            if (!seen.emplace(slot.name, group(place)).second) return true;
        }
    }
    return false;
}

std::string outline(const Form& form) {
    std::string text;
    for (const Slot& slot : form.slots)
        text += (text.empty() ? "" : " ") + slot.name;
    return "\"" + text + "\"";
}

} // namespace

Sorted possible_words(const SentenceRules& rules, const Slot& slot) {
    if (slot.kind == Slot::Kind::word) return {slot.name};
    if (is_alone(slot)) {
        const Sorted nothing(slot.sources.size(), "-");
        return {rules.follows.at(slot.name).table.at(fmt::format("{}", fmt::join(nothing, " ")))};
    }
    Sorted words = words_of(rules, slot.name);
    std::sort(words.begin(), words.end());
    return words;
}

void check_unambiguous(const SentenceRules& rules, const std::vector<Form>& forms) {
    WordOverlap overlap(rules, forms);
    for (std::size_t a = 0; a < forms.size(); ++a) {
        for (std::size_t b = a + 1; b < forms.size(); ++b) {
            if (forms[a].slots.size() != forms[b].slots.size()) continue;
            if (!overlap.everywhere(a, b) || copies_contradict(rules, forms[a], forms[b])) continue;
            fail("the entropy cannot be computed, because a sentence may be drawn in two ways: as "
                 "{} and as {}; give these forms different words at one place",
                 outline(forms[a]), outline(forms[b]));
        }
    }
}

} // namespace whirlygig
