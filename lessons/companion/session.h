// What every verb works on: where things lie, what there is to do and what was done.
#pragma once

#include "exercises.h"
#include "places.h"
#include "progress.h"

#include <optional>
#include <set>
#include <string>

namespace whirlygig {

struct Session {
    Places places;
    std::vector<Lesson> lessons;
    std::vector<Exercise> exercises; // of all lessons
    Progress progress;
};

// Throws an Error when the exercises or the learner's progress can't be read.
Session open_session(const Places& places);

// Writes the progress down. Throws an Error when it can't.
void save(const Session& session);

bool is_started(const Session& session); // learn start was there

// Throws an Error that says so unless it is started.
void check_started(const Session& session);

// The first exercise that neither passed nor was skipped; none when all were.
std::optional<Exercise> next_exercise(const Session& session);

// The one with this name, or the next one for an empty name (when all passed, the last of all).
// Throws an Error when there is none of that name.
Exercise chosen_exercise(const Session& session, const std::string& name);

// The exercises whose bodies in a build are the learner's: those that passed, and `checked`.
std::set<std::string> taken_exercises(const Session& session, const std::string& checked = "");

// How an exercise stands, in words: "passed", "changed since it passed", "skipped", "next", "".
std::string standing(const Session& session, const Exercise& exercise);

// Where to go on: what is next, where it stands, and the one command for it. To be printed.
std::string next_step(const Session& session);

} // namespace whirlygig
