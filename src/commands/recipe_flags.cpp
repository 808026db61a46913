#include "commands/recipe_flags.h"

#include "error.h"
#include "training/recipe_options.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace whirlygig {
namespace {

using nlohmann::ordered_json;

std::string flag_name(std::string name) {
    std::replace(name.begin(), name.end(), '_', '-');
    return "--" + name;
}

struct FlagAdder {
    CLI::App& command;
    RecipeFlags& flags;

    void add(const std::string& name, const std::string& meaning) const {
        const auto keep = [&flags = flags, name](const std::string& value) { flags[name] = value; };
        command.add_option_function<std::string>(flag_name(name), keep, meaning)
            ->group("The recipe's options");
    }

    template <class Value, class Allowed>
    void operator()(const std::string& name, const std::string& meaning, const Value&,
                    const Allowed&) const {
        add(name, meaning);
    }
    void operator()(const std::string& name, const std::string& meaning, const Without&,
                    const Choices<Without>& parts) const {
        std::string names;
        for (const auto& [part_name, part] : parts.list)
            names += (names.empty() ? "" : ", ") + part_name;
        add(name, meaning + ": " + names);
    }
    void operator()(const std::string& name, const std::string& meaning, const bool&,
                    YesOrNo) const {
        add(name, meaning + " (true or false)");
    }
};

// A number or true or false as such, all else as text.
ordered_json value_of(const std::string& text) {
    const ordered_json value = ordered_json::parse(text, nullptr, false);
    const bool simple = value.is_number() || value.is_boolean();
    return simple ? value : ordered_json(text);
}

} // namespace

void add_recipe_flags(CLI::App& command, RecipeFlags& flags) {
    const Recipe defaults;
    for_each_option(defaults, FlagAdder{command, flags});
}

Recipe with_flags(const Recipe& recipe, const RecipeFlags& flags) {
    ordered_json options = ordered_json::parse(recipe_text(recipe));
    for (const auto& [name, text] : flags)
        options[name] = value_of(text);
    try {
        return parse_recipe(options.dump());
    } catch (const Error& error) {
        fail("the options do not make a recipe: {}", error.what());
    }
}

} // namespace whirlygig
