// whirlygig trace: writes every stage of one pass to a file.
#include "commands/commands.h"
#include "commands/input_text.h"
#include "error.h"
#include "files/trace_file.h"

#include <fmt/format.h>

#include <memory>

namespace whirlygig {
namespace {

struct TraceOptions {
    std::string model, out;
    InputText input;
    bool backward = false;
};

void trace(const TraceOptions& options) {
    const ModelFolder folder = read_model_folder(options.model);
    const std::vector<int> ids = ids_of(options.input, folder);
    const Passes passes = options.backward ? Passes::forward_and_backward : Passes::forward;
    const auto record = make_trace(folder.model, ids, passes);
    write_trace(options.out, *record, folder.wording);
    fmt::print("Wrote {} stages{} of {} tokens to {}.\n", record->forward_stages.size(),
               options.backward ? ", forward and backward," : "", ids.size(), options.out);
}

} // namespace

void add_trace_command(CLI::App& program) {
    const auto options = std::make_shared<TraceOptions>();
    CLI::App* command =
        program.add_subcommand("trace", "Write all numbers of a pass to a safetensors file");
    command->add_option("--model", options->model, "a model's folder")->required();
    add_input_options(*command, options->input);
    command->add_option("--out", options->out, "the file to write")->required();
    command->add_flag("--backward", options->backward, "the backward pass, too");
    command->callback([options] { trace(*options); });
}

} // namespace whirlygig
