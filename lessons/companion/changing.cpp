#include "build.h"
#include "error.h"
#include "files/file.h"
#include "history.h"
#include "stub.h"
#include "verbs.h"

#include <fmt/format.h>

namespace whirlygig {

int reset(Session& session, const std::string& name) {
    check_started(session);
    const Exercise exercise = exercise_named(session.exercises, name);
    const Places& places = session.places;
    const ExerciseFile mine = read_mine(places, exercise.file, session.exercises);
    const std::string complaint = commit_work(places, "Before the reset of " + name);
    write_file(
        places.mine(exercise.file),
        with_stub_body(mine, read_reference(places, exercise.file, session.exercises), name));
    ExerciseProgress& progress = session.progress.exercises[name];
    progress.passed.clear();
    progress.skipped = false;
    progress.hints = 0;
    save(session);
    fmt::print("{} in {} is a fresh start. ", name, mine.name);
    if (complaint.empty()) {
        fmt::print("Your old one is in the history: git -C {} log -p\n", places.shown(places.my));
    } else {
        fmt::print("Your old one is gone. {}\n", complaint);
    }
    fmt::print("\n    lessons/learn check {}\n", name);
    return 0;
}

int skip(Session& session, const std::string& name) {
    check_started(session);
    const Exercise exercise = chosen_exercise(session, name);
    if (session.progress.passed(exercise.name)) fail("{} has passed already", exercise.name);
    session.progress.exercises[exercise.name].skipped = true;
    save(session);
    fmt::print("{0} is skipped: the program goes on with the body of src/. To come back to it:\n\n"
               "    lessons/learn check {0}\n\n{1}",
               exercise.name, next_step(session));
    return 0;
}

} // namespace whirlygig
