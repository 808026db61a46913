#include "terminal/stage_finder.h"

#include "support/error_sentence.h"
#include "support/traced_example.h"
#include "terminal/stage_table.h"
#include "terminal/text_layout.h"

#include <gtest/gtest.h>

#include <set>

using namespace whirlygig;
using support::TracedExample;

namespace {

const Stage& stage_at(const Trace& trace, std::size_t number) {
    return *stages_in_order(trace).at(number - 1);
}

} // namespace

TEST(StageFinder, CountsForwardAndThenBackwardStages) {
    const TracedExample example;
    const auto stages = stages_in_order(*example.trace);
    EXPECT_EQ(stages.front()->name, "embedding.tokens");
    EXPECT_EQ(stages.at(example.trace->forward_stages.size())->name, "gradient.loss");
    std::set<std::string> names;
    for (std::size_t number = 1; number <= stages.size(); ++number) {
        names.insert(stages[number - 1]->name);
        EXPECT_EQ(stage_number(*example.trace, stages[number - 1]->name), number);
        EXPECT_EQ(find_stage(*example.trace, stages[number - 1]->name), number);
    }
    EXPECT_EQ(names.size(), stages.size());
    EXPECT_EQ(stage_number(*example.trace, "embedding.token_table"), std::nullopt);
}

TEST(StageFinder, FindsByNumberNameAndEnd) {
    const TracedExample example;
    const Trace& trace = *example.trace;
    EXPECT_EQ(find_stage(trace, "7"), 7u);
    EXPECT_EQ(stage_at(trace, find_stage(trace, "positions")).name, "embedding.positions");
    EXPECT_EQ(stage_at(trace, find_stage(trace, " block 1 head 2 scores ")).name,
              "block.1.head.2.scores");
    EXPECT_EQ(stage_at(trace, find_stage(trace, "gradient.positions")).name,
              "gradient.embedding.positions");
    EXPECT_EQ(stage_at(trace, find_stage(trace, "1.head.2.query_weights")).name,
              "gradient.block.1.head.2.query_weights");
}

TEST(StageFinder, TakesAParametersNameForItsGradient) {
    const TracedExample example;
    EXPECT_EQ(stage_at(*example.trace, find_stage(*example.trace, "unembedding")).name,
              "gradient.unembedding");
}

TEST(StageFinder, GoesFromHeadToHeadAndStartsAgain) {
    const TracedExample example("the blue fluffy", Passes::forward);
    const Trace& trace = *example.trace;
    std::vector<std::string> names;
    std::size_t current = 1;
    for (int step = 0; step < 7; ++step) {
        current = find_stage_after(trace, "scores", current);
        names.push_back(stage_at(trace, current).name);
    }
    const std::vector<std::string> expected{"block.0.head.0.scores", "block.0.head.1.scores",
                                            "block.0.head.2.scores", "block.1.head.0.scores",
                                            "block.1.head.1.scores", "block.1.head.2.scores",
                                            "block.0.head.0.scores"};
    EXPECT_EQ(names, expected);
}

TEST(StageFinder, ListsTheChoicesWhenSeveralAreMeant) {
    const TracedExample example;
    const std::string sentence = error_sentence([&] { find_stage(*example.trace, "scores"); });
    expect_contains(sentence, "6 stages");
    expect_contains(sentence, "block.0.head.0.scores");
    EXPECT_EQ(sentence.find("gradient"), std::string::npos);
}

TEST(StageFinder, SuggestsTheNearestNames) {
    const TracedExample example;
    const Trace& trace = *example.trace;
    expect_contains(error_sentence([&] { find_stage(trace, "scroes"); }), "block.0.head.0.scores");
    expect_contains(error_sentence([&] { find_stage(trace, "probabilites"); }), "probabilities");
    expect_contains(error_sentence([&] { find_stage(trace, "scroes"); }), "--list");
    expect_contains(error_sentence([&] { find_stage(trace, "400"); }), "from 1 to ");
    expect_contains(error_sentence([&] { find_stage(trace, "0"); }), "no stage 0");
    expect_contains(error_sentence([&] { find_stage(trace, "  "); }), "empty");
    expect_contains(error_sentence([&] { find_stage(trace, "\xFF"); }), "not valid UTF-8");
    expect_contains(error_sentence([&] { find_stage(trace, std::string(100'000, 'x')); }), "xxx…");
    expect_contains(error_sentence([&] { find_stage_after(trace, "scroes", 3); }), "scores");
}

TEST(StageFinder, SaysWhatIsMissingWithoutABackwardPass) {
    const TracedExample forward("the blue", Passes::forward);
    expect_contains(error_sentence([&] { find_stage(*forward.trace, "gradient.logits"); }),
                    "--backward");
    expect_contains(error_sentence([&] { find_stage(*forward.trace, "unembedding"); }),
                    "unembedding is a parameter");
    const TracedExample single("the", Passes::forward);
    expect_contains(error_sentence([&] { find_stage(*single.trace, "loss"); }), "one token");
}

TEST(StageTable, HasEveryStageWithShapeAndFormula) {
    const TracedExample example;
    for (const std::size_t width : {40u, 80u, 160u}) {
        const std::string table = stage_table(*example.trace, width);
        for (const std::string& line : support::lines_of(table))
            EXPECT_LE(columns_of(line), width) << line;
    }
    const std::string table = stage_table(*example.trace, 160);
    EXPECT_NE(table.find("queries · keysᵀ"), std::string::npos);
    for (const Stage* stage : stages_in_order(*example.trace))
        EXPECT_NE(table.find(" " + stage->name + " "), std::string::npos) << stage->name;
    EXPECT_NE(table.find("(17)"), std::string::npos); // the gradient by a bias is a vector
}
