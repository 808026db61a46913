#include "verbs.h"

#include <fmt/format.h>

namespace whirlygig {

int list(const Session& session) {
    const std::set<std::string> taken = taken_exercises(session);
    for (const Lesson& lesson : session.lessons) {
        fmt::print("Lesson {}: {}\n", lesson.number, lesson.title);
        for (const Exercise& exercise : lesson.exercises) {
            const std::string file = (taken.contains(exercise.name) ? "my/" : "src/");
            fmt::print("  {:<20} {:>2} min  {:<22} {}\n", exercise.name, exercise.minutes,
                       file + exercise.file,
                       is_started(session) ? standing(session, exercise) : "");
        }
    }
    fmt::print("\nThe file of each says whose it is: my/ is yours, src/ fills in for it.\n\n{}",
               next_step(session));
    return 0;
}

int next(const Session& session) {
    int passed = 0;
    for (const Exercise& exercise : session.exercises)
        passed += session.progress.passed(exercise.name) ? 1 : 0;
    if (passed > 0) fmt::print("{} of {} exercises passed.\n\n", passed, session.exercises.size());
    fmt::print("{}", next_step(session));
    return 0;
}

} // namespace whirlygig
