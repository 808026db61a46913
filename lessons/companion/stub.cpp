#include "stub.h"

#include "error.h"

#include <algorithm>

namespace whirlygig {

namespace {

std::string join_lines(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

// NotWrittenYet is declared in error.h. The first include of a source is its own header; error.h
// comes next.
void include_error(std::vector<std::string>& lines) {
    const std::string include = "#include \"error.h\"";
    if (std::find(lines.begin(), lines.end(), include) != lines.end()) return;
    const auto is_include = [](const std::string& line) { return line.starts_with("#include"); };
    const auto own = std::find_if(lines.begin(), lines.end(), is_include);
    if (own == lines.end()) fail("a source without any #include");
    const auto next = std::find_if(own + 1, lines.end(), is_include);
    if (next == lines.end()) {
        lines.insert(own + 1, {"", include});
    } else {
        lines.insert(next, include);
    }
}

// The same lines, with the body from `first` to `last` replaced.
std::vector<std::string> replaced(std::vector<std::string> lines, const MarkedBody& body,
                                  const std::vector<std::string>& by) {
    const auto first = lines.begin() + static_cast<std::ptrdiff_t>(body.first);
    const auto last = lines.begin() + static_cast<std::ptrdiff_t>(body.last);
    lines.insert(lines.erase(first, last), by.begin(), by.end());
    return lines;
}

bool lies_in_a_body(const ExerciseFile& file, std::size_t line) {
    return std::any_of(file.bodies.begin(), file.bodies.end(), [line](const MarkedBody& body) {
        return line >= body.first && line <= body.last;
    });
}

} // namespace

std::vector<std::string> stub_body(const ExerciseFile& reference, const std::string& exercise) {
    const MarkedBody& body = reference.body(exercise);
    const std::string& marker = reference.lines[body.first - 1];
    const std::string indentation = marker.substr(0, marker.find('/'));
    return {fmt::format("{}throw NotWrittenYet(\"{}\", {});", indentation, exercise, body.lesson)};
}

std::string make_stub(const ExerciseFile& reference) {
    std::vector<std::string> lines = reference.lines;
    // From the last body to the first, so that the line numbers before it stay right.
    for (auto body = reference.bodies.rbegin(); body != reference.bodies.rend(); ++body)
        lines = replaced(lines, *body, stub_body(reference, body->exercise));
    include_error(lines);
    return join_lines(lines);
}

std::string with_stub_body(const ExerciseFile& learners, const ExerciseFile& reference,
                           const std::string& exercise) {
    return join_lines(
        replaced(learners.lines, learners.body(exercise), stub_body(reference, exercise)));
}

std::optional<std::string> with_new_exercise(const ExerciseFile& learners,
                                             const ExerciseFile& reference,
                                             const std::string& exercise) {
    const MarkedBody& body = reference.body(exercise);
    const auto line_of = [](const ExerciseFile& file, std::size_t line) {
        return file.lines.begin() + static_cast<std::ptrdiff_t>(line);
    };
    const auto first = line_of(reference, body.first), last = line_of(reference, body.last);
    const auto& lines = learners.lines;
    const auto found = std::search(lines.begin(), lines.end(), first, last);
    if (first == last || found == lines.end()) return std::nullopt;
    if (std::search(found + 1, lines.end(), first, last) != lines.end()) return std::nullopt;
    const auto place = static_cast<std::size_t>(found - lines.begin());
    if (lies_in_a_body(learners, place)) return std::nullopt;
    std::vector<std::string> marked = stub_body(reference, exercise);
    marked.insert(marked.begin(), reference.lines[body.first - 1]);
    marked.push_back(reference.lines[body.last]);
    const MarkedBody here{exercise, body.lesson, place, place + (body.last - body.first)};
    std::vector<std::string> all = replaced(lines, here, marked);
    include_error(all);
    return join_lines(all);
}

} // namespace whirlygig
