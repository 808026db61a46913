#include "check.h"

#include "balance.h"
#include "compiler_words.h"
#include "error.h"
#include "folder_lock.h"

#include <algorithm>

namespace whirlygig {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds longest_check{10};

// The learner's code may go wild: sanitizers watch it, and memory and time have a limit. Nothing in
// the environment may change which tests run.
Command check_command(const Places& places, const Exercise& exercise, const fs::path& report) {
    return {.words = {(places.checks / check_target(exercise)).string(),
                      "--report=" + report.string(), "--gtest_filter=" + exercise.filter},
            .folder = places.checks,
            .environment = {{"ASAN_OPTIONS", "handle_abort=1:detect_leaks=0:hard_rss_limit_mb=1500:"
                                             "max_allocation_size_mb=1000:"
                                             "detect_stack_use_after_return=1:"
                                             "allocator_may_return_null=0"},
                            {"UBSAN_OPTIONS", "print_stacktrace=1"},
                            {"GTEST_FILTER", ""},
                            {"GTEST_TOTAL_SHARDS", ""},
                            {"GTEST_SHARD_INDEX", ""},
                            {"GTEST_SHARD_STATUS_FILE", ""},
                            {"GTEST_ALSO_RUN_DISABLED_TESTS", ""},
                            {"GTEST_REPEAT", ""},
                            {"GTEST_SHUFFLE", ""},
                            {"GTEST_CATCH_EXCEPTIONS", ""},
                            {"GTEST_THROW_ON_FAILURE", ""},
                            {"GTEST_BREAK_ON_FAILURE", ""},
                            {"GTEST_FAIL_FAST", ""},
                            {"GTEST_OUTPUT", ""}},
            .limit = longest_check};
}

// What the learner's files lack, or nothing when they are composed. `hashes`: of the checked
// bodies, in their order.
std::string compose_all(const Places& places, const std::vector<Exercise>& exercises,
                        const std::vector<Exercise>& checked, const std::set<std::string>& taken,
                        std::vector<std::string>& hashes) {
    try {
        for (const Exercise& exercise : checked) {
            const ExerciseFile mine = read_mine(places, exercise.file, exercises);
            if (const auto imbalance = find_imbalance(mine, exercise.name))
                return fmt::format("{}:{}: {}\n", mine.name, imbalance->line + 1,
                                   imbalance->sentence);
            hashes.push_back(body_hash(mine, exercise.name));
        }
        write_composition(places, checks_build(places), exercises, taken);
        return {};
    } catch (const Error& error) {
        return std::string(error.what()) + "\n";
    }
}

// A warning about another exercise was seen when that one was checked: what matters stands in the
// body of a checked one or outside of all bodies.
bool concerns(const NamedLine& line, const Places& places, const std::vector<Exercise>& exercises,
              const std::vector<Exercise>& checked) {
    const auto in_this_file = [&](const Exercise& exercise) {
        return places.mine(exercise.file) == line.path;
    };
    const auto one = std::find_if(exercises.begin(), exercises.end(), in_this_file);
    if (one == exercises.end()) return true;
    for (const MarkedBody& body : read_mine(places, one->file, exercises).bodies) {
        if (line.line <= body.first || line.line > body.last) continue;
        return std::any_of(checked.begin(), checked.end(), [&](const Exercise& exercise) {
            return exercise.name == body.exercise;
        });
    }
    return true;
}

Verdict run_and_judge(const Places& places, const Exercise& exercise, const std::string& hash) {
    const fs::path report = places.checks / "report.jsonl";
    fs::remove(report);
    const Outcome outcome = run(check_command(places, exercise, report));
    return judge(exercise, hash, read_report(report), outcome, places);
}

} // namespace

Outcome build_check(const Places& places, const std::vector<Exercise>& exercises,
                    const Exercise& exercise, const std::set<std::string>& taken) {
    const FolderLock lock(places.checks);
    write_composition(places, checks_build(places), exercises, taken);
    return build_targets(places, checks_build(places), {check_target(exercise)});
}

bool check_is_built(const Places& places, const Exercise& exercise) {
    std::error_code ignored;
    return fs::exists(places.checks / check_target(exercise), ignored);
}

Verdict check_exercise(const Places& places, const std::vector<Exercise>& exercises,
                       const Exercise& exercise, const std::set<std::string>& taken) {
    return check_together(places, exercises, {exercise}, taken);
}

Verdict check_together(const Places& places, const std::vector<Exercise>& exercises,
                       const std::vector<Exercise>& checked, const std::set<std::string>& taken) {
    const FolderLock lock(places.checks);
    std::vector<std::string> hashes;
    const std::string complaint = compose_all(places, exercises, checked, taken, hashes);
    if (!complaint.empty()) return {false, complaint};
    std::set<std::string> targets;
    for (const Exercise& exercise : checked)
        targets.insert(check_target(exercise));
    const Outcome built = build_targets(places, checks_build(places), targets);
    if (built.missing) return {false, "There is no cmake here: .ci/install build installs it.\n"};
    if (!built.good()) return {false, compiler_words(built.output, places)};
    const std::string warning = warning_words(built.output, places, [&](const NamedLine& line) {
        return concerns(line, places, exercises, checked);
    });
    std::string words = warning.empty() ? "" : "A warning:\n" + warning + "\n";
    for (std::size_t index = 0; index < checked.size(); ++index) {
        const Verdict verdict = run_and_judge(places, checked[index], hashes[index]);
        if (!verdict.passed) return {false, words + verdict.words};
        words += verdict.words;
    }
    return {true, words};
}

} // namespace whirlygig
