// Exercises that fill a record of several matrices: these are compared one after the other, in the
// order in which they are made, and a mistake is one that gives all of them.
#pragma once

#include "support/teach.h"

#include <map>
#include <string>
#include <vector>

namespace support {

using Record = std::map<std::string, Grid>; // what stands where

struct RecordMistake {
    std::string sentence;
    Record output;
};
using RecordMistakes = std::vector<RecordMistake>;

struct Part {
    std::string name; // as the learner writes it: activations.joined
    const whirlygig::Matrix& got;
};

inline void compare_record(Teacher& teacher, const std::string& given,
                           const std::vector<Part>& parts, const Record& expected,
                           const RecordMistakes& mistakes) {
    for (const Part& part : parts) {
        NumbersExample example{given + part.name + ":\n", expected.at(part.name), {}};
        for (const RecordMistake& mistake : mistakes)
            example.mistakes.push_back({mistake.sentence, mistake.output.at(part.name)});
        teacher.compare(example, to_grid(part.got));
    }
}

// The record, but with this in one place.
inline Record with(Record record, const std::string& name, const Grid& grid) {
    record.at(name) = grid;
    return record;
}

} // namespace support
