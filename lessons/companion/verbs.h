// What lessons/learn can be told to do. Each verb returns the status that the program ends with and
// throws an Error for what it can't do.
#pragma once

#include "session.h"

#include <string>
#include <vector>

namespace whirlygig {

// start.cpp
int start(Session& session);             // puts the stubs into my/, never over a file; builds ahead
int write_stubs(const Session& session); // those in lessons/, from src/

// checking.cpp; an empty name is the next exercise
int check(Session& session, const std::string& name); // 0 when it passes
int check_all(const Session& session);                // all that passed before
int watch(Session& session, const std::string& name); // checks at every change until ctrl-C

// helping.cpp
int hint(Session& session, const std::string& name); // one level more at each call
int solution(Session& session, const std::string& name, bool anyway);
int example(const Places& places, int lesson); // the worked example of a lesson

// changing.cpp
int reset(Session& session, const std::string& name); // the body is that of the stub again
int skip(Session& session, const std::string& name);

// overview.cpp
int list(const Session& session);
int next(const Session& session);

// programs.cpp: the program with the learner's code in it
int train(const Session& session, const std::vector<std::string>& arguments);
// As "whirlygig generate": with the creatures' model that was trained last, or data/'s.
int write(const Session& session, const std::vector<std::string>& arguments);
int view(const Session& session, bool with_next, const std::vector<std::string>& arguments);

} // namespace whirlygig
