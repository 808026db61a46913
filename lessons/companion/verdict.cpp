#include "verdict.h"

#include "crash_words.h"
#include "error.h"
#include "learner_line.h"

#include <algorithm>
#include <optional>

namespace whirlygig {

namespace {

// Why the program that ran says nothing about the learner's body, if so.
std::optional<std::string> wrong_body(const Exercise& exercise, const std::string& hash,
                                      const CheckReport& report) {
    for (const ExerciseBody& body : report.bodies) {
        if (body.exercise != exercise.name) continue;
        if (!body.learners)
            return fmt::format("your {} was not in the program that was checked, but the one of "
                               "src/",
                               exercise.name);
        if (body.hash != hash)
            return fmt::format("the program that was checked has an older {} in it than your file",
                               exercise.name);
        return {};
    }
    return fmt::format("your {} was not in the program that was checked", exercise.name);
}

// The same with what may help.
std::string not_judged(const std::string& reason) {
    return fmt::format("Nothing was judged: {}.\nDelete the folder build/checks and try again.\n",
                       reason);
}

// GoogleTest's frame around a message or an exception, taken off.
std::string message_of(const TestReport& test) {
    if (test.failures.empty()) return "";
    const std::string& whole = test.failures.front();
    const std::string frame = "Failed\n";
    std::string message = whole.starts_with(frame) ? whole.substr(frame.size()) : whole;
    const std::string before = "C++ exception with description \"", after = "\" thrown in";
    const std::size_t start = message.find(before), end = message.rfind(after);
    if (start != 0 || end == std::string::npos) return message;
    const std::string what = message.substr(before.size(), end - before.size());
    if (what == "std::bad_alloc") return "it asks for more memory than there is: is a size right?";
    return "it threw: " + what;
}

bool is_not_written(const Exercise& exercise, const TestReport& test) {
    return std::any_of(test.failures.begin(), test.failures.end(), [&](const std::string& message) {
        return message.find(exercise.name + " is not written yet") != std::string::npos;
    });
}

std::string not_written(const Exercise& exercise, const CheckReport& report) {
    const auto body =
        std::find_if(report.bodies.begin(), report.bodies.end(),
                     [&](const ExerciseBody& one) { return one.exercise == exercise.name; });
    return fmt::format("{} is not written yet (NotWrittenYet): replace line {} of {} by its "
                       "code.\n",
                       exercise.name, body->line, body->file);
}

// What the learner's own code printed, the first lines of it.
std::string printed(const std::string& output) {
    constexpr std::size_t most = 1500;
    if (output.empty()) return "";
    const std::size_t end = output.size() <= most ? most : output.find('\n', most);
    return fmt::format("It printed:\n{}{}\n", output.substr(0, end),
                       end < output.size() ? "\n..." : "");
}

// Does it say what was done wrong, as tests/support/teach.h does, and not only that it is wrong?
bool names_the_mistake(const TestReport* test) {
    return message_of(*test).find("A known mistake gives exactly this") != std::string::npos;
}

std::string failure_words(const Exercise& exercise, const CheckReport& report,
                          const Outcome& outcome) {
    std::vector<const TestReport*> failed;
    for (const TestReport& test : report.tests) {
        if (test.result != TestResult::passed) failed.push_back(&test);
    }
    if (is_not_written(exercise, *failed.front())) return not_written(exercise, report);
    const auto telling = std::find_if(failed.begin(), failed.end(), names_the_mistake);
    const TestReport& shown = telling == failed.end() ? *failed.front() : **telling;
    std::string message = message_of(shown);
    if (message.empty() || message.back() != '\n') message += '\n';
    return fmt::format("{}{}\n{}{} of {} tests failed.\n", printed(outcome.output), shown.name,
                       message, failed.size(), report.tests.size());
}

// How the program ended before its time.
std::optional<std::string> early_end(const Exercise& exercise, const CheckReport& report,
                                     const Outcome& outcome, const Places& places) {
    if (outcome.timed_out) {
        const auto line = first_learner_line(outcome.output, places);
        return fmt::format("Endless loop in {}? It was stopped after 10 seconds.\n{}",
                           exercise.name, line ? show_line(*line, places) : "");
    }
    if (report.complete) return {};
    const bool quietly = outcome.signal == 0 &&
                         outcome.output.find("ERROR:") == std::string::npos &&
                         outcome.output.find("runtime error") == std::string::npos &&
                         outcome.output.find("exhausted") == std::string::npos;
    if (quietly)
        return fmt::format("The program ended in the middle of the tests of {}: does the code call "
                           "exit?\n",
                           exercise.name);
    return fmt::format("{} crashed: {}For a hint: lessons/learn hint {}\n", exercise.name,
                       crash_words(outcome, places), exercise.name);
}

std::optional<std::string> tests_left_out(const Exercise& exercise, const CheckReport& report) {
    if (report.disabled > 0)
        return fmt::format("{} of the tests of {} are disabled", report.disabled, exercise.name);
    for (const TestReport& test : report.tests) {
        if (test.result == TestResult::skipped) return fmt::format("{} was skipped", test.name);
    }
    if (report.tests.empty())
        return fmt::format("no test ran: tests/{} has none that matches {}", exercise.tests,
                           exercise.filter);
    return {};
}

} // namespace

Verdict judge(const Exercise& exercise, const std::string& hash, const CheckReport& report,
              const Outcome& outcome, const Places& places) {
    if (outcome.missing && report.bodies.empty())
        return {false, not_judged("the program that checks can't be started")};
    if (const auto wrong = wrong_body(exercise, hash, report)) return {false, not_judged(*wrong)};
    if (const auto end = early_end(exercise, report, outcome, places)) return {false, *end};
    const bool all_passed =
        std::all_of(report.tests.begin(), report.tests.end(),
                    [](const TestReport& test) { return test.result == TestResult::passed; });
    if (const auto left_out = tests_left_out(exercise, report))
        return {false, fmt::format("This is no pass: {}.\n", *left_out)};
    if (!all_passed) return {false, failure_words(exercise, report, outcome)};
    if (!outcome.good())
        return {false, fmt::format("All tests passed, but then: {}", crash_words(outcome, places))};
    return {true, fmt::format("{} passed: {} {}.\n", exercise.name, report.tests.size(),
                              report.tests.size() == 1 ? "test" : "tests")};
}

} // namespace whirlygig
