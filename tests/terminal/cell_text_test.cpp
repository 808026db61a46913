#include "terminal/cell_text.h"

#include "support/error_sentence.h"
#include "support/traced_example.h"
#include "terminal/cell_table.h"
#include "terminal/stage_finder.h"
#include "terminal/text_layout.h"
#include "trace/explain.h"

#include <gtest/gtest.h>

using namespace whirlygig;
using support::lines_of;
using support::TracedExample;

namespace {

const TracedExample& example() {
    static const TracedExample traced;
    return traced;
}

std::string cell_of(const std::string& name, std::size_t row, std::size_t column,
                    const TextStyle& style = {}) {
    return cell_text(example().text, find_stage(*example().trace, name), row, column, style);
}

Expression factor(double value, const char* source) {
    return number(value, source);
}

} // namespace

TEST(CellTable, ReadsWhereANumberComesFrom) {
    CellSource cell;
    ASSERT_TRUE(parse_source("block.0.head.1.queries (3, 15)", cell));
    EXPECT_EQ(cell.name, "block.0.head.1.queries");
    EXPECT_EQ(cell.row, 3u);
    EXPECT_EQ(cell.column, 15u);
    for (const char* words : {"", "not the next token", "x (3)", "x (3, )", "x (3, 4", "x (3, 4) y",
                              "x (, 4)", "x (3; 4)"})
        EXPECT_FALSE(parse_source(words, cell)) << words;
}

TEST(CellTable, VisitsTheCellsInOrderAndNamedNumbersOnce) {
    const Expression mean = named("mean", sum({factor(2, "stream (1, 0)"), factor(4, "x (1, 1)")}));
    const Expression expression = product({difference(factor(8, "stream (1, 2)"), mean), mean,
                                           factor(5, "not a cell"), factor(8, "stream (1, 2)")});
    std::string visited;
    for_each_cell(expression, [&](const CellSource& cell, double value) {
        visited += fmt::format("{} {} {} = {}; ", cell.name, cell.row, cell.column, value);
    });
    EXPECT_EQ(visited, "stream 1 2 = 8; stream 1 0 = 2; x 1 1 = 4; stream 1 2 = 8; ");
}

TEST(CellTable, AddsUpProductsLineByLine) {
    const Expression expression = sum({product({factor(0.5, "block.0.head.1.queries (3, 0)"),
                                                factor(-2, "block.0.head.1.keys (1, 0)")}),
                                       product({factor(3, "block.0.head.1.queries (3, 1)"),
                                                factor(0.25, "block.0.head.1.keys (1, 1)")}),
                                       factor(10, "block.0.head.1.query_bias (0, 7)")});
    EXPECT_EQ(sum_table(expression, 4, 80, 0),
              "                     queries    keys\n"
              "  k                   (3, k)  (1, k)  product  sum so far\n"
              "  0                      0.5   −2       −1          −1\n"
              "  1                      3      0.25     0.75       −0.25\n"
              "  query_bias (0, 7)                     10           9.75\n");
    const std::string cut_short = sum_table(expression, 4, 80, 1);
    expect_contains(cut_short, "… and 2 more terms, up to 9.75");
}

TEST(CellTable, HasNoTableWhereThereIsNothingToAddOrNoRoom) {
    EXPECT_EQ(sum_table(number(3), 4, 80, 0), "");
    EXPECT_EQ(sum_table(sum({}), 4, 80, 0), "");
    EXPECT_EQ(sum_table(product({number(2), number(3)}), 4, 80, 0), "");
    const Expression one = sum({product({factor(0.5, "a (0, 0)"), factor(2, "b (0, 0)")})});
    EXPECT_EQ(sum_table(one, 4, 10, 0), "");
}

TEST(CellText, SpellsOutTheScore) {
    const std::string text = cell_of("block.0.head.1.scores", 3, 1);
    expect_contains(text,
                    "How well the query of place 3 (creature) matches the key of place 1 (blue).");
    const Stage& queries = example().trace->stage("block.0.head.1.queries");
    const Stage& keys = example().trace->stage("block.0.head.1.keys");
    for (std::size_t k = 0; k < 4; ++k) {
        expect_contains(text, number_text(queries.values(3, k), 4));
        expect_contains(text, number_text(keys.values(1, k), 4));
    }
    expect_contains(text, "sum so far");
    expect_contains(text, "block.0.head.1.queries, row 3");
    expect_contains(text, "block.0.head.1.keys, row 1");
    const Stage& scores = example().trace->stage("block.0.head.1.scores");
    expect_contains(text, "= " + number_text(scores.values(3, 1), 4));
    expect_contains(text, "Stored by the pass: " + number_text(scores.values(3, 1), 9));
}

TEST(CellText, ShowsTheWholeSoftmax) {
    const std::string text = cell_of("block.1.head.0.attention_weights", 2, 1);
    expect_contains(text, "How much of its attention place 2 (fluffy) gives to place 1 (blue).");
    expect_contains(text, "place 0 (the)");
    expect_contains(text, "−∞");
    std::size_t marks = 0;
    for (const std::string& line : lines_of(text))
        marks += line.ends_with("<-") ? 1 : 0;
    EXPECT_EQ(marks, 1u);
}

TEST(CellText, SaysWhatTheMaskTook) {
    expect_contains(cell_of("block.0.head.0.masked", 1, 4), "−∞ (the mask");
}

TEST(CellText, SaysWhereACopiedNumberStands) {
    // Head 1 fills columns 4 to 7.
    expect_contains(cell_of("block.0.attention.joined", 2, 6),
                    "as it is in block.0.head.1.mixed (2, 2)");
}

TEST(CellText, SaysWhatAGradientMeans) {
    const std::string text = cell_of("gradient.block.0.head.0.query_weights", 3, 1);
    expect_contains(text, "How fast the mean loss grows");
    expect_contains(text, "input 3");
    expect_contains(text, "sum so far");
    expect_contains(cell_of("gradient.embedding.token_table", 4, 1), "creature");
}

TEST(CellText, SaysWhichGradientsHaveNoEffect) {
    const std::string weights = "gradient.block.0.head.0.attention_weights";
    expect_contains(cell_of(weights, 1, 4), "has no effect");
    EXPECT_EQ(cell_of(weights, 4, 1).find("no effect"), std::string::npos);
    const std::size_t last = example().trace->ids.size() - 1;
    expect_contains(cell_of("gradient.block.0.mlp.output", last, 1), "has no next token");
    EXPECT_EQ(cell_of("gradient.block.0.mlp.output", last - 1, 1).find("no next token"),
              std::string::npos);
}

TEST(CellText, PutsTokensInQuotes) {
    expect_contains(cell_of("probabilities", 0, 4), "\"creature\"");
}

TEST(CellText, WorksForEveryStageAtEveryWidth) {
    const auto stages = stages_in_order(*example().trace);
    for (std::size_t number = 1; number <= stages.size(); ++number) {
        const Stage& stage = *stages[number - 1];
        const std::size_t rows = stage.values.rows, columns = stage.values.columns;
        for (const auto& [row, column] :
             {std::pair(std::size_t(0), columns - 1), std::pair(rows - 1, std::size_t(0))}) {
            for (const std::size_t width : {40u, 80u}) {
                for (const int digits : {4, 17}) {
                    const TextStyle style{.width = width, .digits = digits};
                    const std::string text = cell_text(example().text, number, row, column, style);
                    for (const std::string& line : lines_of(text))
                        EXPECT_LE(columns_of(line), width) << line;
                    // The expression is there, number by number, whatever the line breaks.
                    const Expression expression = explain(stage, row, column);
                    expect_contains(text, number_text(expression.value, digits));
                    EXPECT_EQ(text.find('{'), std::string::npos) << text;
                    EXPECT_EQ(text.find("()"), std::string::npos) << text;
                }
            }
        }
    }
}

TEST(CellText, RefusesACellThatIsNotThere) {
    expect_contains(error_sentence([] { cell_of("logits", 6, 0); }), "rows go from 0 to 5");
}
