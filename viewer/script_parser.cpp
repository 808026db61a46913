#include "error.h"
#include "script.h"
#include "script_keys.h"
#include "text/utf8.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <string_view>

namespace whirlygig {
namespace {

using Kind = Command::Kind;

// How a command is written.
struct Form {
    std::string_view name;
    Kind kind;
    std::string_view written;
};

constexpr std::array<Form, 7> forms = {{
    {"click", Kind::click,
     "click \"LABEL\", click \"LABEL\" SHARE (from 0, its left end, to 1, its right end) or click "
     "STAGE ROW COLUMN"},
    {"hover", Kind::hover, "hover \"LABEL\" or hover STAGE ROW COLUMN"},
    {"key", Kind::key, "key NAME"},
    {"type", Kind::type, "type \"TEXT\""},
    {"wait", Kind::wait, "wait N, where N is how many frames, 10000 at most"},
    {"expect", Kind::expect, "expect \"LABEL\" or expect \"LABEL\" = \"STATE\""},
    {"shot", Kind::shot, "shot FILE"},
}};

struct Word {
    std::string text;
    bool quoted = false;
};

constexpr std::string_view blanks = " \t";

std::size_t next_word(std::string_view line, std::size_t from) {
    return std::min(line.find_first_not_of(blanks, from), line.size());
}

// Reads up to the closing quotation mark; \" and \\ stand for the signs themselves.
std::string quoted_text(std::string_view line, std::size_t& at) {
    std::string text;
    for (++at; at < line.size() && line[at] != '"'; ++at) {
        const bool escaped = line.substr(at, 2) == "\\\"" || line.substr(at, 2) == "\\\\";
        if (escaped) ++at;
        text += line[at];
    }
    if (at == line.size()) fail("the closing quotation mark is missing");
    ++at;
    if (at < line.size() && blanks.find(line[at]) == blanks.npos)
        fail("put a blank behind the closing quotation mark (inside a text, \\\" is a quotation "
             "mark)");
    return text;
}

std::vector<Word> words_of(std::string_view line) {
    std::vector<Word> words;
    for (std::size_t at = next_word(line, 0); at < line.size(); at = next_word(line, at)) {
        if (line[at] == '"') {
            words.push_back({quoted_text(line, at), true});
            continue;
        }
        const std::size_t end = std::min(line.find_first_of(blanks, at), line.size());
        words.push_back({std::string(line.substr(at, end - at))});
        at = end;
    }
    return words;
}

template <class Number>
std::optional<Number> as_number(const Word& word) {
    Number number{};
    const char* end = word.text.data() + word.text.size();
    const auto [stopped, error] = std::from_chars(word.text.data(), end, number);
    if (word.quoted || error != std::errc() || stopped != end) return std::nullopt;
    return number;
}

bool fill_label(Command& command, std::span<const Word> words) {
    if (words.size() == 1 && words[0].quoted) {
        command.label = words[0].text;
        return true;
    }
    if (words.size() != 3 || words[0].quoted) return false;
    const auto row = as_number<std::size_t>(words[1]), column = as_number<std::size_t>(words[2]);
    if (!row || !column) return false;
    command.label = cell_label(words[0].text, *row, *column);
    return true;
}

bool fill_click(Command& command, std::span<const Word> words) {
    if (words.size() != 2) return fill_label(command, words);
    const auto share = as_number<float>(words[1]);
    if (!words[0].quoted || !share || !(*share >= 0 && *share <= 1)) return false;
    command.label = words[0].text;
    command.share = *share;
    return true;
}

bool fill_expect(Command& command, std::span<const Word> words) {
    if (words.empty() || !words[0].quoted) return false;
    command.label = words[0].text;
    if (words.size() == 1) return true;
    if (words.size() != 3 || words[1].text != "=" || words[1].quoted) return false;
    if (!words[2].quoted) return false;
    command.value = words[2].text;
    command.compares = true;
    return true;
}

bool fill_wait(Command& command, std::span<const Word> words) {
    if (words.size() != 1) return false;
    const auto frames = as_number<int>(words[0]);
    if (!frames || *frames < 0 || *frames > 10'000) return false;
    command.frames = *frames;
    return true;
}

bool fill_key(Command& command, std::span<const Word> words) {
    if (words.size() != 1 || words[0].quoted) return false;
    script_key(words[0].text); // throws when there is no such key
    command.label = words[0].text;
    return true;
}

bool fill_value(Command& command, std::span<const Word> words, bool must_be_quoted) {
    if (words.size() != 1 || words[0].text.empty()) return false;
    if (must_be_quoted && !words[0].quoted) return false;
    command.value = words[0].text;
    return true;
}

// False when the words do not fit the command.
bool fill(Command& command, std::span<const Word> words) {
    switch (command.kind) {
    case Kind::click:
        return fill_click(command, words);
    case Kind::hover:
        return fill_label(command, words);
    case Kind::key:
        return fill_key(command, words);
    case Kind::type:
        return fill_value(command, words, true);
    case Kind::wait:
        return fill_wait(command, words);
    case Kind::expect:
        return fill_expect(command, words);
    case Kind::shot:
        return fill_value(command, words, false);
    }
    return false;
}

Command parse_line(std::string_view line) {
    if (first_invalid_byte(line)) fail("the line is not valid UTF-8; save the script as UTF-8");
    const std::vector<Word> words = words_of(line);
    std::vector<std::string_view> names;
    for (const Form& form : forms) {
        names.push_back(form.name);
        if (words[0].quoted || words[0].text != form.name) continue;
        Command command;
        command.kind = form.kind;
        if (!fill(command, std::span(words).subspan(1)))
            fail("{} goes like this: {}", form.name, form.written);
        return command;
    }
    fail("there is no command {}; there are {}", in_quotes(words[0].text), fmt::join(names, ", "));
}

} // namespace

std::vector<Command> parse_script(const std::string& text, const std::string& source) {
    std::vector<Command> commands;
    std::string_view rest = text;
    for (int number = 1; !rest.empty(); ++number) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        const std::size_t first = next_word(line, 0);
        if (first == line.size() || line[first] == '#') continue;
        try {
            commands.push_back(parse_line(line));
        } catch (const Error& error) {
            fail("{} line {}: {}", source, number, error.what());
        }
        commands.back().line = number;
    }
    return commands;
}

} // namespace whirlygig
