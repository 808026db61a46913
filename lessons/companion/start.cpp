#include "check.h"
#include "compiler_words.h"
#include "error.h"
#include "files/file.h"
#include "history.h"
#include "stub.h"
#include "verbs.h"

#include <fmt/format.h>

#include <cstdio>
#include <optional>

namespace whirlygig {

namespace fs = std::filesystem;

namespace {

// Exercises that are newer than the learner's file, as far as their bodies still stand in it as
// src/ has them: they become exercises there, too. What was there is in the history before.
void add_new_exercises(const Session& session, const std::string& file) {
    const fs::path path = session.places.mine(file);
    const std::string shown = session.places.shown(path);
    ExerciseFile mine = parse_exercise_file(shown, read_file(path));
    const ExerciseFile reference = read_reference(session.places, file, session.exercises);
    for (const Exercise& exercise : session.exercises) {
        if (exercise.file != file || mine.has(exercise.name)) continue;
        if (session.progress.exercises.contains(exercise.name)) continue;
        const std::optional<std::string> added = with_new_exercise(mine, reference, exercise.name);
        if (!added) continue;
        write_file(path, *added);
        mine = parse_exercise_file(shown, *added);
        fmt::print("  {}  has a new exercise: {}\n", std::string(shown.size(), ' '), exercise.name);
    }
}

// Never over a file that is there. Says whether it was put there.
bool put(const fs::path& path, const std::string& content) {
    std::error_code ignored;
    if (fs::exists(fs::symlink_status(path, ignored))) return false;
    fs::create_directories(path.parent_path());
    write_file(path, content);
    return true;
}

void make_folder(const Session& session) {
    const fs::path& my = session.places.my;
    std::error_code problem;
    fs::create_directories(my, problem);
    if (problem || !fs::is_directory(my))
        fail("the folder {} for your work can't be made{}; rename what stands in its way",
             session.places.shown(my), problem ? " (" + problem.message() + ")" : "");
}

fs::path stub_path(const Session& session, const std::string& file) {
    return session.places.lesson(stub_folder(session.lessons, file)) / fs::path(file).filename();
}

void put_stubs(const Session& session) {
    for (const std::string& file : exercise_files(session.exercises)) {
        const std::string shown = session.places.shown(session.places.mine(file));
        const bool is_new = put(session.places.mine(file), read_file(stub_path(session, file)));
        fmt::print("  {}  {}\n", shown, is_new ? "put there" : "was there, not touched");
        if (!is_new) add_new_exercises(session, file);
    }
    // What is made, not written, is no part of the history.
    put(session.places.my / ".gitignore", "/compile_commands.json\n/trained/\n");
}

} // namespace

int start(Session& session) {
    make_folder(session);
    if (is_started(session)) commit_work(session.places, "Before a new start");
    fmt::print("Your files:\n");
    put_stubs(session);
    if (!is_started(session)) save(session);
    const std::string complaint = commit_work(session.places, "Start");
    if (!complaint.empty()) fmt::print("{}\n", complaint);
    fmt::print("Building ahead, so that checks are quick (this takes a minute or two, once) ...\n");
    std::fflush(stdout);
    const Outcome outcome = build_check(session.places, session.exercises,
                                        chosen_exercise(session, ""), taken_exercises(session));
    if (!outcome.good()) {
        fmt::print("{}", compiler_words(outcome.output, session.places));
        return 1;
    }
    fmt::print("\n{}", next_step(session));
    return 0;
}

int write_stubs(const Session& session) {
    for (const std::string& file : exercise_files(session.exercises)) {
        const fs::path path = stub_path(session, file);
        fs::create_directories(path.parent_path());
        write_file(path, make_stub(read_reference(session.places, file, session.exercises)));
        fmt::print("{}\n", session.places.shown(path));
    }
    return 0;
}

} // namespace whirlygig
