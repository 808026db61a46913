// whirlygig trace: writes every stage of one pass to a file, or compares it with such a file.
#include "commands/commands.h"
#include "commands/input_text.h"
#include "error.h"
#include "files/trace_file.h"
#include "terminal/difference_text.h"
#include "terminal/terminal.h"
#include "terminal/text_layout.h"

#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <optional>

namespace whirlygig {
namespace {

struct TraceOptions {
    std::string model;
    std::optional<std::string> out, compare;
    InputText input;
    bool backward = false;
    double tolerance = usual_tolerance;
};

void write_out(const TraceOptions& options, const Trace& record, const Wording& wording) {
    write_trace(*options.out, record, wording);
    std::cout << fmt::format("Wrote {} stages{} of {} tokens to {}.\n",
                             record.forward_stages.size(),
                             record.backward_stages.empty() ? "" : ", forward and backward,",
                             record.ids.size(), *options.out);
}

// Says where the pass differs from the file; false when it does.
bool compare(const TraceOptions& options, const TracedText& text, const TraceFile& file) {
    constexpr std::size_t most_rows = 20;
    const TraceDifference difference =
        compare_passes(recorded_pass(text.trace), file.pass, options.tolerance);
    const std::size_t width = look_at_terminal().width;
    std::cout << wrap(difference_summary(text, difference), width) << "\n";
    const std::string table = difference_table(text, difference, width, most_rows);
    if (table.empty()) return true;
    const StageDifference& first = difference.stages.front();
    std::cout << "\n"
              << table << "\n"
              << wrap(
                     fmt::format("How that number is made here: whirlygig step with the same model "
                                 "and text, --stage {} --cell {},{}",
                                 first.name, first.first.row, first.first.column),
                     width)
              << "\n";
    return false;
}

void trace(const TraceOptions& options) {
    if (!options.out && !options.compare) {
        fail("say what to do with the numbers: --out FILE writes them, --compare FILE compares "
             "them with those in a file");
    }
    const ModelFolder folder = read_model_folder(options.model);
    std::optional<TraceFile> file;
    if (options.compare) {
        file.emplace(read_trace(*options.compare, folder.model->config));
        check_parameters(*file, folder.model->parameters);
    }
    const bool text_of_file = file && !has_input(options.input);
    const std::vector<int> ids = text_of_file ? file->pass.ids : ids_of(options.input, folder);
    const bool backward =
        options.backward || (file && file->pass.has_backward() && file->pass.ids == ids);
    const auto record =
        make_trace(folder.model, ids, backward ? Passes::forward_and_backward : Passes::forward);
    if (options.out) write_out(options, *record, folder.wording);
    const bool equal = !file || compare(options, {*record, folder.wording}, *file);
    if (!std::cout.flush()) fail("the output can't be written; is the disk full?");
    if (!equal) throw CLI::RuntimeError(1);
}

} // namespace

void add_trace_command(CLI::App& program) {
    const auto options = std::make_shared<TraceOptions>();
    CLI::App* command = program.add_subcommand(
        "trace", "Write all numbers of a pass to a safetensors file, or compare them with one");
    command->add_option("--model", options->model, "a model's folder")->required();
    add_input_options(*command, options->input);
    command->add_option("--out", options->out, "the file to write");
    command->add_option("--compare", options->compare,
                        "a file that was written with --out, of the same model and the same text "
                        "(which is the text where none is given): show where the pass differs from "
                        "it; the exit status is 0 when no number differs and 1 when some do");
    command->add_option("--tolerance", options->tolerance,
                        "with --compare: numbers differ that are further apart than this share of "
                        "their stage's largest number (1e-4)");
    command->add_flag("--backward", options->backward,
                      "the backward pass, too; with --compare also where the file has it");
    command->callback([options] { trace(*options); });
}

} // namespace whirlygig
