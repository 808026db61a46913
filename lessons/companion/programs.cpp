#include "build.h"
#include "compiler_words.h"
#include "error.h"
#include "folder_lock.h"
#include "process.h"
#include "verbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace whirlygig {

namespace fs = std::filesystem;

namespace {

// "name, name, ...", in lines that fit a terminal.
std::string in_lines(const std::vector<std::string>& names) {
    constexpr std::size_t widest = 78;
    std::string lines, line;
    for (const std::string& name : names) {
        if (line.size() + name.size() + 2 > widest) {
            lines += line + "\n";
            line.clear();
        }
        line += (line.empty() ? "  " : " ") + name;
    }
    return lines + line + "\n";
}

void show_whose(const Session& session, const std::set<std::string>& taken) {
    std::vector<std::string> yours, given;
    for (const Exercise& exercise : session.exercises)
        (taken.contains(exercise.name) ? yours : given).push_back(exercise.name);
    if (yours.empty()) {
        fmt::print("All of it is the code of src/: no exercise has passed yet.\n\n");
        return;
    }
    fmt::print("Your code:\n{}", in_lines(yours));
    if (!given.empty()) fmt::print("From src/:\n{}", in_lines(given));
    fmt::print("\n");
}

// Composes and builds a program with the bodies `taken`; false when that failed, with the reason
// printed.
bool build_program(const Session& session, const std::string& program,
                   const std::set<std::string>& taken) {
    const ComposedBuild build = programs_build(session.places);
    const FolderLock lock(build.folder);
    write_composition(session.places, build, session.exercises, taken);
    std::error_code ignored;
    if (!fs::exists(build.folder / program, ignored))
        fmt::print("Building {} with your code in it (a few minutes the first time) ...\n",
                   program);
    std::fflush(stdout);
    const Outcome outcome = build_targets(session.places, build, {program});
    if (outcome.good()) return true;
    if (outcome.output.find("unknown target") != std::string::npos)
        fail("the libraries of the viewer are missing; .ci/install viewer installs them");
    fmt::print("{}", compiler_words(outcome.output, session.places));
    return false;
}

// Runs it and says what ended it when that was no choice of its own.
int run_program(const Session& session, const std::string& program,
                std::vector<std::string> arguments) {
    std::fflush(stdout);
    arguments.insert(arguments.begin(), (session.places.programs / program).string());
    const Outcome outcome = run_in_the_open({.words = arguments, .folder = {}});
    if (outcome.signal != 0)
        fail("{} crashed (signal {}); lessons/learn list says which of your bodies have changed "
             "since they passed",
             program, outcome.signal);
    return outcome.status;
}

// A corpus of data/ by its name, or what stands at that path.
fs::path find_corpus(const Session& session, const std::string& name) {
    fs::path named = session.places.root / "data" / name;
    std::error_code ignored;
    if (fs::exists(named, ignored)) return named;
    if (fs::exists(name, ignored)) return name;
    fail("there is no corpus {}: give the name of a folder of data/ or the path of a text file",
         name);
}

} // namespace

int train(const Session& session, const std::vector<std::string>& arguments) {
    check_started(session);
    const bool named = !arguments.empty() && !arguments[0].starts_with("-");
    const fs::path corpus = find_corpus(session, named ? arguments[0] : "creatures");
    const std::set<std::string> taken = taken_exercises(session);
    if (!build_program(session, "whirlygig", taken)) return 1;
    show_whose(session, taken);
    const fs::path out = session.places.my / "trained" / corpus.stem();
    std::vector<std::string> words{"train", "--corpus", corpus.string(), "--out", out.string()};
    std::error_code ignored;
    const bool resumes =
        std::find(arguments.begin(), arguments.end(), "--resume") != arguments.end();
    if (fs::exists(out / "config.json", ignored) && !resumes) words.push_back("--force");
    words.insert(words.end(), arguments.begin() + (named ? 1 : 0), arguments.end());
    const int status = run_program(session, "whirlygig", words);
    if (status == 0) fmt::print("\n    lessons/learn view --model {}\n", session.places.shown(out));
    return status;
}

int write(const Session& session, const std::vector<std::string>& arguments) {
    check_started(session);
    const std::set<std::string> taken = taken_exercises(session);
    if (!build_program(session, "whirlygig", taken)) return 1;
    show_whose(session, taken);
    std::vector<std::string> words{"generate"};
    if (std::find(arguments.begin(), arguments.end(), "--model") == arguments.end()) {
        const fs::path trained = session.places.my / "trained" / "creatures";
        std::error_code ignored;
        const bool has_one = fs::exists(trained / "config.json", ignored);
        const fs::path given = session.places.root / "data" / "creatures" / "model";
        words.insert(words.end(), {"--model", (has_one ? trained : given).string()});
    }
    words.insert(words.end(), arguments.begin(), arguments.end());
    return run_program(session, "whirlygig", words);
}

int view(const Session& session, bool with_next, const std::vector<std::string>& arguments) {
    check_started(session);
    const auto next = next_exercise(session);
    const std::set<std::string> taken =
        taken_exercises(session, with_next && next ? next->name : "");
    if (!build_program(session, "whirlygig-viewer", taken)) return 1;
    show_whose(session, taken);
    return run_program(session, "whirlygig-viewer", arguments);
}

} // namespace whirlygig
