// The one list of a recipe's options: reading, writing, checking, the command line's flags and
// their help all go through it.
#pragma once

#include "training/recipe.h"

#include <string>
#include <utility>
#include <vector>

namespace whirlygig {

// The values that an option may have.
struct WholeNumbers { // from least to most
    std::size_t least, most;
};
struct NumberRange { // from least to most
    double least, most;
};
struct YesOrNo {};
template <class Choice>
struct Choices { // one of these names, each with its value
    std::vector<std::pair<std::string, Choice>> list;
};

// The parts that a model can be trained without, by their names.
inline Choices<Without> without_choices() {
    Choices<Without> choices;
    for (const WithoutName& entry : without_names)
        choices.list.emplace_back(entry.name, entry.part);
    return choices;
}

// Calls visit(name, meaning, value, allowed values) for every option. `SomeRecipe` is Recipe or
// const Recipe; a visitor has one overload for each kind of allowed values.
template <class SomeRecipe, class Visit>
void for_each_model_option(SomeRecipe& recipe, Visit&& visit) {
    visit("tokenizer", "what a token is: words or characters", recipe.tokenizer,
          Choices<TokenizerKind>{
              {{"words", TokenizerKind::words}, {"characters", TokenizerKind::characters}}});
    visit("context", "the longest text, in tokens", recipe.context, WholeNumbers{2, 4096});
    visit("width", "how many numbers stand for one token", recipe.width, WholeNumbers{1, 4096});
    visit("heads", "attention heads in each block; they divide the width evenly", recipe.heads,
          WholeNumbers{1, 256});
    visit("layers", "how many blocks", recipe.layers, WholeNumbers{1, 128});
    visit("hidden", "the hidden width of the MLP", recipe.hidden, WholeNumbers{1, 65'536});
    visit("tied", "use the token table as the unembedding too", recipe.tied, YesOrNo{});
    visit("without", "a part to leave out of the model, to see what it is good for", recipe.without,
          without_choices());
    visit("initialization",
          "the first parameters: readable (attention maps can be read) or gpt2 (all small)",
          recipe.initialization,
          Choices<Initialization>{
              {{"readable", Initialization::readable}, {"gpt2", Initialization::gpt2}}});
}

template <class SomeRecipe, class Visit>
void for_each_optimizer_option(SomeRecipe& recipe, Visit&& visit) {
    visit("optimizer", "gradient_descent, momentum, adam or adamw", recipe.optimizer.kind,
          Choices<OptimizerKind>{{{"gradient_descent", OptimizerKind::gradient_descent},
                                  {"momentum", OptimizerKind::momentum},
                                  {"adam", OptimizerKind::adam},
                                  {"adamw", OptimizerKind::adamw}}});
    visit("learning_rate", "the stride of a step, at its highest", recipe.learning_rate,
          NumberRange{1e-9, 1000});
    visit("warm_up", "steps in which the learning rate rises to its highest", recipe.warm_up,
          WholeNumbers{0, 100'000'000});
    visit("decay", "share of the learning rate that is left at the last step; 1 keeps all of it",
          recipe.decay, NumberRange{0, 1});
    visit("momentum", "momentum: share of the velocity that a step keeps",
          recipe.optimizer.momentum, NumberRange{0, 0.9999});
    visit("beta1", "Adam: share of the mean gradient that a step keeps", recipe.optimizer.beta1,
          NumberRange{0, 0.9999});
    visit("beta2", "Adam: share of the mean squared gradient that a step keeps",
          recipe.optimizer.beta2, NumberRange{0, 0.999999});
    visit("weight_decay", "AdamW: pull of the matrices towards 0", recipe.optimizer.weight_decay,
          NumberRange{0, 10});
    visit("clip", "the longest gradient, longer ones are shortened; 0 leaves all as they are",
          recipe.clip, NumberRange{0, 1e6});
}

template <class SomeRecipe, class Visit>
void for_each_example_option(SomeRecipe& recipe, Visit&& visit) {
    visit("answer_from_end", "the answer starts so many tokens before the end of a sequence",
          recipe.answer_from_end, WholeNumbers{0, 4096});
    visit("answer_length", "how many tokens the answer has; 0: there is none", recipe.answer_length,
          WholeNumbers{0, 4096});
    visit("answer_weight", "how much the loss of an answer's token counts", recipe.answer_weight,
          NumberRange{1e-6, 1e6});
    visit("other_weight", "how much the loss of every other token counts; 0: not at all",
          recipe.other_weight, NumberRange{0, 1e6});
    visit("fresh", "draw every batch anew from the corpus's grammar", recipe.fresh, YesOrNo{});
}

template <class SomeRecipe, class Visit>
void for_each_option(SomeRecipe& recipe, Visit&& visit) {
    for_each_model_option(recipe, visit);
    visit("steps", "how often the parameters are changed", recipe.steps,
          WholeNumbers{1, 100'000'000});
    visit("batch", "sequences from which one step learns", recipe.batch, WholeNumbers{1, 10'000});
    for_each_optimizer_option(recipe, visit);
    for_each_example_option(recipe, visit);
    visit("evaluate_every", "steps between two looks at the held-out text; 0: only at the end",
          recipe.evaluate_every, WholeNumbers{0, 100'000'000});
    visit("save_every", "steps between two saves; 0: only at the end", recipe.save_every,
          WholeNumbers{0, 100'000'000});
    visit("snapshot_every", "steps between two snapshots of the parameters; 0: none",
          recipe.snapshot_every, WholeNumbers{0, 100'000'000});
}

} // namespace whirlygig
