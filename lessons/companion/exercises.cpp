#include "exercises.h"

#include "error.h"
#include "files/json_file.h"

#include <algorithm>
#include <set>

namespace whirlygig {

namespace {

constexpr std::uint64_t largest_list = 1 << 20;

const nlohmann::json& list_at(const nlohmann::json& value, const std::string& what,
                              const std::string& key) {
    if (!value.contains(key) || !value.at(key).is_array()) fail("{} has no list \"{}\"", what, key);
    return value.at(key);
}

Exercise read_exercise(const nlohmann::json& value, int lesson) {
    const std::string what = fmt::format("an exercise of lesson {}", lesson);
    check_keys(value, what, {"name", "file", "tests", "filter", "minutes"});
    return {.name = text_at(value, what, "name"),
            .lesson = lesson,
            .file = text_at(value, what, "file"),
            .tests = text_at(value, what, "tests"),
            .filter = text_at(value, what, "filter"),
            .minutes = static_cast<int>(whole_number_at(value, what, "minutes", 1, 30))};
}

Lesson read_lesson(const nlohmann::json& value) {
    check_keys(value, "a lesson", {"lesson", "folder", "title", "exercises"});
    Lesson lesson{.number = static_cast<int>(whole_number_at(value, "a lesson", "lesson", 0, 99)),
                  .folder = text_at(value, "a lesson", "folder"),
                  .title = text_at(value, "a lesson", "title"),
                  .exercises = {}};
    for (const nlohmann::json& exercise : list_at(value, "a lesson", "exercises"))
        lesson.exercises.push_back(read_exercise(exercise, lesson.number));
    return lesson;
}

void check_names(const std::vector<Exercise>& exercises) {
    std::set<std::string> names;
    for (const Exercise& exercise : exercises) {
        if (!names.insert(exercise.name).second) fail("{} is in it twice", exercise.name);
    }
    if (names.empty()) fail("there is no exercise in it");
}

} // namespace

std::vector<Lesson> read_lessons(const std::filesystem::path& path) {
    const nlohmann::json list = read_json(path, largest_list);
    try {
        if (!list.is_array()) fail("it is {}, not a list of lessons", kind_of(list));
        std::vector<Lesson> lessons;
        for (const nlohmann::json& lesson : list)
            lessons.push_back(read_lesson(lesson));
        check_names(all_exercises(lessons));
        return lessons;
    } catch (const Error& error) {
        fail("{}: {}", path.string(), error.what());
    }
}

std::vector<Exercise> all_exercises(const std::vector<Lesson>& lessons) {
    std::vector<Exercise> exercises;
    for (const Lesson& lesson : lessons)
        exercises.insert(exercises.end(), lesson.exercises.begin(), lesson.exercises.end());
    return exercises;
}

const Exercise& exercise_named(const std::vector<Exercise>& exercises, const std::string& name) {
    for (const Exercise& exercise : exercises) {
        if (exercise.name == name) return exercise;
    }
    fail("there is no exercise {}; lessons/learn list shows them all", name);
}

const Lesson& lesson_numbered(const std::vector<Lesson>& lessons, int number) {
    for (const Lesson& lesson : lessons) {
        if (lesson.number == number) return lesson;
    }
    fail("there is no lesson {}; the last is lesson {}", number, lessons.back().number);
}

std::vector<std::string> exercise_files(const std::vector<Exercise>& exercises) {
    std::vector<std::string> files;
    for (const Exercise& exercise : exercises) {
        if (std::find(files.begin(), files.end(), exercise.file) == files.end())
            files.push_back(exercise.file);
    }
    return files;
}

std::string stub_folder(const std::vector<Lesson>& lessons, const std::string& file) {
    for (const Lesson& lesson : lessons) {
        for (const Exercise& exercise : lesson.exercises) {
            if (exercise.file == file) return lesson.folder;
        }
    }
    fail("no exercise is in {}", file);
}

} // namespace whirlygig
