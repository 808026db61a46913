#include "check.h"

#include "balance.h"
#include "compiler_words.h"
#include "error.h"

#include <cstdlib>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace whirlygig {

namespace fs = std::filesystem;

namespace {

// Held while a folder with composed sources is written to and built from, so that two learn
// programs (a watch and a check) do not mix up theirs. The system gives it back in any case.
class FolderLock {
public:
    explicit FolderLock(const fs::path& folder) {
        fs::create_directories(folder);
        file = ::open((folder / "lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666);
        if (file >= 0) ::flock(file, LOCK_EX);
    }
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;
    ~FolderLock() {
        if (file >= 0) ::close(file);
    }

private:
    int file;
};

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

Verdict build_and_run(const Places& places, const Exercise& exercise, const std::string& hash) {
    const Outcome built = build_target(places, checks_build(places), check_target(exercise));
    if (built.missing) return {false, "There is no cmake here: .ci/install build installs it.\n"};
    if (!built.good()) return {false, compiler_words(built.output, places)};
    const fs::path report = places.checks / "report.jsonl";
    fs::remove(report);
    const Outcome outcome = run(check_command(places, exercise, report));
    Verdict verdict = judge(exercise, hash, read_report(report), outcome, places);
    const std::string warning = warning_words(built.output, places);
    if (!warning.empty()) verdict.words = "A warning:\n" + warning + "\n" + verdict.words;
    return verdict;
}

} // namespace

Verdict check_exercise(const Places& places, const std::vector<Exercise>& exercises,
                       const Exercise& exercise, const std::set<std::string>& taken) {
    const FolderLock lock(places.checks);
    std::string hash;
    try {
        const ExerciseFile mine = read_mine(places, exercise.file, exercises);
        if (const auto imbalance = find_imbalance(mine, exercise.name))
            return {false, fmt::format("{}:{}: {}\n", mine.name, imbalance->line + 1,
                                       imbalance->sentence)};
        hash = body_hash(mine, exercise.name);
        write_composition(places, checks_build(places), exercises, taken);
    } catch (const Error& error) {
        return {false, std::string(error.what()) + "\n"};
    }
    return build_and_run(places, exercise, hash);
}

} // namespace whirlygig
