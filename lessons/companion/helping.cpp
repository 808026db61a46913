#include "build.h"
#include "compiler_words.h"
#include "error.h"
#include "files/file.h"
#include "hints.h"
#include "verbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace whirlygig {

namespace fs = std::filesystem;

int hint(Session& session, const std::string& name) {
    check_started(session);
    const Exercise exercise = chosen_exercise(session, name);
    const fs::path path =
        session.places.lesson(lesson_numbered(session.lessons, exercise.lesson).folder) /
        "hints.md";
    const std::vector<Hint> hints = read_hints(read_file(path), exercise.name);
    if (hints.empty()) fail("{} has no hints for {}", session.places.shown(path), exercise.name);
    int& shown = session.progress.exercises[exercise.name].hints;
    const int levels = static_cast<int>(hints.size());
    const int level = std::min(shown, levels - 1);
    const Hint& now = hints[static_cast<std::size_t>(level)];
    fmt::print("{}: {} (hint {} of {})\n\n{}\n", exercise.name, now.title, level + 1, levels,
               now.text);
    if (shown < levels) {
        ++shown;
        save(session);
    }
    fmt::print("    lessons/learn check {}\n", exercise.name);
    return 0;
}

int solution(Session& session, const std::string& name, bool anyway) {
    check_started(session);
    const Exercise exercise = chosen_exercise(session, name);
    if (!session.progress.passed(exercise.name) && !anyway) {
        fmt::print("You have not passed {0} yet, and its solution is seen only once for the first "
                   "time.\nA hint gives less away (lessons/learn hint {0}). To see the solution "
                   "all the same:\n\n    lessons/learn solution {0} --anyway\n",
                   exercise.name);
        return 1;
    }
    const ExerciseFile reference = read_reference(session.places, exercise.file, session.exercises);
    fmt::print("{}, line {}:\n\n{}\n", reference.name, reference.body(exercise.name).first + 1,
               body_text(reference, exercise.name));
    const std::string way_on = session.progress.passed(exercise.name) ? "next" : "check";
    fmt::print("    lessons/learn {}\n", way_on);
    return 0;
}

int example(const Places& places, int lesson) {
    std::error_code ignored;
    if (!fs::exists(places.root / "build" / "example", ignored)) {
        fmt::print("Building the examples (a minute, the first time) ...\n\n");
        std::fflush(stdout);
    }
    const Outcome built =
        run({.words = {"cmake", "--build", (places.root / "build").string(), "--target", "example"},
             .folder = places.root});
    if (!built.good()) {
        fmt::print("{}", compiler_words(built.output, places));
        return 1;
    }
    return run_in_the_open(
               {.words = {(places.root / "build" / "example").string(), std::to_string(lesson)},
                .folder = places.root})
        .status;
}

} // namespace whirlygig
