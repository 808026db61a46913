#include "terminal/stage_text.h"

#include "parameters.h"
#include "support/error_sentence.h"
#include "support/traced_example.h"
#include "terminal/stage_finder.h"
#include "terminal/stage_shapes.h"
#include "terminal/stage_words.h"
#include "terminal/text_layout.h"
#include "trace/expression.h"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

using namespace whirlygig;
using support::lines_of;
using support::TracedExample;

namespace {

const TracedExample& example() {
    static const TracedExample traced;
    return traced;
}

std::string text_of(const TracedExample& traced, const std::string& name,
                    const TextStyle& style = {}) {
    return stage_text(traced.text, find_stage(*traced.trace, name), style);
}

// The words behind the label in the lines that begin with it: the row's cells over all bands.
std::vector<std::string> cells_of_row(const std::string& text, const std::string& label) {
    std::vector<std::string> cells;
    for (const std::string& line : lines_of(text)) {
        if (!line.starts_with(label + " ")) continue;
        std::istringstream words(line.substr(label.size()));
        for (std::string word; words >> word;)
            cells.push_back(word);
    }
    return cells;
}

double parse(std::string number) {
    const std::string minus = "−";
    if (const std::size_t at = number.find(minus); at != number.npos)
        number.replace(at, minus.size(), "-");
    return std::stod(number);
}

// Half of the last digit that is written.
double rounding_of(const std::string& number) {
    const std::size_t point = number.find('.'), exponent = number.find('e');
    const std::size_t end = std::min(exponent, number.size());
    const auto decimals = point == number.npos ? 0 : static_cast<double>(end - point - 1);
    const double scale = exponent == number.npos ? 0 : std::stod(number.substr(exponent + 1));
    return 0.5001 * std::pow(10.0, scale - decimals);
}

void expect_all_numbers(const TracedExample& traced, const Stage& stage, const std::string& text) {
    for (std::size_t row = 0; row < stage.values.rows; ++row) {
        const auto cells = cells_of_row(text, row_label(traced.text, stage, row));
        ASSERT_EQ(cells.size(), stage.values.columns) << stage.name << "\n" << text;
        for (std::size_t column = 0; column < cells.size(); ++column) {
            const double stored = stage.values(row, column);
            if (cells[column] == "−∞") {
                EXPECT_EQ(stored, -INFINITY);
            } else if (cells[column] == "·") {
                EXPECT_GT(column, row) << stage.name;
                EXPECT_EQ(stored, 0) << stage.name;
            } else {
                EXPECT_NEAR(parse(cells[column]), stored, rounding_of(cells[column]))
                    << stage.name << " (" << row << ", " << column << ")";
            }
        }
    }
}

} // namespace

TEST(StageText, ShowsEveryStoredNumberOfEveryStage) {
    for (const std::size_t width : {80u, 150u}) {
        std::size_t number = 0;
        for (const Stage* stage : stages_in_order(*example().trace)) {
            const std::string text = stage_text(example().text, ++number, {.width = width});
            expect_all_numbers(example(), *stage, text);
        }
    }
}

TEST(StageText, NeverIsWiderThanTheTerminal) {
    const TracedExample& traced = example();
    const std::size_t count = stages_in_order(*traced.trace).size();
    for (const std::size_t width : {40u, 63u, 80u}) {
        for (const int digits : {1, 4, 17}) {
            for (std::size_t number = 1; number <= count; ++number) {
                for (const std::string& line :
                     lines_of(stage_text(traced.text, number, {.width = width, .digits = digits})))
                    EXPECT_LE(columns_of(line), width) << line;
            }
            for (const std::string& line :
                 lines_of(introduction(traced.text, {.width = width, .digits = digits})))
                EXPECT_LE(columns_of(line), width) << line;
        }
    }
}

TEST(StageText, ExplainsEveryStageInWords) {
    for (const Stage* stage : stages_in_order(*example().trace)) {
        EXPECT_GT(sentence_about(*stage).size(), 40u) << stage->name;
        EXPECT_NE(shape_formula(*stage).find("-> "), std::string::npos);
    }
}

TEST(StageText, NamesTheStageItsFormulaItsShapesAndItsOperands) {
    const std::string text = text_of(example(), "block.0.head.1.scores");
    const std::size_t number = find_stage(*example().trace, "block.0.head.1.scores");
    EXPECT_TRUE(text.starts_with(fmt::format("Stage {} of {}: block.0.head.1.scores\n", number,
                                             stages_in_order(*example().trace).size())));
    expect_contains(text, "Each query meets each key: row i looks at column j");
    expect_contains(text, "queries · keysᵀ");
    expect_contains(text, "(6, 4)(4, 6) -> (6, 6)");
    expect_contains(text, "block.0.head.1.queries (6, 4)");
    expect_contains(text, "Row looks at column");
}

TEST(StageText, WritesShapesAsTheFormulaMultipliesThem) {
    const auto shapes = [](const std::string& name) {
        return shape_formula(example().trace->stage(name));
    };
    EXPECT_EQ(shapes("embedding.sum"), "(6, 12) + (6, 12) -> (6, 12)");
    EXPECT_EQ(shapes("block.1.mlp.hidden"), "(6, 12)(12, 17) + (17) -> (6, 17)");
    EXPECT_EQ(shapes("block.1.head.0.mixed"), "(6, 6)(6, 4) -> (6, 4)");
    EXPECT_EQ(shapes("block.0.attention.joined"), "(6, 4) | (6, 4) | (6, 4) -> (6, 12)");
    EXPECT_EQ(shapes("logits"), "(6, 12)(12, 11) -> (6, 11)");
    EXPECT_EQ(shapes("loss"), "(6, 11) -> (5, 1)");
    EXPECT_EQ(shapes("gradient.block.1.mlp.up_weights"), "(12, 6)(6, 17) -> (12, 17)");
    EXPECT_EQ(shapes("gradient.block.1.mlp.up_bias"), "(6, 17) -> (17)");
    EXPECT_EQ(shapes("gradient.block.1.mlp.norm"), "(6, 17)(17, 12) -> (6, 12)");
    EXPECT_EQ(shapes("gradient.block.1.attention.norm"),
              "(6, 4)(4, 12) + 8 more such products -> (6, 12)");
}

TEST(StageText, CallsRowsPlacesFromBlockOneOn) {
    expect_contains(text_of(example(), "block.0.mlp.residual"), "\n3 creature ");
    expect_contains(text_of(example(), "block.1.mlp.residual"), "\nplace 3 (creature) ");
    expect_contains(text_of(example(), "gradient.logits"), "\nplace 3 (creature) ");
}

TEST(StageText, MarksWhatTheMaskTook) {
    const auto marked = [](const std::string& name, const std::string& mark) {
        const std::string text = text_of(example(), name);
        std::size_t count = 0;
        for (std::size_t row = 0; row < 6; ++row) {
            const auto cells =
                cells_of_row(text, row_label(example().text, example().trace->stage(name), row));
            for (std::size_t column = 0; column < cells.size(); ++column) {
                if (cells[column] != mark) continue;
                EXPECT_GT(column, row);
                ++count;
            }
        }
        return count;
    };
    EXPECT_EQ(marked("block.0.head.0.masked", "−∞"), 15u);
    EXPECT_EQ(marked("block.0.head.0.attention_weights", "·"), 15u);
    EXPECT_EQ(marked("gradient.block.0.head.0.masked", "·"), 15u);
    EXPECT_EQ(marked("gradient.block.0.head.0.scores", "·"), 15u);
    EXPECT_EQ(marked("block.0.head.0.scores", "·"), 0u);
    EXPECT_EQ(marked("gradient.block.0.head.0.attention_weights", "·"), 0u);
    expect_contains(text_of(example(), "block.0.head.0.attention_weights"), "behind the mask");
}

TEST(StageText, SaysWhoLooksWhere) {
    const Stage& stage = example().trace->stage("block.1.head.1.attention_weights");
    std::size_t strongest = 0;
    for (std::size_t key = 1; key <= 4; ++key) {
        if (stage.values(4, key) > stage.values(4, strongest)) strongest = key;
    }
    expect_contains(text_of(example(), stage.name, {.width = 200}),
                    fmt::format("place 4 (slept) looks at: {} {:.2f}",
                                example().text.place(strongest), stage.values(4, strongest)));
    expect_contains(text_of(example(), "block.0.head.0.attention_weights"),
                    "the (0) looks at: the (0) 1.00\n");
}

TEST(StageText, SaysMeanAndSpreadOfEachNormalisedRow) {
    const Stage& input = example().trace->stage("embedding.sum");
    double mean = 0, square = 0;
    for (std::size_t column = 0; column < 12; ++column) {
        mean += input.values(2, column) / 12;
        square += input.values(2, column) * input.values(2, column) / 12;
    }
    const std::string text = text_of(example(), "block.0.attention.norm");
    const std::size_t table = text.find("What the layer norm took out");
    ASSERT_NE(table, std::string::npos);
    const auto cells = cells_of_row(text.substr(table), "  2 fluffy");
    ASSERT_EQ(cells.size(), 2u);
    EXPECT_NEAR(parse(cells[0]), mean, 1e-4);
    EXPECT_NEAR(parse(cells[1]), std::sqrt(square - mean * mean + 1e-5), 1e-4);
}

TEST(StageText, SaysWhichTokensAreLikelyAndWhatReallyCame) {
    const Stage& stage = example().trace->stage("probabilities");
    std::size_t best = 0;
    for (std::size_t id = 1; id < 11; ++id) {
        if (stage.values(0, id) > stage.values(0, best)) best = id;
    }
    const std::string text = text_of(example(), "probabilities", {.width = 200});
    expect_contains(text, fmt::format("after place 0 (the): {} {:.1f} %",
                                      example().text.token(static_cast<int>(best)),
                                      100 * stage.values(0, best)));
    // "blue" came next, and is not among the first three.
    std::size_t rank = 1;
    for (std::size_t id = 0; id < 11; ++id)
        rank += stage.values(0, id) > stage.values(0, 1) ? 1 : 0;
    ASSERT_GT(rank, 3u);
    expect_contains(text, fmt::format("really blue: {:.1f} %, its choice {} of 11",
                                      100 * stage.values(0, 1), rank));
    expect_contains(text, "the text ends here");
}

TEST(StageText, SaysTheLossAsSurpriseAndAsANumberOfWords) {
    const Stage& stage = example().trace->stage("loss");
    for (const std::size_t width : {40u, 200u}) { // as sentences and as a table
        const std::string text = text_of(example(), "loss", {.width = width});
        const double loss = stage.values(2, 0);
        expect_contains(text, fmt::format("{:.3f}", loss));
        expect_contains(text, fmt::format("{:.1f}", std::exp(loss)));
    }
    double mean = 0;
    for (std::size_t place = 0; place < 5; ++place)
        mean += stage.values(place, 0) / 5.0;
    expect_contains(text_of(example(), "loss", {.width = 300}),
                    fmt::format("{:.3f} nats, as unsure as between {:.1f} equally likely words",
                                mean, std::exp(mean)));
}

TEST(StageText, SaysWhyOneTokenHasNoLoss) {
    const TracedExample single("the", Passes::forward);
    expect_contains(text_of(single, "probabilities"), "One token has no next token");
    expect_contains(error_sentence([&] { text_of(single, "loss"); }), "one token");
}

TEST(StageText, HasColoursOnlyWhenAsked) {
    for (const char* name : {"block.0.head.0.scores", "probabilities", "loss"}) {
        const std::string plain = text_of(example(), name);
        EXPECT_EQ(plain.find('\x1b'), std::string::npos);
        EXPECT_NE(text_of(example(), name, {.colours = Colours::palette}).find('\x1b'),
                  std::string::npos);
    }
    EXPECT_EQ(introduction(example().text, {}).find("orange"), std::string::npos);
}

TEST(StageText, RefusesAStageThatIsNotThere) {
    expect_contains(error_sentence([] { stage_text(example().text, 0, {}); }), "no stage 0");
    expect_contains(error_sentence([] { stage_text(example().text, 9999, {}); }), "no stage 9999");
}

namespace {

// A model with a long vocabulary of strange words, and a text of them.
struct LongVocabulary {
    Wording wording;
    std::unique_ptr<Trace> trace;

    LongVocabulary() {
        std::vector<std::string> words{"the", "\x1b[31mred", "你好世界", std::string(300, 'm')};
        while (words.size() < 70)
            words.push_back("word" + std::to_string(words.size()));
        wording.tokenizer = Tokenizer::from_vocabulary(TokenizerKind::words, words);
        auto model = std::make_shared<Model>();
        model->config = {.vocabulary = 70, .context = 9, .width = 6, .heads = 2, .hidden = 300};
        model->config.tied = true;
        model->parameters = make_parameters(model->config);
        Random random(5);
        initialize(*model, Initialization::readable, random);
        trace = make_trace(model, {0, 1, 2, 3, 1}, Passes::forward_and_backward);
    }

    TracedText text() const { return {*trace, wording}; }
};

} // namespace

TEST(StageText, ShowsTheTopTokensOfALongVocabularyUnlessAllIsAskedFor) {
    const LongVocabulary long_one;
    const std::size_t number = find_stage(*long_one.trace, "logits");
    const Stage& stage = *stages_in_order(*long_one.trace)[number - 1];
    const std::string top = stage_text(long_one.text(), number,
                                       {.amount = Amount::most, .how_to_see_all = "Ask for all."});
    expect_contains(top, "Ask for all.");
    expect_contains(top, "The 10 largest of the 70 numbers");
    std::vector<Real> row(stage.values.data, stage.values.data + 70);
    std::sort(row.rbegin(), row.rend());
    expect_contains(top, number_text(row[0], 4));
    expect_contains(top, number_text(row[9], 4));
    const std::string all = stage_text(long_one.text(), number, {});
    expect_contains(all, "word69");
    EXPECT_EQ(all.find("Ask for all."), std::string::npos);
}

TEST(StageText, ShortensLongStagesAndSaysSo) {
    const LongVocabulary long_one;
    const std::size_t hidden = find_stage(*long_one.trace, "mlp.hidden");
    const TextStyle style{.amount = Amount::beginning, .how_to_see_all = "Type a."};
    const std::string text = stage_text(long_one.text(), hidden, style);
    expect_contains(text, "of 300 columns. Type a.");
    EXPECT_LT(lines_of(text).size(), 60u);
    // Of the gradient by a table, the rows that the text uses are shown first.
    const std::size_t places = find_stage(*long_one.trace, "position_table");
    expect_contains(stage_text(long_one.text(), places, style), "place 4");
}

TEST(StageText, SaysThatAKeyBiasHasNoGradient) {
    expect_contains(text_of(example(), "gradient.block.0.head.1.key_bias"), "rounding");
    const Stage& stage = example().trace->stage("gradient.block.0.head.1.key_bias");
    for (std::size_t column = 0; column < stage.values.columns; ++column)
        EXPECT_NEAR(stage.values(0, column), 0, 1e-6);
}

TEST(StageText, StandsStrangeTokens) {
    const LongVocabulary long_one;
    const std::size_t count = stages_in_order(*long_one.trace).size();
    for (const std::size_t width : {40u, 80u}) {
        for (std::size_t number = 1; number <= count; ++number) {
            const std::string text =
                stage_text(long_one.text(), number, {.width = width, .amount = Amount::beginning});
            EXPECT_EQ(text.find('\x1b'), std::string::npos);
            for (const std::string& line : lines_of(text))
                EXPECT_LE(columns_of(line), width) << line;
        }
    }
}
