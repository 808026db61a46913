#include "text/sentence_form.h"

#include "error.h"
#include "text/sentence_check.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace whirlygig {

namespace {

// The places of a phrase's slots: begin, begin + 1, ... end - 1.
struct Span {
    std::size_t begin = 0, end = 0;
};

// A form that is not finished.
struct Draft {
    Form form;
    std::map<std::string, Span> labels; // the phrases that a later part can speak of
};

class FormWriter {
public:
    explicit FormWriter(const SentenceRules& rules)
        : rules(rules) {}

    // The draft, continued in every way that the pattern allows. `begin` is the place at which the
    // phrase that the pattern stands in begins.
    std::vector<Draft> continued(const Pattern& pattern, Draft draft, std::size_t begin) {
        switch (pattern.kind) {
        case Pattern::Kind::word:
            return with_slot(std::move(draft), {Slot::Kind::word, pattern.text, {}});
        case Pattern::Kind::name:
            return pattern.owner.empty() ? with_name(pattern, std::move(draft), begin)
                                         : with_former(pattern, std::move(draft));
        case Pattern::Kind::sequence:
            return with_sequence(pattern, std::move(draft), begin);
        case Pattern::Kind::choice:
            return with_choice(pattern, draft, begin);
        }
        return {};
    }

private:
    std::vector<Draft> with_slot(Draft draft, Slot slot) {
        if (draft.form.slots.size() == most_slots)
            fail("a sentence can have more than {} words; make it shorter", most_slots);
        draft.form.slots.push_back(std::move(slot));
        return {std::move(draft)};
    }

    std::vector<Draft> with_sequence(const Pattern& pattern, Draft draft, std::size_t begin) {
        std::vector<Draft> drafts{std::move(draft)};
        for (const Pattern& part : pattern.parts) {
            std::vector<Draft> longer;
            for (Draft& each : drafts)
                append(longer, continued(part, std::move(each), begin));
            drafts = std::move(longer);
        }
        return drafts;
    }

    std::vector<Draft> with_choice(const Pattern& pattern, Draft draft, std::size_t begin) {
        draft.form.share /= static_cast<double>(pattern.parts.size());
        std::vector<Draft> drafts;
        for (const Pattern& alternative : pattern.parts)
            append(drafts, continued(alternative, draft, begin));
        return drafts;
    }

    // A phrase, a draw from a word set, or a word that follows from others of the same phrase.
    std::vector<Draft> with_name(const Pattern& pattern, Draft draft, std::size_t begin) {
        const std::string& name = pattern.text;
        const std::size_t place = draft.form.slots.size();
        std::vector<Draft> drafts;
        if (rules.phrases.contains(name)) {
            drafts = with_phrase(name, std::move(draft));
        } else if (rules.words.contains(name)) {
            drafts = with_slot(std::move(draft), {Slot::Kind::draw, name, {}});
        } else if (rules.follows.contains(name)) {
            Slot slot = following(name, draft.form, {begin, place});
            drafts = with_slot(std::move(draft), std::move(slot));
        } else {
            fail("the name {} is not declared under \"words\", \"phrases\" or \"follows\"", name);
        }
        if (pattern.label.empty()) return drafts;
        for (Draft& each : drafts) {
            if (!each.labels.emplace(pattern.label, Span{place, each.form.slots.size()}).second)
                fail("two phrases of one sentence are called {}:", pattern.label);
        }
        return drafts;
    }

    std::vector<Draft> with_phrase(const std::string& name, Draft draft) {
        if (std::find(open.begin(), open.end(), name) != open.end())
            fail("the phrase {} contains itself ({} > {}), so it would never end", name,
                 fmt::join(open, " > "), name);
        if (open.size() == 16) fail("phrases stand inside each other more than 16 deep");
        open.push_back(name);
        const std::size_t begin = draft.form.slots.size();
        std::vector<Draft> drafts = continued(rules.phrases.at(name), std::move(draft), begin);
        open.pop_back();
        return drafts;
    }

    // first.NOUN: the word that the phrase has, or else the one that follows from its words.
    std::vector<Draft> with_former(const Pattern& pattern, Draft draft) {
        const auto label = draft.labels.find(pattern.owner);
        if (label == draft.labels.end())
            fail("{0}.{1} speaks of a phrase {0}: that does not come before it in every sentence",
                 pattern.owner, pattern.text);
        const std::string& name = pattern.text;
        const Span span = label->second;
        Slot slot{Slot::Kind::copy, name, {last_named(name, draft.form, span)}};
        if (!slot.sources.front()) {
            if (!rules.follows.contains(name))
                fail("{}.{} is not there in every sentence: the phrase can do without {}",
                     pattern.owner, name, name);
            slot = following(name, draft.form, span);
        }
        return with_slot(std::move(draft), std::move(slot));
    }

    Slot following(const std::string& name, const Form& form, Span span) {
        Slot slot{Slot::Kind::follow, name, {}};
        for (const std::string& source : rules.follows.at(name).from)
            slot.sources.push_back(last_named(source, form, span));
        return slot;
    }

    static std::optional<std::size_t> last_named(const std::string& name, const Form& form,
                                                 Span span) {
        for (std::size_t place = span.end; place > span.begin; --place) {
            const Slot& slot = form.slots[place - 1];
            if (slot.kind != Slot::Kind::word && slot.name == name) return place - 1;
        }
        return std::nullopt;
    }

    static void append(std::vector<Draft>& drafts, std::vector<Draft> more) {
        if (drafts.size() + more.size() > most_forms)
            fail("the sentences can go in more than {} ways, not counting the choice of words; "
                 "use fewer [ ] and |",
                 most_forms);
        std::move(more.begin(), more.end(), std::back_inserter(drafts));
    }

    const SentenceRules& rules;
    std::vector<std::string> open; // the phrases being written, outermost first
};

} // namespace

std::vector<Form> sentence_forms(const SentenceRules& rules) {
    Draft empty;
    empty.form.share = 1;
    std::map<std::vector<Slot>, double> shares; // equal forms become one
    for (const Draft& draft : FormWriter(rules).continued(rules.sentence, empty, 0))
        shares[draft.form.slots] += draft.form.share;
    std::vector<Form> forms;
    forms.reserve(shares.size());
    for (const auto& [slots, share] : shares)
        forms.push_back({share, slots});
    check_forms(rules, forms);
    return forms;
}

} // namespace whirlygig
