// whirlygig generate: a text goes on, token by token.
#include "commands/commands.h"
#include "error.h"
#include "files/model_folder.h"
#include "study/sampler.h"
#include "terminal/text_layout.h"

#include <cstdio>
#include <iostream>
#include <memory>

namespace whirlygig {
namespace {

struct GenerateOptions {
    std::string model, prompt;
    std::vector<int> ids;
    bool has_prompt = false, has_count = false;
    std::size_t count = 0;
    SamplingOptions sampling;
    std::uint64_t seed = 1;
};

std::vector<int> first_tokens(const GenerateOptions& options, const ModelFolder& folder) {
    if (options.has_prompt && !options.ids.empty())
        fail("--prompt and --ids both say what the text starts with: give one of them");
    if (options.has_prompt) return folder.encode(options.prompt);
    if (!options.ids.empty()) return options.ids;
    if (folder.wording.first_token) return {*folder.wording.first_token};
    fail("this model has no token with which every text starts: say with --prompt how to start");
}

// A token as it is shown. What could move the cursor is replaced; line ends and tabs are not.
std::string shown(const Wording& wording, int id) {
    if (!wording.tokenizer) return wording.label(id);
    const std::string& token = wording.tokenizer->token(id);
    return token == "\n" || token == "\t" ? token : visible(token);
}

// Prints the tokens one by one, as they come.
class TokenPrinter {
public:
    explicit TokenPrinter(const Wording& wording)
        : wording(wording) {}

    void print(int id) {
        if (printed && !side_by_side()) std::cout << ' ';
        std::cout << shown(wording, id) << std::flush;
        if (!std::cout) fail("the output can't be written; is the disk full?");
        printed = true;
    }

private:
    bool side_by_side() const {
        return wording.tokenizer && wording.tokenizer->kind() == TokenizerKind::characters;
    }

    const Wording& wording;
    bool printed = false;
};

void run(const GenerateOptions& options) {
    const ModelFolder folder = read_model_folder(options.model);
    const std::vector<int> prompt = first_tokens(options, folder);
    const std::size_t count =
        options.has_count ? options.count : room_for(prompt.size(), folder.model->config.context);
    Generator generator(folder.model, prompt, options.sampling, options.seed);
    TokenPrinter printer(folder.wording);
    for (const int id : prompt)
        printer.print(id);
    generate(generator, {count, folder.wording.last_token}, [&](int id) { printer.print(id); });
    std::cout << std::endl;
}

} // namespace

void add_generate_command(CLI::App& program) {
    auto options = std::make_shared<GenerateOptions>();
    CLI::App* command =
        program.add_subcommand("generate", "Let the model write, one token after the other");
    command->add_option("--model", options->model, "The model's folder")->required();
    CLI::Option* prompt = command->add_option(
        "--prompt", options->prompt,
        "How the text starts; without it, the token with which the model's texts start");
    command->add_option("--ids", options->ids, "The same as token ids, for example 2,1,0")
        ->delimiter(',');
    CLI::Option* count = command->add_option(
        "--count", options->count,
        "New tokens, at most (until the context is full). A text ends earlier at the model's last "
        "token, if it has one; beyond the context, the model forgets the oldest half");
    count->check(CLI::Range(std::size_t{1}, std::size_t{10'000'000}));
    command->add_option("--temperature", options->sampling.temperature,
                        "0: always the most probable token; 1: as probable as the model says (1)");
    command
        ->add_option("--top-k", options->sampling.top_k,
                     "Draw from so many of the most probable tokens; 0: from all (0)")
        ->check(CLI::NonNegativeNumber);
    command
        ->add_option("--seed", options->seed,
                     "Another seed, another text; the same seed, the same text (1)")
        ->check(CLI::NonNegativeNumber);
    command->callback([options, prompt, count] {
        options->has_prompt = prompt->count() > 0;
        options->has_count = count->count() > 0;
        run(*options);
    });
}

} // namespace whirlygig
