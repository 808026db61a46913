#include "report.h"

#include <nlohmann/json.hpp>

#include <fstream>

namespace whirlygig {

namespace {

using nlohmann::json;

ExerciseBody read_body(const json& event) {
    return {event.at("exercise"), event.at("lesson"), event.at("learners"),
            event.at("file"),     event.at("line"),   event.at("hash")};
}

TestResult result_named(const std::string& name) {
    if (name == "passed") return TestResult::passed;
    return name == "skipped" ? TestResult::skipped : TestResult::failed;
}

void take_in(CheckReport& report, const json& event) {
    const std::string kind = event.at("event");
    if (kind == "body") {
        report.bodies.push_back(read_body(event));
    } else if (kind == "start") {
        report.tests.push_back({event.at("test"), TestResult::unfinished, {}});
    } else if (kind == "end") {
        report.complete = true;
        report.disabled = event.at("disabled");
    } else if (report.tests.empty()) {
        return; // what is outside of all tests fails them, too, by the program's status
    } else if (kind == "failure") {
        report.tests.back().failures.push_back(event.at("message"));
    } else if (kind == "result") {
        report.tests.back().result = result_named(event.at("result"));
    }
}

} // namespace

CheckReport read_report(const std::filesystem::path& path) {
    CheckReport report;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        try {
            take_in(report, json::parse(line));
        } catch (const json::exception&) {
            break; // the line broke off
        }
    }
    return report;
}

} // namespace whirlygig
