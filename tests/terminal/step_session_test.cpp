#include "terminal/step_session.h"

#include "support/error_sentence.h"
#include "support/traced_example.h"
#include "terminal/stage_finder.h"
#include "terminal/text_layout.h"

#include <gtest/gtest.h>

#include <sstream>

using namespace whirlygig;
using support::TracedExample;

namespace {

std::string session(const TracedExample& traced, const std::string& typed) {
    std::istringstream input(typed);
    std::ostringstream output;
    step_through(input, output, traced.text, {});
    return output.str();
}

// The names of the stages that were shown, in order.
std::vector<std::string> shown(const std::string& output) {
    std::vector<std::string> names;
    for (const std::string& line : support::lines_of(output)) {
        const std::size_t of = line.find(": ");
        if (line.starts_with("Stage ") && of != line.npos) names.push_back(line.substr(of + 2));
    }
    return names;
}

using Names = std::vector<std::string>;

} // namespace

TEST(StepSession, ReadsCells) {
    CellPlace cell;
    for (const char* words : {"3,1", " 3 , 1 ", "3 1", "(3, 1)", "3,1\r"}) {
        cell = {};
        ASSERT_TRUE(parse_cell(words, cell)) << words;
        EXPECT_EQ(cell.row, 3u);
        EXPECT_EQ(cell.column, 1u);
    }
    for (const char* words : {"", "3", "3,", ",1", "-3,1", "3,1,2", "3;1", "a,b", "31", "(3,1",
                              "99999999999999999999999,1", "()"})
        EXPECT_FALSE(parse_cell(words, cell)) << words;
}

TEST(StepSession, GoesForwardAndBack) {
    const TracedExample traced;
    EXPECT_EQ(shown(session(traced, "")), Names{"embedding.tokens"});
    EXPECT_EQ(
        shown(session(traced, "\n\nb\nq\n\n\n")),
        (Names{"embedding.tokens", "embedding.positions", "embedding.sum", "embedding.positions"}));
}

TEST(StepSession, GoesToNumbersAndNames) {
    const TracedExample traced;
    EXPECT_EQ(shown(session(traced, "3\nscores\nscores\ngradient.logits\n")),
              (Names{"embedding.tokens", "embedding.sum", "block.0.head.0.scores",
                     "block.0.head.1.scores", "gradient.logits"}));
}

TEST(StepSession, StaysAtTheEnds) {
    const TracedExample traced("the blue fluffy", Passes::forward);
    expect_contains(session(traced, "b\n"), "This is the first stage");
    const std::string output = session(traced, "loss\n\nb\n");
    expect_contains(output, "This is the last stage");
    expect_contains(output, "--backward");
    EXPECT_EQ(shown(output).back(), "probabilities");
}

TEST(StepSession, ExplainsACell) {
    const TracedExample traced;
    expect_contains(session(traced, "scores\n3,1\n"),
                    "How well the query of place 3 (creature) matches the key of place 1 (blue).");
}

TEST(StepSession, AnswersWhatItDoesNotUnderstandWithASentence) {
    const TracedExample traced;
    const std::string output =
        session(traced, "scroes\n9,99\n\xFF\xFE\n\x1b[A\n99999999999999999999\n3\n");
    expect_contains(output, "there is no stage \"scroes\"");
    expect_contains(output, "has no cell (9, 99)");
    EXPECT_EQ(output.find('\x1b'), std::string::npos);
    EXPECT_EQ(shown(output).back(), "embedding.sum"); // and it went on
}

TEST(StepSession, HelpsAndLists) {
    const TracedExample traced;
    expect_contains(session(traced, "h\n"), "3,1      the arithmetic of the cell");
    expect_contains(session(traced, "l\n"), "gradient.block.1.head.2.scores");
}

TEST(StepSession, WritesEveryStageOnceInOrder) {
    const TracedExample traced;
    std::ostringstream output;
    write_all_stages(output, traced.text, {.amount = Amount::most});
    Names names;
    for (const Stage* stage : stages_in_order(*traced.trace))
        names.push_back(stage->name);
    EXPECT_EQ(shown(output.str()), names);
    EXPECT_EQ(output.str().find('\x1b'), std::string::npos);
    for (const std::string& line : support::lines_of(output.str()))
        EXPECT_LE(columns_of(line), 80u) << line;
}
