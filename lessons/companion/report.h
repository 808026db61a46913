// What a check program writes down while it runs: whose bodies are in it, and each test. A line
// for each event, so that what happened before a crash is known.
#pragma once

#include "composition.h"

#include <filesystem>
#include <string>
#include <vector>

namespace whirlygig {

enum class TestResult { unfinished, passed, failed, skipped };

struct TestReport {
    std::string name; // AttentionScores.CompareEveryQueryWithEveryKey
    TestResult result = TestResult::unfinished;
    std::vector<std::string> failures; // the messages
};

struct CheckReport {
    std::vector<ExerciseBody> bodies;
    std::vector<TestReport> tests;
    int disabled = 0;      // tests that the filter asks for and that are disabled
    bool complete = false; // the program came to its end
};

// A report that is missing or breaks off gives what there is.
CheckReport read_report(const std::filesystem::path& path);

} // namespace whirlygig
