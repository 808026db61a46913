#include "text/sentence_check.h"

#include "error.h"
#include "text/utf8.h"

#include <map>
#include <set>
#include <utility>

namespace whirlygig {

namespace {

class FormChecker {
public:
    explicit FormChecker(const SentenceRules& rules)
        : rules(rules) {}

    void check(const Form& form) {
        if (form.slots.size() < 2)
            fail("a sentence can be a single word, which leaves nothing to predict");
        std::map<std::string, std::size_t> draws;
        for (const Slot& slot : form.slots) {
            if (slot.kind == Slot::Kind::draw && rules.different.contains(slot.name) &&
                ++draws[slot.name] > rules.words.at(slot.name).words.size())
                fail("a sentence can need more different words {} than the {} there are", slot.name,
                     rules.words.at(slot.name).words.size());
            if (slot.kind == Slot::Kind::follow) check_table_once(slot);
        }
    }

private:
    // What a table must answer depends only on which of its sources are there.
    void check_table_once(const Slot& slot) {
        std::vector<bool> present;
        for (const auto& source : slot.sources)
            present.push_back(source.has_value());
        if (checked.emplace(slot.name, present).second) check_table(slot);
    }

    // The table must have a word for every combination that its sources can take. This stops at
    // the first that is missing, so it never looks up more than the table has entries.
    void check_table(const Slot& slot) {
        const Rule& rule = rules.follows.at(slot.name);
        std::vector<const std::vector<std::string>*> parts; // of the key
        for (std::size_t index = 0; index < rule.from.size(); ++index)
            parts.push_back(slot.sources[index] ? &keys(rule.from[index]) : &no_word);
        std::vector<std::size_t> turn(parts.size(), 0); // counts up like an odometer
        for (std::size_t wheel = 0; wheel < turn.size();) {
            std::vector<std::string> key;
            for (std::size_t index = 0; index < parts.size(); ++index)
                key.push_back((*parts[index])[turn[index]]);
            const std::string entry = fmt::format("{}", fmt::join(key, " "));
            if (!rule.table.contains(entry))
                fail("the table of the rule {} has no entry {}, in the order {}", slot.name,
                     in_quotes(entry), fmt::join(rule.from, ", "));
            for (wheel = 0; wheel < turn.size() && ++turn[wheel] == parts[wheel]->size(); ++wheel)
                turn[wheel] = 0;
        }
    }

    const std::vector<std::string>& keys(const std::string& name) {
        const auto [entry, is_new] = known_keys.emplace(name, std::vector<std::string>());
        if (is_new) {
            const std::set<std::string> sorted = keys_of(rules, name);
            entry->second.assign(sorted.begin(), sorted.end());
        }
        return entry->second;
    }

    const SentenceRules& rules;
    const std::vector<std::string> no_word{"-"};
    std::map<std::string, std::vector<std::string>> known_keys; // by name
    std::set<std::pair<std::string, std::vector<bool>>> checked;
};

} // namespace

void check_forms(const SentenceRules& rules, const std::vector<Form>& forms) {
    FormChecker checker(rules);
    for (const Form& form : forms)
        checker.check(form);
}

} // namespace whirlygig
