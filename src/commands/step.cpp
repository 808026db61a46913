// whirlygig step: every number of one pass, in the terminal.
#include "commands/commands.h"
#include "commands/input_text.h"
#include "error.h"
#include "terminal/cell_text.h"
#include "terminal/stage_finder.h"
#include "terminal/stage_table.h"
#include "terminal/step_session.h"
#include "text/utf8.h"

#include <iostream>
#include <memory>
#include <optional>

namespace whirlygig {
namespace {

struct StepOptions {
    std::string model;
    InputText input;
    std::optional<std::string> stage, cell;
    bool backward = false, list = false;
    int digits = 4;
};

void check_options(const StepOptions& options) {
    if (options.digits < 1 || options.digits > 17)
        fail("--digits is {}, but numbers have 1 to 17 significant digits", options.digits);
    if (options.cell && !options.stage)
        fail("--cell needs --stage NAME, the stage that the cell is in; --list shows the names");
}

std::unique_ptr<Trace> trace_of(const StepOptions& options, const ModelFolder& folder) {
    const bool backward =
        options.backward || (options.stage && options.stage->starts_with("gradient"));
    return make_trace(folder.model, ids_of(options.input, folder),
                      backward ? Passes::forward_and_backward : Passes::forward);
}

void write_stage(const StepOptions& options, const TracedText& text, const TextStyle& style) {
    const std::size_t number = find_stage(text.trace, *options.stage);
    if (!options.cell) {
        std::cout << stage_text(text, number, style);
        return;
    }
    CellPlace cell;
    if (!parse_cell(*options.cell, cell))
        fail("--cell is {}, but a cell is ROW,COLUMN, for example 3,1", in_quotes(*options.cell));
    std::cout << cell_text(text, number, cell.row, cell.column, style);
}

void step(const StepOptions& options) {
    check_options(options);
    const ModelFolder folder = read_model_folder(options.model);
    const std::unique_ptr<Trace> trace = trace_of(options, folder);
    const TracedText text{*trace, folder.wording};
    const Terminal terminal = look_at_terminal();
    TextStyle style{.width = terminal.width, .colours = terminal.colours, .digits = options.digits};
    if (options.list) {
        std::cout << stage_table(*trace, style.width);
    } else if (options.stage) {
        write_stage(options, text, style);
    } else if (terminal.interactive) {
        step_through(std::cin, std::cout, text, style);
    } else {
        style.amount = Amount::most;
        style.how_to_see_all = "With --stage and its name, all are shown.";
        write_all_stages(std::cout, text, style);
    }
    if (!std::cout.flush()) fail("the output can't be written; is the disk full?");
}

} // namespace

void add_step_command(CLI::App& program) {
    auto options = std::make_shared<StepOptions>();
    CLI::App* command = program.add_subcommand(
        "step", "Step through every number of one pass; in a terminal, one stage at a time");
    command->add_option("--model", options->model, "a model's folder")->required();
    add_input_options(*command, options->input);
    command->add_option("--stage", options->stage,
                        "show only this stage: its name, the end of it or its number");
    command->add_option("--cell", options->cell,
                        "explain this cell of the stage: ROW,COLUMN, counted from 0");
    command->add_flag("--backward", options->backward, "the backward pass, too: gradients");
    command->add_option("--digits", options->digits, "significant digits of the numbers, 1 to 17");
    command->add_flag("--list", options->list, "list the stages, their shapes and formulas");
    command->callback([options] { step(*options); });
}

} // namespace whirlygig
