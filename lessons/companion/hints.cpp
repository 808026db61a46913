#include "hints.h"

#include <sstream>

namespace whirlygig {

namespace {

void trim(std::string& text) {
    text.erase(0, text.find_first_not_of('\n'));
    text.resize(text.find_last_not_of('\n') + 1);
    text += '\n';
}

} // namespace

std::vector<Hint> read_hints(const std::string& text, const std::string& exercise) {
    std::istringstream lines(text);
    std::vector<Hint> hints;
    bool inside = false, code = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("```")) code = !code;
        if (!code && line.starts_with("# ")) {
            inside = line.substr(2) == exercise;
        } else if (inside && !code && line.starts_with("## ")) {
            hints.push_back({line.substr(3), ""});
        } else if (inside && !hints.empty()) {
            hints.back().text += line + "\n";
        }
    }
    for (Hint& hint : hints)
        trim(hint.text);
    return hints;
}

} // namespace whirlygig
