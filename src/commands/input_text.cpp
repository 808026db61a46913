#include "commands/input_text.h"

#include "error.h"

namespace whirlygig {

void add_input_options(CLI::App& command, InputText& input) {
    input.has_text = command.add_option("--text", input.text, "the text to run");
    command.add_option("--ids", input.ids, "the token ids to run instead, for example 2,1,0")
        ->delimiter(',');
}

bool has_input(const InputText& input) {
    return input.has_text->count() > 0 || !input.ids.empty();
}

std::vector<int> ids_of(const InputText& input, const ModelFolder& folder) {
    const bool has_text = input.has_text->count() > 0;
    if (has_text && !input.ids.empty()) {
        fail("--text and --ids both say what the tokens are: give one of them");
    }
    if (!has_text && input.ids.empty()) {
        fail("there is nothing to run: give --text \"some words\" or --ids 2,1,0");
    }
    return has_text ? folder.encode(input.text) : input.ids;
}

} // namespace whirlygig
