// learn: the companion of the lessons. lessons/learn installs and builds what it needs and starts
// it.
#include "error.h"
#include "verbs.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <exception>

namespace {

using whirlygig::Session;

// What stands behind the verb.
struct Words {
    std::string exercise;
    int lesson = 0;
    bool all = false, anyway = false, with_next = false;
    std::vector<std::string> passed_on;
};

void add_exercise(CLI::App* verb, Words& words, bool required = false) {
    verb->add_option("EXERCISE", words.exercise, "its name; without one, the next exercise")
        ->required(required);
}

void add_verbs(CLI::App& program, Words& words) {
    program.add_subcommand("start", "Put the files to write into my/, and build ahead");
    auto* check = program.add_subcommand("check", "Build and test what you wrote");
    add_exercise(check, words);
    check->add_flag("--all", words.all, "all exercises that passed before");
    add_exercise(program.add_subcommand("watch", "Check at every change, until ctrl-C"), words);
    add_exercise(program.add_subcommand("hint", "A hint; each time one that says more"), words);
    auto* solution = program.add_subcommand("solution", "How src/ does it");
    add_exercise(solution, words);
    solution->add_flag("--anyway", words.anyway, "also before you passed");
    add_exercise(program.add_subcommand("reset", "Start an exercise afresh"), words, true);
    add_exercise(program.add_subcommand("skip", "Go on with the next exercise"), words);
    program.add_subcommand("list", "All exercises, how they stand and whose each function is");
    program.add_subcommand("next", "What to do next");
    program.add_subcommand("train", "Train a model with your code: train [CORPUS] [OPTION]...")
        ->prefix_command();
    program.add_subcommand("write", "Let a model write with your code: write [OPTION]...")
        ->prefix_command();
    auto* view = program.add_subcommand("view", "Open the viewer with your code in it");
    view->add_flag("--try", words.with_next, "also with the body that you are working at");
    view->prefix_command();
    // For whoever changes an exercise of src/.
    program.add_subcommand("stubs", "Write the stubs in lessons/ anew")->group("");
    program.add_subcommand("example", "The worked example of a lesson")
        ->add_option("LESSON", words.lesson, "its number")
        ->required();
}

// --try may stand anywhere among the options that go to the viewer.
int view(const Session& session, const Words& words) {
    std::vector<std::string> passed_on = words.passed_on;
    const bool later = std::erase(passed_on, "--try") > 0;
    return whirlygig::view(session, words.with_next || later, passed_on);
}

int act(const std::string& verb, const Words& words) {
    const whirlygig::Places places = whirlygig::find_places(WHIRLYGIG_ROOT);
    if (verb == "example") return whirlygig::example(places, words.lesson);
    Session session = whirlygig::open_session(places);
    if (verb == "stubs") return whirlygig::write_stubs(session);
    if (verb == "start") return whirlygig::start(session);
    if (verb == "check" && words.all) return whirlygig::check_all(session);
    if (verb == "check") return whirlygig::check(session, words.exercise);
    if (verb == "watch") return whirlygig::watch(session, words.exercise);
    if (verb == "hint") return whirlygig::hint(session, words.exercise);
    if (verb == "solution") return whirlygig::solution(session, words.exercise, words.anyway);
    if (verb == "reset") return whirlygig::reset(session, words.exercise);
    if (verb == "skip") return whirlygig::skip(session, words.exercise);
    if (verb == "list") return whirlygig::list(session);
    if (verb == "train") return whirlygig::train(session, words.passed_on);
    if (verb == "write") return whirlygig::write(session, words.passed_on);
    if (verb == "view") return view(session, words);
    return whirlygig::next(session);
}

int run(int count, char** arguments) {
    CLI::App program{"The companion of the lessons"};
    program.failure_message(CLI::FailureMessage::simple);
    Words words;
    add_verbs(program, words);
    try {
        program.parse(count, arguments);
    } catch (const CLI::Success& help) {
        return program.exit(help);
    } catch (const CLI::ParseError& error) {
        whirlygig::fail("{}; lessons/learn --help lists what there is", error.what());
    }
    const auto verbs = program.get_subcommands();
    if (verbs.empty()) return act("next", words);
    words.passed_on = verbs[0]->remaining();
    return act(verbs[0]->get_name(), words);
}

} // namespace

int main(int count, char** arguments) {
    try {
        return run(count, arguments);
    } catch (const whirlygig::Error& error) {
        fmt::print(stderr, "learn: {}\n", error.what());
    } catch (const std::exception& error) {
        fmt::print(stderr, "learn: {}\n", error.what());
    }
    return 1;
}
