#include "terminal/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace whirlygig {
namespace {

constexpr std::size_t usual_width = 80;
constexpr std::size_t smallest_width = 40;

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

std::size_t columns_of_output() {
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

} // namespace

Colours choose_colours(bool output_is_terminal, const TerminalVariables& variables) {
    if (!output_is_terminal || !variables.no_color.empty()) return Colours::none;
    if (variables.term.empty() || variables.term == "dumb") return Colours::none;
    if (variables.colorterm == "truecolor" || variables.colorterm == "24bit") return Colours::full;
    // Terminals of these families know the palette, whether their name says so or not.
    constexpr std::array<std::string_view, 4> families{"xterm", "screen", "tmux", "rxvt"};
    const bool known = std::any_of(families.begin(), families.end(), [&](std::string_view family) {
        return variables.term.starts_with(family);
    });
    const bool says_so = variables.term.find("256color") != std::string::npos;
    return known || says_so || !variables.colorterm.empty() ? Colours::palette : Colours::none;
}

std::size_t choose_width(std::size_t columns) {
    return columns == 0 ? usual_width : std::max(columns, smallest_width);
}

Terminal look_at_terminal() {
    const bool output_is_terminal = ::isatty(STDOUT_FILENO) == 1;
    Terminal terminal;
    terminal.interactive = output_is_terminal && ::isatty(STDIN_FILENO) == 1;
    terminal.width = choose_width(output_is_terminal ? columns_of_output() : 0);
    terminal.colours = choose_colours(
        output_is_terminal, {variable("NO_COLOR"), variable("TERM"), variable("COLORTERM")});
    return terminal;
}

} // namespace whirlygig
