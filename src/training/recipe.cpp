#include "training/recipe.h"

#include "error.h"
#include "files/file.h"
#include "files/json_file.h"
#include "text/edit_distance.h"
#include "text/utf8.h"
#include "training/recipe_options.h"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace whirlygig {
namespace {

using nlohmann::json;

template <class Choice>
std::vector<std::string> names_of(const Choices<Choice>& choices) {
    std::vector<std::string> names;
    for (const auto& [name, value] : choices.list)
        names.push_back(name);
    return names;
}

// Sets the option that has the key's name from the key's value.
struct OptionReader {
    const std::string& key;
    const json& found;
    bool known = false;

    bool is_meant(const char* name) {
        if (key != name) return false;
        return known = true;
    }

    [[noreturn]] void refuse(const std::string& expected) const {
        fail("{} must be {}, but is {}", key, expected, in_quotes(found.dump()));
    }

    void operator()(const char* name, const char*, std::size_t& value, WholeNumbers allowed) {
        if (!is_meant(name)) return;
        if (!found.is_number_unsigned()) {
            refuse(fmt::format("a whole number from {} to {}", allowed.least, allowed.most));
        }
        value = found.get<std::size_t>();
    }
    void operator()(const char* name, const char*, double& value, NumberRange allowed) {
        if (!is_meant(name)) return;
        if (!found.is_number()) {
            refuse(fmt::format("a number from {} to {}", allowed.least, allowed.most));
        }
        value = found.get<double>();
    }
    void operator()(const char* name, const char*, bool& value, YesOrNo) {
        if (!is_meant(name)) return;
        if (!found.is_boolean()) refuse("true or false");
        value = found.get<bool>();
    }
    template <class Choice>
    void operator()(const char* name, const char*, Choice& value, const Choices<Choice>& allowed) {
        if (!is_meant(name)) return;
        for (const auto& [choice_name, choice] : allowed.list) {
            if (found != choice_name) continue;
            value = choice;
            return;
        }
        refuse(fmt::format("one of \"{}\"", fmt::join(names_of(allowed), "\", \"")));
    }
};

struct OptionWriter {
    nlohmann::ordered_json& file;

    template <class Value, class Allowed>
    void operator()(const char* name, const char*, const Value& value, const Allowed&) {
        file[name] = value;
    }
    template <class Choice>
    void operator()(const char* name, const char*, const Choice& value,
                    const Choices<Choice>& choices) {
        for (const auto& [choice_name, choice] : choices.list) {
            if (choice == value) file[name] = choice_name;
        }
    }
};

struct RangeChecker {
    template <class Value, class Range>
    void check(const char* name, Value value, Range range) const {
        if (value >= range.least && value <= range.most) return; // false for NaN
        fail("{} is {}; it must be from {} to {}", name, value, range.least, range.most);
    }
    void operator()(const char* name, const char*, std::size_t value, WholeNumbers range) const {
        check(name, value, range);
    }
    void operator()(const char* name, const char*, double value, NumberRange range) const {
        check(name, value, range);
    }
    template <class Value, class Allowed>
    void operator()(const char*, const char*, const Value&, const Allowed&) const {}
};

struct NameCollector {
    std::vector<std::string>& names;

    template <class Value, class Allowed>
    void operator()(const char* name, const char*, const Value&, const Allowed&) const {
        names.emplace_back(name);
    }
};

std::string most_similar_option(const std::string& key) {
    std::vector<std::string> names;
    const Recipe any;
    for_each_option(any, NameCollector{names});
    const std::u32string looked_for = code_points(key);
    std::size_t smallest = std::numeric_limits<std::size_t>::max();
    std::string nearest;
    for (const std::string& name : names) {
        const std::size_t distance = edit_distance(looked_for, code_points(name));
        if (distance < smallest) nearest = name;
        smallest = std::min(smallest, distance);
    }
    return nearest;
}

Recipe recipe_from(const json& file) {
    if (!file.is_object()) fail("a recipe must be an object, {{...}}, but is {}", kind_of(file));
    Recipe recipe;
    for (const auto& [key, value] : file.items()) {
        OptionReader reader{key, value};
        for_each_option(recipe, reader);
        if (!reader.known) {
            fail("{} is no option of a recipe; is \"{}\" meant?", in_quotes(key),
                 most_similar_option(key));
        }
    }
    check_recipe(recipe);
    return recipe;
}

} // namespace

void check_recipe(const Recipe& recipe) {
    for_each_option(recipe, RangeChecker{});
    if (recipe.answer_length > recipe.answer_from_end) {
        fail("answer_length is {}, but the answer starts only {} tokens before the end "
             "(answer_from_end)",
             recipe.answer_length, recipe.answer_from_end);
    }
    if (recipe.answer_length == 0 && recipe.other_weight == 0) {
        fail("other_weight is 0 and answer_length is 0, so nothing would be learned");
    }
    constexpr std::size_t any_vocabulary = 1;
    make_config(recipe, any_vocabulary);
}

Config make_config(const Recipe& recipe, std::size_t vocabulary) {
    Config config;
    config.vocabulary = vocabulary;
    config.context = recipe.context;
    config.width = recipe.width;
    config.heads = recipe.heads;
    config.hidden = recipe.hidden;
    config.layers = recipe.layers;
    config.tied = recipe.tied;
    config.without = recipe.without;
    check_config(config);
    return config;
}

Recipe parse_recipe(const std::string& text) {
    return recipe_from(parse_json(text));
}

std::string recipe_text(const Recipe& recipe) {
    check_recipe(recipe);
    nlohmann::ordered_json file;
    for_each_option(recipe, OptionWriter{file});
    return file.dump(2) + "\n";
}

Recipe read_recipe(const std::filesystem::path& path) {
    constexpr std::uint64_t size_limit = 100'000; // bytes, a hundred times what a recipe needs
    const json file = read_json(path, size_limit);
    try {
        return recipe_from(file);
    } catch (const Error& error) {
        fail("{}: {}", path.string(), error.what());
    }
}

void write_recipe(const std::filesystem::path& path, const Recipe& recipe) {
    write_file(path, recipe_text(recipe));
}

} // namespace whirlygig
