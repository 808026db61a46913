#include "compose.h"

#include <fmt/format.h>

namespace whirlygig {

namespace {

// A text as C++ writes it.
std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') result += '\\';
        result += letter;
    }
    return result + "\"";
}

// Says that the next line is line `index` (from 0) of a file.
std::string line_directive(std::size_t index, const std::string& path) {
    return fmt::format("#line {} {}\n", index + 1, quoted(path));
}

std::string description(const MarkedBody& body, bool learners, const ExerciseFile& file,
                        const std::string& shown) {
    return fmt::format("ExerciseBody {}() {{\n    return {{{}, {}, {}, {}, {}, {}}};\n}}\n",
                       body.exercise, quoted(body.exercise), body.lesson,
                       learners ? "true" : "false", quoted(shown), body.first + 1,
                       quoted(learners ? body_hash(file, body.exercise) : ""));
}

} // namespace

std::string compose(const ExerciseFile& learners, const ExerciseFile& reference,
                    const std::set<std::string>& taken, const ComposedPaths& paths) {
    std::string text = "// Made by lessons/learn.\n#include \"composition.h\"\n";
    std::string descriptions;
    std::size_t next = 0;
    const auto copy_to = [&](std::size_t end) {
        text += line_directive(next, paths.learners);
        for (; next < end; ++next)
            text += learners.lines[next] + "\n";
    };
    for (const MarkedBody& body : learners.bodies) {
        if (taken.contains(body.exercise)) {
            descriptions += description(body, true, learners, paths.shown_learners);
            continue;
        }
        const MarkedBody& given = reference.body(body.exercise);
        copy_to(body.first);
        text += line_directive(given.first, paths.reference);
        text += body_text(reference, body.exercise);
        descriptions += description(given, false, reference, paths.shown_reference);
        next = body.last;
    }
    copy_to(learners.lines.size());
    return text + "\n#line 1 \"composition\"\nnamespace whirlygig::composed {\n" + descriptions +
           "}\n";
}

std::string composition_source(const std::vector<Exercise>& exercises) {
    std::string declarations, calls;
    for (const Exercise& exercise : exercises) {
        declarations += fmt::format("ExerciseBody {}();\n", exercise.name);
        calls += fmt::format("        composed::{}(),\n", exercise.name);
    }
    return fmt::format("// Made by lessons/learn.\n#include \"composition.h\"\n\n"
                       "namespace whirlygig {{\n\nnamespace composed {{\n{}}}\n\n"
                       "const std::vector<ExerciseBody>& exercise_bodies() {{\n"
                       "    static const std::vector<ExerciseBody> bodies{{\n{}    }};\n"
                       "    return bodies;\n}}\n\n}} // namespace whirlygig\n",
                       declarations, calls);
}

} // namespace whirlygig
