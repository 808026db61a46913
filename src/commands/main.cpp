// whirlygig: a transformer to train, to question and to step through in the terminal.
#include "commands/commands.h"
#include "error.h"

#include <fmt/format.h>

#include <exception>
#include <new>

namespace {

int run(int count, char** arguments) {
    CLI::App program{"Train a transformer, generate with it, and step through all its numbers"};
    program.require_subcommand(1);
    program.failure_message(CLI::FailureMessage::simple);
    whirlygig::add_train_command(program);
    whirlygig::add_generate_command(program);
    whirlygig::add_step_command(program);
    whirlygig::add_trace_command(program);
    whirlygig::add_heads_command(program);
    whirlygig::add_count_command(program);
    whirlygig::add_corpus_command(program);
    try {
        program.parse(count, arguments);
        return 0;
    } catch (const CLI::Success& help) {
        return program.exit(help);
    } catch (const CLI::ParseError& error) {
        fmt::print(stderr, "whirlygig: {}; whirlygig --help lists the commands and options\n",
                   error.what());
        return 1;
    }
}

} // namespace

int main(int count, char** arguments) {
    try {
        return run(count, arguments);
    } catch (const whirlygig::Error& error) {
        fmt::print(stderr, "whirlygig: {}\n", error.what());
    } catch (const std::bad_alloc&) {
        fmt::print(stderr, "whirlygig: there is not enough memory for this; "
                           "choose a smaller model or a shorter text\n");
    } catch (const std::exception& error) {
        fmt::print(stderr, "whirlygig: {}\n", error.what());
    }
    return 1;
}
