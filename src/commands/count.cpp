// whirlygig count: where a model's parameters are.
#include "commands/commands.h"
#include "error.h"
#include "files/file.h"
#include "files/model_folder.h"
#include "study/preset.h"
#include "terminal/tally_text.h"
#include "terminal/text_layout.h"

#include <fmt/ranges.h>

#include <filesystem>
#include <iostream>
#include <memory>

namespace whirlygig {
namespace {

struct CountOptions {
    std::string model, preset;
};

// The sizes are in config.json; the parameters themselves need not be read.
Config config_in(const std::filesystem::path& folder) {
    constexpr std::uint64_t largest_config = 1 << 20; // 1 MiB
    const std::filesystem::path path = folder / "config.json";
    return parse_config(read_file(path, largest_config), path.string());
}

void run(const CountOptions& options) {
    if (options.model.empty() == options.preset.empty())
        fail("say whose parameters to count: give --model DIR or --preset NAME, and not both");
    if (!options.model.empty()) {
        std::cout << tally_text(tally(config_in(options.model)), options.model);
    } else {
        const Preset& preset = find_preset(options.preset);
        std::cout << tally_text(tally(preset.config), preset.title)
                  << wrap(fmt::format("Sizes: {}.", preset.source), 80) << "\n";
    }
    if (!std::cout.flush()) fail("the output can't be written; is the disk full?");
}

} // namespace

void add_count_command(CLI::App& program) {
    auto options = std::make_shared<CountOptions>();
    CLI::App* command = program.add_subcommand("count", "Where a model's parameters are");
    command->add_option("--model", options->model, "The model's folder");
    std::vector<std::string> names;
    for (const Preset& preset : presets())
        names.push_back(preset.name);
    command->add_option("--preset", options->preset,
                        fmt::format("A model that the world knows: {}", fmt::join(names, ", ")));
    command->callback([options] { run(*options); });
}

} // namespace whirlygig
