// The sentence of the Error that an action throws.
#pragma once

#include "error.h"

#include <gtest/gtest.h>

#include <string>

// Fails the test when the action throws nothing; any other exception goes on to GoogleTest.
template <class Action>
std::string error_sentence(Action action) {
    try {
        action();
    } catch (const whirlygig::Error& error) {
        return error.what();
    }
    ADD_FAILURE() << "no Error was thrown";
    return {};
}

inline void expect_contains(const std::string& sentence, const std::string& part) {
    EXPECT_NE(sentence.find(part), std::string::npos)
        << "the sentence: " << sentence << "\nlacks:        " << part;
}
