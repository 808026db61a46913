// whirlygig: a transformer to train, to question and to step through in the terminal.
#include "commands/commands.h"
#include "error.h"

#include <fmt/format.h>

#include <exception>
#include <new>

namespace {

// The names of all commands, for a user who gave none of them.
std::string command_names(const CLI::App& program) {
    std::string names;
    for (const CLI::App* command : program.get_subcommands({})) {
        names += (names.empty() ? "" : ", ") + command->get_name();
    }
    return names;
}

int run(int count, char** arguments) {
    CLI::App program{"Train a transformer, generate with it, and step through all its numbers"};
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
        if (program.get_subcommands().empty()) {
            whirlygig::fail("say what to do: {}; --help explains each", command_names(program));
        }
        return 0;
    } catch (const CLI::Success& help) {
        return program.exit(help);
    } catch (const CLI::RuntimeError& stopped) { // a command that chose its exit status
        return stopped.get_exit_code();
    } catch (const CLI::ExtrasError&) {
        const bool unknown_command = program.get_subcommands().empty();
        const std::string command = unknown_command ? "" : program.get_subcommands()[0]->get_name();
        whirlygig::fail("{}", unknown_command
                                  ? fmt::format("there is no command {}; there are {}",
                                                arguments[1], command_names(program))
                                  : fmt::format("there is an argument too many for {0}; "
                                                "whirlygig {0} --help lists its options",
                                                command));
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
