// The commands of the program, one file each. Every function adds its command with its options to
// the program and says what happens when it is called.
#pragma once

#include <CLI/CLI.hpp>

namespace whirlygig {

void add_train_command(CLI::App& program);
void add_generate_command(CLI::App& program);
void add_step_command(CLI::App& program);
void add_trace_command(CLI::App& program);
void add_heads_command(CLI::App& program);
void add_count_command(CLI::App& program);
void add_corpus_command(CLI::App& program);

} // namespace whirlygig
