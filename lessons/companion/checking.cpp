#include "check.h"
#include "history.h"
#include "verbs.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <thread>
#include <unistd.h>

namespace whirlygig {

namespace fs = std::filesystem;

namespace {

// The exercises, other than this one, whose bodies in the build are not those that passed.
std::vector<std::string> changed_others(const Session& session, const Exercise& exercise) {
    std::vector<std::string> names;
    for (const Exercise& other : session.exercises) {
        if (other.name != exercise.name && standing(session, other) == "changed since it passed")
            names.push_back(other.name);
    }
    return names;
}

void note_pass(Session& session, const Exercise& exercise) {
    const ExerciseFile mine = read_mine(session.places, exercise.file, session.exercises);
    ExerciseProgress& progress = session.progress.exercises[exercise.name];
    progress.passed = body_hash(mine, exercise.name);
    progress.skipped = false;
    save(session);
    const std::string complaint = commit_work(session.places, "Passed " + exercise.name);
    if (!complaint.empty()) fmt::print("{}\n", complaint);
}

// A body that passed, was changed and fails now has not passed any more.
void note_failure(Session& session, const Exercise& exercise) {
    if (standing(session, exercise) != "changed since it passed") return;
    session.progress.exercises[exercise.name].passed.clear();
    save(session);
}

bool ends_a_lesson(const Session& session, const Exercise& exercise) {
    for (const Exercise& other : lesson_numbered(session.lessons, exercise.lesson).exercises) {
        if (!session.progress.passed(other.name)) return false;
    }
    return true;
}

void show_way_on(const Session& session, const Exercise& exercise, bool passed) {
    const std::vector<std::string> changed = changed_others(session, exercise);
    if (!changed.empty()) {
        fmt::print("\n{} has changed since it passed; is it still right?\n\n"
                   "    lessons/learn check {}\n",
                   changed.front(), changed.front());
    } else if (!passed) {
        fmt::print("\n    lessons/learn check {}\n", exercise.name);
    } else if (ends_a_lesson(session, exercise)) {
        fmt::print(
            "\nThat was the last exercise of lesson {0}. What there is to see now stands in\n"
            "lessons/{1}/README.md. After that:\n\n    lessons/learn next\n",
            exercise.lesson, lesson_numbered(session.lessons, exercise.lesson).folder);
    } else {
        fmt::print("\n{}", next_step(session));
    }
}

// The tests of a file take a while to build: better now, while the learner reads on, than when the
// next check is waited for. Whether it works, that check will say.
void build_ahead(const Session& session) {
    const std::optional<Exercise> next = next_exercise(session);
    if (!next || check_is_built(session.places, *next)) return;
    fmt::print("\n(Building the next tests ahead; ctrl-C does no harm.)\n");
    std::fflush(stdout);
    build_check(session.places, session.exercises, *next, taken_exercises(session));
}

bool check_once(Session& session, const Exercise& exercise) {
    if (!check_is_built(session.places, exercise)) {
        fmt::print("Building the tests of {} for the first time ...\n", exercise.name);
        std::fflush(stdout);
    }
    const Verdict verdict = check_exercise(session.places, session.exercises, exercise,
                                           taken_exercises(session, exercise.name));
    fmt::print("{}", verdict.words);
    if (verdict.passed) {
        note_pass(session, exercise);
    } else {
        note_failure(session, exercise);
    }
    return verdict.passed;
}

// Changes when one of the learner's files does: when each was written, and its size. Asking for
// this works on every file system.
std::vector<std::pair<fs::file_time_type, std::uintmax_t>> state_of_files(const Session& session) {
    std::vector<std::pair<fs::file_time_type, std::uintmax_t>> state;
    for (const std::string& file : exercise_files(session.exercises)) {
        std::error_code missing;
        const fs::path path = session.places.mine(file);
        const auto time = fs::last_write_time(path, missing);
        const auto size = fs::file_size(path, missing);
        state.emplace_back(missing ? fs::file_time_type{} : time, missing ? 0 : size);
    }
    return state;
}

void clear_screen() {
    fmt::print("{}", ::isatty(STDOUT_FILENO) == 1 ? "\x1b[2J\x1b[H" : "\n----\n");
}

} // namespace

int check(Session& session, const std::string& name) {
    check_started(session);
    const Exercise exercise = chosen_exercise(session, name);
    const bool passed = check_once(session, exercise);
    show_way_on(session, exercise, passed);
    if (passed) build_ahead(session);
    return passed ? 0 : 1;
}

int check_all(const Session& session) {
    check_started(session);
    const std::set<std::string> taken = taken_exercises(session);
    std::vector<Exercise> passed;
    for (const Exercise& exercise : session.exercises) {
        if (taken.contains(exercise.name)) passed.push_back(exercise);
    }
    if (passed.empty()) {
        fmt::print("No exercise has passed yet.\n\n{}", next_step(session));
        return 1;
    }
    const Verdict verdict = check_together(session.places, session.exercises, passed, taken);
    fmt::print("{}\n{}", verdict.words, verdict.passed ? next_step(session) : "");
    return verdict.passed ? 0 : 1;
}

int watch(Session& session, const std::string& name) {
    check_started(session);
    const Exercise exercise = chosen_exercise(session, name);
    for (;;) {
        const auto state = state_of_files(session);
        clear_screen();
        fmt::print("{}, lesson {}\n\n", exercise.name, exercise.lesson);
        std::fflush(stdout);
        const bool passed = check_once(session, exercise);
        fmt::print("\nWatching {}; ctrl-C ends that{}\n",
                   session.places.shown(session.places.mine(exercise.file)),
                   passed ? ". After it:\n\n    lessons/learn next" : ".");
        std::fflush(stdout);
        while (state_of_files(session) == state)
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
        session.progress = read_progress(session.places.my / "progress.json");
    }
}

} // namespace whirlygig
