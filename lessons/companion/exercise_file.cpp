#include "exercise_file.h"

#include "error.h"
#include "files/hash.h"
#include "text/edit_distance.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <sstream>

namespace whirlygig {

namespace {

std::vector<std::string> split_lines(std::string_view text) {
    std::vector<std::string> lines;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        lines.emplace_back(text.substr(start, end - start));
        if (!lines.back().empty() && lines.back().back() == '\r') lines.back().pop_back();
        start = end + 1;
    }
    return lines;
}

// The words of a line that is nothing but a comment of the kind //; else none.
std::vector<std::string> comment_words(const std::string& line) {
    const std::size_t start = line.find_first_not_of(" \t");
    if (start == std::string::npos || line.compare(start, 2, "//") != 0) return {};
    std::istringstream text(line.substr(start + 2));
    std::vector<std::string> words;
    for (std::string word; text >> word;)
        words.push_back(word);
    return words;
}

bool is_number(const std::string& word) {
    return !word.empty() && word.size() < 4 &&
           std::all_of(word.begin(), word.end(),
                       [](unsigned char letter) { return std::isdigit(letter); });
}

// Bytes will do where a file need not even be valid UTF-8.
std::u32string letters(const std::string& text) {
    return {text.begin(), text.end()};
}

// EXERCISE, or a slip of the pen in it: "exercise", "EXERCIES" before a number.
bool looks_like_start(const std::vector<std::string>& words) {
    if (words.empty()) return false;
    if (words[0] == "EXERCISE") return true;
    std::string capitals = words[0];
    for (char& letter : capitals)
        letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    return words.size() == 3 && is_number(words[1]) &&
           edit_distance(letters(capitals), letters("EXERCISE")) <= 2;
}

// One reading of a file, from its first to its last line.
struct Reading {
    ExerciseFile& file;
    std::optional<MarkedBody> open;

    void start(const std::vector<std::string>& words, std::size_t line) {
        if (words.size() != 3 || words[0] != "EXERCISE" || !is_number(words[1]))
            fail("{}:{}: a marker is misspelt; it should look like this: // EXERCISE 3 "
                 "attention_scores",
                 file.name, line + 1);
        if (open)
            fail("{}:{}: the exercise {} starts inside of {}: the line // END of {} is missing "
                 "above",
                 file.name, line + 1, words[2], open->exercise, open->exercise);
        if (file.has(words[2]))
            fail("{}:{}: the exercise {} is marked a second time (first in line {}); keep one of "
                 "the two",
                 file.name, line + 1, words[2], file.body(words[2]).first);
        open = MarkedBody{words[2], std::stoi(words[1]), line + 1, line + 1};
    }

    void end(std::size_t line) {
        if (!open)
            fail("{}:{}: this // END ends no exercise: the line // EXERCISE ... above it is "
                 "missing",
                 file.name, line + 1);
        open->last = line;
        file.bodies.push_back(*open);
        open.reset();
    }
};

std::string nearest(const std::string& name, const std::vector<Exercise>& exercises) {
    const auto distance = [&name](const Exercise& exercise) {
        return edit_distance(letters(name), letters(exercise.name));
    };
    return std::min_element(
               exercises.begin(), exercises.end(),
               [&](const Exercise& a, const Exercise& b) { return distance(a) < distance(b); })
        ->name;
}

} // namespace

bool ExerciseFile::has(const std::string& exercise) const {
    return std::any_of(bodies.begin(), bodies.end(),
                       [&exercise](const MarkedBody& body) { return body.exercise == exercise; });
}

const MarkedBody& ExerciseFile::body(const std::string& exercise) const {
    for (const MarkedBody& body : bodies) {
        if (body.exercise == exercise) return body;
    }
    fail("{}: the line // EXERCISE ... {} is missing", name, exercise);
}

ExerciseFile parse_exercise_file(const std::string& name, std::string_view text) {
    ExerciseFile file{name, split_lines(text), {}};
    Reading reading{file, {}};
    for (std::size_t line = 0; line < file.lines.size(); ++line) {
        const std::vector<std::string> words = comment_words(file.lines[line]);
        if (looks_like_start(words)) reading.start(words, line);
        if (words == std::vector<std::string>{"END"}) reading.end(line);
    }
    if (reading.open)
        fail("{}:{}: the exercise {} starts here, but the line // END after it is missing", name,
             reading.open->first, reading.open->exercise);
    return file;
}

void check_markers(const ExerciseFile& parsed, const std::string& file,
                   const std::vector<Exercise>& exercises) {
    std::vector<Exercise> expected;
    std::copy_if(exercises.begin(), exercises.end(), std::back_inserter(expected),
                 [&file](const Exercise& exercise) { return exercise.file == file; });
    for (const MarkedBody& body : parsed.bodies) {
        const auto found =
            std::find_if(expected.begin(), expected.end(), [&body](const Exercise& exercise) {
                return exercise.name == body.exercise;
            });
        if (found == expected.end())
            fail("{}:{}: there is no exercise {} in this file; did you mean {}?", parsed.name,
                 body.first, body.exercise, nearest(body.exercise, expected));
        if (found->lesson != body.lesson)
            fail("{}:{}: the line should be // EXERCISE {} {}", parsed.name, body.first,
                 found->lesson, found->name);
    }
    for (const Exercise& exercise : expected) {
        if (!parsed.has(exercise.name))
            fail("{}: the line // EXERCISE {} {} is missing; put it and // END back around the "
                 "body",
                 parsed.name, exercise.lesson, exercise.name);
    }
}

std::string body_text(const ExerciseFile& file, const std::string& exercise) {
    const MarkedBody& body = file.body(exercise);
    std::string text;
    for (std::size_t line = body.first; line < body.last; ++line)
        text += file.lines[line] + "\n";
    return text;
}

std::string body_hash(const ExerciseFile& file, const std::string& exercise) {
    const MarkedBody& body = file.body(exercise);
    std::string text;
    for (std::size_t line = body.first; line < body.last; ++line) {
        const std::string& content = file.lines[line];
        const std::size_t length = content.find_last_not_of(" \t") + 1; // 0: nothing but space
        if (length == 0 && text.empty()) continue;
        text += content.substr(0, length) + "\n";
    }
    text.resize(text.find_last_not_of('\n') + 1);
    return fmt::format("{:016x}", hash_bytes(text));
}

} // namespace whirlygig
