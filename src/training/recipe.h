// A recipe: every choice that makes a training run, in a file that a person can read and edit.
#pragma once

#include "model.h"
#include "parameters.h"
#include "text/tokenizer.h"
#include "training/optimizer.h"

#include <cstddef>
#include <filesystem>

namespace whirlygig {

// The defaults suit any text file, read character by character. What each option means, and which
// values it may have, is said in recipe_options.h.
struct Recipe {
    TokenizerKind tokenizer = TokenizerKind::characters;
    std::size_t context = 64;
    std::size_t width = 64;
    std::size_t heads = 4;
    std::size_t layers = 2;
    std::size_t hidden = 256;
    bool tied = false;
    Without without = Without::nothing;
    Initialization initialization = Initialization::readable;

    std::size_t steps = 1500;
    std::size_t batch = 16;
    OptimizerOptions optimizer;
    double learning_rate = 0.003;
    std::size_t warm_up = 50;
    double decay = 0.05;
    double clip = 1;

    std::size_t answer_from_end = 0;
    std::size_t answer_length = 0;
    double answer_weight = 1;
    double other_weight = 1;
    bool fresh = false;

    std::size_t evaluate_every = 100;
    std::size_t save_every = 0;
    std::size_t snapshot_every = 50;
};

// Throws an Error that names the option whose value is out of range, or those that contradict each
// other.
void check_recipe(const Recipe& recipe);

// The sizes of a model that this recipe trains. Throws an Error as check_config does.
Config make_config(const Recipe& recipe, std::size_t vocabulary);

// recipe.json: an object with the options' names as keys. An option that is missing keeps its
// default. Reading throws an Error that names the file and the key: for a key that is no option (it
// names the most similar one), for a value of the wrong type and for all that check_recipe refuses.
Recipe read_recipe(const std::filesystem::path& path);

// Writes all options, in the order of recipe_options.h. Throws an Error as check_recipe and
// write_file do.
void write_recipe(const std::filesystem::path& path, const Recipe& recipe);

// The same as a text, without a file: what a saved training run keeps.
Recipe parse_recipe(const std::string& text);
std::string recipe_text(const Recipe& recipe);

} // namespace whirlygig
