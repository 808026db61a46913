// What there is to do: lessons/exercises.json.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace whirlygig {

struct Exercise {
    std::string name; // as in its marker: attention_scores
    int lesson;
    std::string file;   // below src/ and my/: text/tokenizer.cpp
    std::string tests;  // below tests/: text/tokenizer_test.cpp
    std::string filter; // for GoogleTest: all tests that judge it and need no later body
    int minutes;        // that it takes
};

struct Lesson {
    int number;
    std::string folder; // below lessons/: 03_looking
    std::string title;
    std::vector<Exercise> exercises; // in the order in which they are done
};

// Throws an Error that names the file and what is wrong in it, also when an exercise is in it twice
// or no lesson has one.
std::vector<Lesson> read_lessons(const std::filesystem::path& path);

// The exercises of all lessons, in their order.
std::vector<Exercise> all_exercises(const std::vector<Lesson>& lessons);

// Throws an Error that says which names there are.
const Exercise& exercise_named(const std::vector<Exercise>& exercises, const std::string& name);
const Lesson& lesson_numbered(const std::vector<Lesson>& lessons, int number);

// The files that have exercises in them, each once, in the order of their first exercises.
std::vector<std::string> exercise_files(const std::vector<Exercise>& exercises);

// The folder of the first lesson that has an exercise in the file: there lies its stub.
std::string stub_folder(const std::vector<Lesson>& lessons, const std::string& file);

} // namespace whirlygig
