// What the learner has done so far: my/progress.json.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace whirlygig {

struct ExerciseProgress {
    std::string passed; // the hash of the body that passed (body_hash); empty: none has
    bool skipped = false;
    int hints = 0; // how many levels of hint were shown
};

struct Progress {
    std::map<std::string, ExerciseProgress> exercises; // by name; those with nothing are absent

    bool passed(const std::string& exercise) const;
    bool skipped(const std::string& exercise) const;
};

// No file is no progress. Throws an Error that names the file when it is broken, and says how to
// go on.
Progress read_progress(const std::filesystem::path& path);

// All or nothing, as write_file. Throws an Error when it can't.
void write_progress(const std::filesystem::path& path, const Progress& progress);

} // namespace whirlygig
