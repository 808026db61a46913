// whirlygig heads: where every head looks, and what the model is worth without it.
#include "commands/commands.h"
#include "error.h"
#include "files/model_folder.h"
#include "study/known_floor.h"
#include "terminal/heads_table.h"
#include "terminal/terminal.h"
#include "training/training_data.h"

#include <fmt/format.h>

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>

namespace whirlygig {
namespace {

struct HeadsOptions {
    std::string model, corpus;
    std::size_t limit = 200;
    bool zero = false;
};

// The options that say what a sequence is and which of its tokens count. The model decides how long
// a sequence can be.
Recipe recipe_for(const std::filesystem::path& corpus, const Config& config) {
    const std::filesystem::path path = corpus / "recipe.json";
    std::error_code ignored;
    Recipe recipe = std::filesystem::exists(path, ignored) ? read_recipe(path) : Recipe{};
    recipe.context = config.context;
    return recipe;
}

// At most `limit` of the examples, evenly spread.
std::vector<Example> thin_out(const std::vector<Example>& examples, std::size_t limit) {
    if (examples.size() <= limit) return examples;
    std::vector<Example> kept;
    for (std::size_t i = 0; i < limit; ++i)
        kept.push_back(examples[i * examples.size() / limit]);
    return kept;
}

std::vector<Example> held_out_examples_of(const Corpus& corpus, const ModelFolder& folder,
                                          const HeadsOptions& options) {
    if (!folder.wording.tokenizer) {
        fail("the model in {} has no vocabulary.json, so it can't read the corpus", options.model);
    }
    const Recipe recipe = recipe_for(options.corpus, folder.model->config);
    return thin_out(make_held_out(corpus, *folder.wording.tokenizer, recipe), options.limit);
}

// A line that counts the passes, on a terminal and when it takes longer than half a second.
class ProgressLine {
public:
    void show(std::size_t done, std::size_t all) {
        const auto now = std::chrono::steady_clock::now();
        if (!on_terminal || now < next) return;
        std::cerr << fmt::format("\rlooking at the heads: {} of {} passes", done, all);
        shown = true;
        next = now + std::chrono::milliseconds(200);
    }
    ~ProgressLine() {
        if (shown) std::cerr << "\r\x1b[K"; // the line is empty again
    }

private:
    const bool on_terminal = ::isatty(STDERR_FILENO) != 0;
    bool shown = false;
    std::chrono::steady_clock::time_point next =
        std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
};

Study study_with_progress(const ModelFolder& folder, const std::vector<Example>& examples,
                          Ablation ablation) {
    ProgressLine line;
    return study_heads(folder.model, examples, ablation,
                       [&](std::size_t done, std::size_t all) { line.show(done, all); });
}

void run(const HeadsOptions& options) {
    const ModelFolder folder = read_model_folder(options.model);
    const Corpus corpus = read_corpus(options.corpus);
    const std::vector<Example> examples = held_out_examples_of(corpus, folder, options);
    const Study study =
        study_with_progress(folder, examples, options.zero ? Ablation::zero : Ablation::mean);
    std::cout << heads_table(study,
                             {.corpus = corpus.name,
                              .floor = known_floor(corpus, *folder.wording.tokenizer, examples),
                              .width = look_at_terminal().width});
    if (!std::cout.flush()) fail("the output can't be written; is the disk full?");
}

} // namespace

void add_heads_command(CLI::App& program) {
    auto options = std::make_shared<HeadsOptions>();
    CLI::App* command = program.add_subcommand(
        "heads", "Where every head looks, and what the model is worth without it");
    command->add_option("--model", options->model, "The model's folder")->required();
    command->add_option("--corpus", options->corpus, "A corpus folder or a text file")->required();
    command->add_flag("--zero", options->zero,
                      "Replace a head's mixed values by 0 instead of by their mean");
    command->add_option("--limit", options->limit, "Held-out sequences to look at, at most (200)")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1000}));
    command->callback([options] { run(*options); });
}

} // namespace whirlygig
