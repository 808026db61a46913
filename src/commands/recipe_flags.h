// A flag for every option of a recipe: --learning-rate for learning_rate.
#pragma once

#include "training/recipe.h"

#include <CLI/CLI.hpp>

#include <map>
#include <string>

namespace whirlygig {

// What the user gave, by the option's name in a recipe.
using RecipeFlags = std::map<std::string, std::string>;

// Adds the flags to a command; those that are used appear in `flags`, which must stay where it is.
void add_recipe_flags(CLI::App& command, RecipeFlags& flags);

// The recipe with the flags' values in it. Throws an Error for a value that is not allowed.
Recipe with_flags(const Recipe& recipe, const RecipeFlags& flags);

} // namespace whirlygig
