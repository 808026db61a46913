#include "verdict.h"

#include "support/error_sentence.h"

#include <gtest/gtest.h>

#include <csignal>

using namespace whirlygig;

namespace {

const Exercise scores{"attention_scores",  3, "attention.cpp", "attention_test.cpp",
                      "AttentionScores.*", 20};
const Places places{"/project", "/project/my", "/project/build/checks", "/project/build/my"};

// A report in which everything is as it should be.
CheckReport good_report() {
    return {.bodies = {{"attention_scores", 3, true, "my/attention.cpp", 14, "hash"}},
            .tests = {{"AttentionScores.One", TestResult::passed, {}},
                      {"AttentionScores.Two", TestResult::passed, {}}},
            .disabled = 0,
            .complete = true};
}

// Expects that this is no pass, and gives the words.
std::string failure(const CheckReport& report, const Outcome& outcome = {}) {
    const Verdict verdict = judge(scores, "hash", report, outcome, places);
    EXPECT_FALSE(verdict.passed);
    return verdict.words;
}

} // namespace

TEST(Verdict, PassesWhenEverythingIsAsItShouldBe) {
    const Verdict verdict = judge(scores, "hash", good_report(), {}, places);
    EXPECT_TRUE(verdict.passed);
    EXPECT_EQ(verdict.words, "attention_scores passed: 2 tests.\n");
}

TEST(Verdict, TheLearnersBodyMustBeInTheProgram) {
    CheckReport report = good_report();
    report.bodies[0].hash = "other";
    expect_contains(failure(report), "an older attention_scores in it than your file");
    report = good_report();
    report.bodies[0].learners = false;
    expect_contains(failure(report),
                    "was not in the program that was checked, but the one of src/");
    report = good_report();
    report.bodies.clear();
    expect_contains(failure(report), "your attention_scores was not in the program");
}

TEST(Verdict, NoTestASkippedOneAndADisabledOneAreNoPass) {
    CheckReport report = good_report();
    report.tests.clear();
    expect_contains(failure(report), "This is no pass: no test ran");
    report = good_report();
    report.tests[1].result = TestResult::skipped;
    expect_contains(failure(report), "This is no pass: AttentionScores.Two was skipped");
    report = good_report();
    report.disabled = 1;
    expect_contains(failure(report), "1 of the tests of attention_scores are disabled");
}

TEST(Verdict, TheFirstFailureIsShownAndAllAreCounted) {
    CheckReport report = good_report();
    report.tests = {
        {"AttentionScores.One", TestResult::passed, {}},
        {"AttentionScores.Two", TestResult::failed, {"Failed\nexpected 1\ngot 2", "more"}},
        {"AttentionScores.Three", TestResult::failed, {"another"}}};
    EXPECT_EQ(failure(report, {.status = 1}),
              "AttentionScores.Two\nexpected 1\ngot 2\n2 of 3 tests failed.\n");
}

TEST(Verdict, AFailureThatNamesTheMistakeIsShownBeforeOthers) {
    CheckReport report = good_report();
    report.tests = {{"AttentionScores.One", TestResult::failed, {"Failed\nexpected 1\ngot 2"}},
                    {"AttentionScores.Two",
                     TestResult::failed,
                     {"Failed\nA known mistake gives exactly this:\n  Turned.\n"}}};
    EXPECT_EQ(failure(report, {.status = 1}),
              "AttentionScores.Two\nA known mistake gives exactly this:\n  Turned.\n"
              "2 of 2 tests failed.\n");
}

TEST(Verdict, AStubIsStillToBeWritten) {
    CheckReport report = good_report();
    report.tests[0].result = TestResult::failed;
    report.tests[0].failures = {"C++ exception with description \"attention_scores is not written "
                                "yet: it is an exercise\" thrown in the test body."};
    expect_contains(failure(report, {.status = 1}),
                    "attention_scores is not written yet (NotWrittenYet): replace line 14 of "
                    "my/attention.cpp");
}

TEST(Verdict, AProgramThatDoesNotComeToItsEndIsNoPass) {
    CheckReport report = good_report();
    report.complete = false;
    expect_contains(failure(report, {.status = 0}),
                    "ended in the middle of the tests of attention_scores: does the code call "
                    "exit?");
    expect_contains(failure(report, {.signal = SIGABRT, .timed_out = true}),
                    "Endless loop in attention_scores?");
    expect_contains(failure(report, {.signal = SIGSEGV}),
                    "attention_scores crashed: it used an address that is not its own");
    const std::string words = failure(
        report, {.signal = SIGABRT,
                 .output = "Check failed in file storage.hpp at line 7:\nERROR: AddressSanitizer: "
                           "ABRT\n  #1 0x12 in f /usr/x.h:3\n  #2 0x34 in attention_scores "
                           "/project/my/attention.cpp:17\n"});
    expect_contains(words, "an index is outside of its matrix");
    expect_contains(words, "\nmy/attention.cpp:17\n");
}

TEST(Verdict, FailingAfterTheLastTestIsNoPass) {
    expect_contains(failure(good_report(), {.status = 1}), "All tests passed, but then:");
}
