#include "progress.h"

#include "error.h"
#include "files/file.h"
#include "files/json_file.h"

namespace whirlygig {

namespace {

constexpr std::uint64_t largest_progress = 1 << 20;

bool flag_at(const nlohmann::json& value, const std::string& what, const std::string& key) {
    if (!value.contains(key) || !value.at(key).is_boolean())
        fail("{} does not say whether it is {}", what, key);
    return value.at(key).get<bool>();
}

Progress from_json(const nlohmann::json& json) {
    check_keys(json, "the file", {"exercises"});
    if (!json.contains("exercises") || !json.at("exercises").is_object())
        fail("it has no \"exercises\"");
    Progress progress;
    for (const auto& [name, value] : json.at("exercises").items()) {
        check_keys(value, name, {"passed", "skipped", "hints"});
        progress.exercises[name] = {
            .passed = text_at(value, name, "passed"),
            .skipped = flag_at(value, name, "skipped"),
            .hints = static_cast<int>(whole_number_at(value, name, "hints", 0, 1000))};
    }
    return progress;
}

} // namespace

bool Progress::passed(const std::string& exercise) const {
    const auto found = exercises.find(exercise);
    return found != exercises.end() && !found->second.passed.empty();
}

bool Progress::skipped(const std::string& exercise) const {
    const auto found = exercises.find(exercise);
    return found != exercises.end() && found->second.skipped;
}

Progress read_progress(const std::filesystem::path& path) {
    std::error_code unreadable;
    if (!std::filesystem::exists(path, unreadable) && !unreadable) return {};
    try {
        return from_json(read_json(path, largest_progress));
    } catch (const Error& error) {
        fail("{} is broken ({}). Your code is not touched by that. Delete the file, then "
             "lessons/learn check EXERCISE marks what you wrote as passed again",
             path.string(), error.what());
    }
}

void write_progress(const std::filesystem::path& path, const Progress& progress) {
    nlohmann::ordered_json list = nlohmann::ordered_json::object();
    for (const auto& [name, exercise] : progress.exercises)
        list[name] = {
            {"passed", exercise.passed}, {"skipped", exercise.skipped}, {"hints", exercise.hints}};
    nlohmann::ordered_json json;
    json["exercises"] = list;
    write_file(path, json.dump(2) + "\n");
}

} // namespace whirlygig
