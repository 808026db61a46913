#include "balance.h"

#include "error.h"

#include <algorithm>

namespace whirlygig {

namespace {

struct Bracket {
    char letter;
    std::size_t line;
};

char closing(char opening) {
    return opening == '(' ? ')' : opening == '[' ? ']' : '}';
}

// Goes through a body letter by letter.
struct Scan {
    std::vector<Bracket> open;
    bool in_comment = false; // of the kind that may go over several lines

    std::optional<Imbalance> letter(char letter, std::size_t line) {
        if (letter == '(' || letter == '[' || letter == '{') open.push_back({letter, line});
        if (letter != ')' && letter != ']' && letter != '}') return {};
        if (open.empty())
            return Imbalance{line, fmt::format("this {} closes nothing: there is one too many, or "
                                               "an opening one is missing above",
                                               letter)};
        const Bracket last = open.back();
        open.pop_back();
        if (closing(last.letter) == letter) return {};
        return Imbalance{line,
                         fmt::format("here stands {}, but the {} of line {} is still to be "
                                     "closed by {}",
                                     letter, last.letter, last.line + 1, closing(last.letter))};
    }

    // Where a text or a character that starts at `start` ends.
    static std::size_t skip_text(const std::string& line, std::size_t start) {
        std::size_t place = start + 1;
        while (place < line.size() && line[place] != line[start])
            place += line[place] == '\\' ? 2 : 1;
        return place;
    }

    std::optional<Imbalance> read_line(const std::string& line, std::size_t number) {
        for (std::size_t place = 0; place < line.size(); ++place) {
            if (in_comment) {
                place = line.find("*/", place);
                if (place == std::string::npos) return {};
                in_comment = false;
                ++place;
            } else if (line.compare(place, 2, "//") == 0) {
                return {};
            } else if (line.compare(place, 2, "/*") == 0) {
                in_comment = true;
                ++place;
            } else if (line[place] == '"' || (line[place] == '\'' && !in_number(line, place))) {
                place = skip_text(line, place);
            } else if (auto imbalance = letter(line[place], number)) {
                return imbalance;
            }
        }
        return {};
    }

    // 250'000
    static bool in_number(const std::string& line, std::size_t place) {
        return place > 0 && std::isdigit(static_cast<unsigned char>(line[place - 1]));
    }
};

} // namespace

std::optional<Imbalance> find_imbalance(const ExerciseFile& file, const std::string& exercise) {
    const MarkedBody& body = file.body(exercise);
    Scan scan;
    for (std::size_t line = body.first; line < body.last; ++line) {
        const std::string& text = file.lines[line];
        if (text[std::min(text.find_first_not_of(" \t"), text.size())] == '#') return {};
        if (auto imbalance = scan.read_line(text, line)) return imbalance;
    }
    if (scan.in_comment)
        return Imbalance{body.last - 1, "a comment that starts with /* never ends; */ is missing"};
    if (scan.open.empty()) return {};
    const Bracket last = scan.open.back();
    return Imbalance{last.line, fmt::format("the {} of this line is never closed: {} is missing",
                                            last.letter, closing(last.letter))};
}

} // namespace whirlygig
