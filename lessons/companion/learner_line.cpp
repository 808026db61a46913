#include "learner_line.h"

#include <fmt/format.h>

#include <cctype>
#include <fstream>

namespace whirlygig {

namespace {

std::string line_of_file(const NamedLine& named) {
    std::ifstream file(named.path);
    std::string text;
    for (std::size_t line = 0; line < named.line; ++line) {
        if (!std::getline(file, text)) return {};
    }
    const std::size_t start = text.find_first_not_of(" \t");
    return start == std::string::npos ? "" : text.substr(start);
}

} // namespace

std::optional<NamedLine> first_learner_line(const std::string& text, const Places& places,
                                            std::size_t start) {
    const std::string folder = places.my.string() + "/";
    for (std::size_t found = text.find(folder, start); found != std::string::npos;
         found = text.find(folder, found + 1)) {
        const std::size_t end = text.find_first_of(":\n", found);
        if (end == std::string::npos || text[end] != ':') continue;
        std::size_t number = 0, place = end + 1;
        for (; place < text.size() && std::isdigit(static_cast<unsigned char>(text[place]));
             ++place)
            number = 10 * number + static_cast<std::size_t>(text[place] - '0');
        if (number > 0) return NamedLine{text.substr(found, end - found), number};
    }
    return {};
}

std::string show_line(const NamedLine& named, const Places& places) {
    const std::string code = line_of_file(named);
    return fmt::format("{}:{}\n{}", places.shown(named.path), named.line,
                       code.empty() ? "" : "    " + code + "\n");
}

NamedLine code_line_above(const NamedLine& named) {
    for (std::size_t line = named.line - 1; line > 0; --line) {
        const std::string code = line_of_file({named.path, line});
        if (!code.empty() && !code.starts_with("//")) return {named.path, line};
    }
    return named;
}

bool line_starts_with(const NamedLine& named, const std::string& text) {
    return line_of_file(named).starts_with(text);
}

} // namespace whirlygig
