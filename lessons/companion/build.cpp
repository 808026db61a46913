#include "build.h"

#include "compose.h"
#include "error.h"
#include "files/file.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <unistd.h>

namespace whirlygig {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t largest_source = 4 << 20;

// Compilers speak English, so that compiler_words understands them.
const std::vector<std::pair<std::string, std::string>> english{{"LC_ALL", "C"}};

void write_if_changed(const fs::path& path, const std::string& content) {
    std::error_code ignored;
    if (fs::exists(path, ignored) && read_file(path) == content) return;
    fs::create_directories(path.parent_path());
    write_file(path, content);
}

// The tools that find their way about sources (clangd, editors) ask this file how those in my/ are
// compiled; it goes by the folder that a source is in or one above it.
void write_compile_commands(const Places& places, const std::vector<Exercise>& exercises) {
    nlohmann::ordered_json commands = nlohmann::ordered_json::array();
    for (const std::string& file : exercise_files(exercises)) {
        const fs::path path = places.mine(file);
        commands.push_back(
            {{"directory", places.my.string()},
             {"file", path.string()},
             {"arguments",
              {"c++", "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Wno-unused-parameter",
               "-DWHIRLYGIG_REAL=float", "-DBOOST_UBLAS_TYPE_CHECK=0", "-I",
               (places.root / "src").string(), "-c", path.string()}}});
    }
    write_if_changed(places.my / "compile_commands.json", commands.dump(2) + "\n");
}

// Shows "[12/80]", the step that a build is at, over and over in the same line of the terminal.
void show_step(std::string_view output) {
    const std::size_t start = output.rfind("\n[");
    const std::size_t end = output.find(']', start == std::string_view::npos ? 0 : start);
    if (start == std::string_view::npos || end == std::string_view::npos) return;
    fmt::print("\rBuilding {} ", output.substr(start + 1, end - start));
    std::fflush(stdout);
}

Outcome run_build(const Places& places, const ComposedBuild& build,
                  const std::set<std::string>& targets) {
    const bool on_screen = ::isatty(STDOUT_FILENO) == 1;
    Command command{.words = {"cmake", "--build", build.folder.string(), "--target"},
                    .folder = places.root,
                    .environment = english};
    command.words.insert(command.words.end(), targets.begin(), targets.end());
    if (on_screen) command.listener = show_step;
    Outcome outcome = run(command);
    if (on_screen) fmt::print("\r                    \r");
    return outcome;
}

// What an earlier build left behind is in the way when the folder was moved.
Outcome configure(const Places& places, const ComposedBuild& build) {
    const Command command{.words = {"cmake", "--preset", build.preset},
                          .folder = places.root,
                          .environment = english};
    Outcome outcome = run(command);
    if (outcome.good() || !fs::exists(build.folder / "CMakeCache.txt")) return outcome;
    fs::remove(build.folder / "CMakeCache.txt");
    fs::remove_all(build.folder / "CMakeFiles");
    return run(command);
}

bool configured(const Places& places, const ComposedBuild& build) {
    std::error_code ignored;
    if (!fs::exists(build.folder / "build.ninja", ignored)) return false;
    // The folder was moved if the cache is of another place.
    const std::string cache = read_file(build.folder / "CMakeCache.txt");
    return cache.find("CMAKE_HOME_DIRECTORY:INTERNAL=" + places.root.string() + "\n") !=
           std::string::npos;
}

} // namespace

ComposedBuild checks_build(const Places& places) {
    return {places.checks, "checks"};
}

ComposedBuild programs_build(const Places& places) {
    return {places.programs, "my"};
}

ExerciseFile read_mine(const Places& places, const std::string& file,
                       const std::vector<Exercise>& exercises) {
    const fs::path path = places.mine(file);
    const std::string shown = places.shown(path);
    std::error_code ignored;
    if (!fs::exists(path, ignored) && !ignored)
        fail("{} is missing; lessons/learn start puts a fresh one there", shown);
    ExerciseFile parsed = parse_exercise_file(shown, read_file(path, largest_source));
    check_markers(parsed, file, exercises);
    return parsed;
}

ExerciseFile read_reference(const Places& places, const std::string& file,
                            const std::vector<Exercise>& exercises) {
    ExerciseFile parsed =
        parse_exercise_file("src/" + file, read_file(places.source(file), largest_source));
    check_markers(parsed, file, exercises);
    return parsed;
}

void write_composition(const Places& places, const ComposedBuild& build,
                       const std::vector<Exercise>& exercises, const std::set<std::string>& taken) {
    const fs::path folder = build.folder / "composed";
    for (const std::string& file : exercise_files(exercises)) {
        const ExerciseFile mine = read_mine(places, file, exercises);
        const ComposedPaths paths{.learners = places.mine(file).string(),
                                  .reference = places.source(file).string(),
                                  .shown_learners = mine.name,
                                  .shown_reference = "src/" + file};
        write_if_changed(folder / file,
                         compose(mine, read_reference(places, file, exercises), taken, paths));
    }
    write_if_changed(folder / "composition.cpp", composition_source(exercises));
    write_compile_commands(places, exercises);
}

Outcome build_targets(const Places& places, const ComposedBuild& build,
                      const std::set<std::string>& targets) {
    if (!configured(places, build)) {
        Outcome outcome = configure(places, build);
        if (!outcome.good()) return outcome;
    }
    Outcome outcome = run_build(places, build, targets);
    // A target may be left out as long as its libraries are missing; they may be there by now.
    if (outcome.output.find("unknown target") != std::string::npos &&
        configure(places, build).good())
        outcome = run_build(places, build, targets);
    return outcome;
}

std::string check_target(const Exercise& exercise) {
    return "check_" + fs::path(exercise.tests).stem().string();
}

} // namespace whirlygig
