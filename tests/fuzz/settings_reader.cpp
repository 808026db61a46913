// Everything that is read from JSON or plain text: configs, recipes, grammars, texts to encode.
#include "error.h"
#include "files/model_folder.h"
#include "parameters.h"
#include "readers.h"
#include "text/grammar.h"
#include "text/tokenizer.h"
#include "training/recipe.h"

using namespace whirlygig;

namespace {

template <class Read>
void read_safely(Read read) {
    try {
        read();
    } catch (const Error& error) {
        require_sentence(error.what());
    }
}

void read_config(const std::string& text) {
    const Config config = parse_config(text, "config.json");
    require(config.width % config.heads == 0, "a config that cannot be was accepted");
    require(count_parameters(config) > 0, "a config without parameters was accepted");
    const Config again = parse_config(config_text(config, {}), "config.json");
    require(again.hidden == config.hidden && again.tied == config.tied, "a config changed");
}

void read_recipe_text(const std::string& text) {
    const Recipe recipe = parse_recipe(text);
    require(recipe.steps > 0 && recipe.batch > 0, "a recipe that cannot be was accepted");
    require(recipe_text(parse_recipe(recipe_text(recipe))) == recipe_text(recipe),
            "a recipe changed");
}

void read_grammar_text(const std::string& text) {
    const Grammar grammar = parse_grammar(text);
    Random random(1);
    require(grammar.draw(random).size() <= grammar.longest(), "a sequence is too long");
}

void tokenize(const std::string& text, TokenizerKind kind) {
    const Tokenizer tokenizer = Tokenizer::from_texts(kind, {text});
    const std::vector<int> ids = tokenizer.encode(text);
    require(tokenizer.encode(tokenizer.decode(ids)) == ids, "a text changed");
}

} // namespace

void fuzz_settings(std::string_view bytes) {
    const std::string text(bytes);
    read_safely([&] { read_config(text); });
    read_safely([&] { read_recipe_text(text); });
    read_safely([&] { read_grammar_text(text); });
    read_safely([&] { tokenize(text, TokenizerKind::words); });
    read_safely([&] { tokenize(text, TokenizerKind::characters); });
}

std::vector<std::string> settings_seeds() {
    Config config;
    config.vocabulary = 7;
    config.context = 5;
    config.width = 6;
    config.heads = 2;
    config.hidden = 11;
    return {config_text(config, {}), recipe_text({}),
            R"({"about": "a test", "kind": "sentences", "sentence": "the [SIZE] NOUN VERB .",
                "words": {"SIZE": {"big": ["huge"], "small": ["tiny"]}, "NOUN": ["cat", "dog"]},
                "follows": {"VERB": {"from": ["NOUN"], "table": {"cat": "purred",
                                                                 "dog": "barked"}}}})",
            R"({"kind": "sort", "words": ["0", "1", "2"], "separator": ">", "count": 3})",
            "the tiny cat purred \xc3\xbc \xe2\x88\x92"};
}
