// The main of the check programs: GoogleTest, but what happens goes to a report (report.h) and only
// what the learner's code prints is seen.  check_attention --report=FILE --gtest_filter=...
#include "composition.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iostream>
#include <string>

namespace {

using nlohmann::json;

class Reporter : public testing::EmptyTestEventListener {
public:
    explicit Reporter(const std::string& path)
        : file(path, std::ios::trunc) {}

    // At once, so that it is there when the program crashes.
    void write(const json& event) {
        file << event.dump(-1, ' ', true, json::error_handler_t::replace) << std::endl;
    }

    void OnTestProgramStart(const testing::UnitTest&) override {
        for (const whirlygig::ExerciseBody& body : whirlygig::exercise_bodies())
            write({{"event", "body"},
                   {"exercise", body.exercise},
                   {"lesson", body.lesson},
                   {"learners", body.learners},
                   {"file", body.file},
                   {"line", body.line},
                   {"hash", body.hash}});
    }

    void OnTestStart(const testing::TestInfo& test) override {
        write({{"event", "start"},
               {"test", std::string(test.test_suite_name()) + "." + test.name()}});
    }

    void OnTestPartResult(const testing::TestPartResult& part) override {
        if (part.failed()) write({{"event", "failure"}, {"message", part.message()}});
    }

    void OnTestEnd(const testing::TestInfo& test) override {
        const testing::TestResult& result = *test.result();
        write({{"event", "result"},
               {"result", result.Failed()    ? "failed"
                          : result.Skipped() ? "skipped"
                                             : "passed"}});
    }

    void OnTestProgramEnd(const testing::UnitTest& program) override {
        write({{"event", "end"}, {"disabled", program.reportable_disabled_test_count()}});
    }

private:
    std::ofstream file;
};

} // namespace

// For tests/lessons/run, which proves that tests like these are never taken for a pass. No
// exercise's filter asks for them.
TEST(CheckProgram, DISABLED_IsDisabled) {}

TEST(CheckProgram, IsSkipped) {
    GTEST_SKIP();
}

int main(int count, char** arguments) {
    testing::InitGoogleTest(&count, arguments);
    const std::string option = "--report=";
    if (count != 2 || !std::string(arguments[1]).starts_with(option)) {
        std::cerr << "usage: " << arguments[0] << " --report=FILE --gtest_filter=FILTER\n";
        return 2;
    }
    testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new Reporter(std::string(arguments[1]).substr(option.size())));
    return RUN_ALL_TESTS();
}
