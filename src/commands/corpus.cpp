// whirlygig corpus: draws a corpus's texts again from its grammar.
#include "text/corpus.h"
#include "commands/commands.h"

#include <fmt/format.h>

#include <memory>

namespace whirlygig {
namespace {

void draw(const std::string& folder) {
    draw_corpus(folder);
    const Corpus corpus = read_corpus(folder);
    fmt::print("Drew {} lines of train.txt and {} of held_out.txt in {}.\n", corpus.train.size(),
               corpus.held_out.size(), folder);
    fmt::print("No model can get below {:.4f} nats per predicted token.\n",
               corpus.grammar->floor());
}

} // namespace

void add_corpus_command(CLI::App& program) {
    const auto folder = std::make_shared<std::string>();
    CLI::App* command = program.add_subcommand(
        "corpus", "Draw train.txt and held_out.txt again from a folder's grammar.json");
    command->add_option("folder", *folder, "a corpus's folder, such as data/creatures")->required();
    command->callback([folder] { draw(*folder); });
}

} // namespace whirlygig
