#include "session.h"

#include "build.h"
#include "error.h"

#include <cstdlib>

namespace whirlygig {

namespace {

std::string place_of(const Session& session, const Exercise& exercise) {
    const ExerciseFile mine = read_mine(session.places, exercise.file, session.exercises);
    return fmt::format("{}, line {}", mine.name, mine.body(exercise.name).first + 1);
}

std::string skipped_ones(const Session& session) {
    std::string names;
    for (const Exercise& exercise : session.exercises) {
        if (!session.progress.skipped(exercise.name)) continue;
        names += (names.empty() ? " but what you skipped: " : ", ") + exercise.name;
    }
    return names;
}

} // namespace

Session open_session(const Places& places) {
    const char* others = std::getenv("WHIRLYGIG_EXERCISES"); // for tests/lessons/run
    const std::filesystem::path list =
        others ? std::filesystem::path(others) : places.root / "lessons" / "exercises.json";
    Session session{.places = places,
                    .lessons = read_lessons(list),
                    .exercises = {},
                    .progress = read_progress(places.my / "progress.json")};
    session.exercises = all_exercises(session.lessons);
    return session;
}

void save(const Session& session) {
    write_progress(session.places.my / "progress.json", session.progress);
}

bool is_started(const Session& session) {
    std::error_code ignored;
    return std::filesystem::exists(session.places.my / "progress.json", ignored);
}

void check_started(const Session& session) {
    if (!is_started(session))
        fail("your files are not in {} yet; lessons/learn start puts them there",
             session.places.shown(session.places.my));
}

std::optional<Exercise> next_exercise(const Session& session) {
    for (const Exercise& exercise : session.exercises) {
        if (!session.progress.passed(exercise.name) && !session.progress.skipped(exercise.name))
            return exercise;
    }
    return {};
}

Exercise chosen_exercise(const Session& session, const std::string& name) {
    if (!name.empty()) return exercise_named(session.exercises, name);
    return next_exercise(session).value_or(session.exercises.back());
}

std::set<std::string> taken_exercises(const Session& session, const std::string& checked) {
    std::set<std::string> taken;
    for (const Exercise& exercise : session.exercises) {
        if (session.progress.passed(exercise.name) || exercise.name == checked)
            taken.insert(exercise.name);
    }
    return taken;
}

std::string standing(const Session& session, const Exercise& exercise) {
    const auto found = session.progress.exercises.find(exercise.name);
    const ExerciseProgress progress =
        found == session.progress.exercises.end() ? ExerciseProgress{} : found->second;
    const auto next = next_exercise(session);
    if (progress.passed.empty() && progress.skipped) return "skipped";
    if (progress.passed.empty()) return next && next->name == exercise.name ? "next" : "";
    try {
        const ExerciseFile mine = read_mine(session.places, exercise.file, session.exercises);
        return body_hash(mine, exercise.name) == progress.passed ? "passed"
                                                                 : "changed since it passed";
    } catch (const Error&) {
        return "passed, but its file is broken";
    }
}

std::string next_step(const Session& session) {
    if (!is_started(session)) return "Nothing is started yet.\n\n    lessons/learn start\n";
    const auto exercise = next_exercise(session);
    if (!exercise) {
        return fmt::format(
            "There is no exercise left{}.\nSee the program at work with your code in "
            "it:\n\n    lessons/learn view\n",
            skipped_ones(session));
    }
    const Lesson& lesson = lesson_numbered(session.lessons, exercise->lesson);
    return fmt::format("Lesson {}: {}\n  read   lessons/{}/README.md\n  write  {}: {} (about {} "
                       "minutes)\n  then\n\n    lessons/learn check\n",
                       lesson.number, lesson.title, lesson.folder, place_of(session, *exercise),
                       exercise->name, exercise->minutes);
}

} // namespace whirlygig
