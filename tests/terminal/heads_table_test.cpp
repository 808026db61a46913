#include "terminal/heads_table.h"

#include "support/expect.h"
#include "terminal/text_layout.h"

#include <limits>
#include <sstream>

using namespace whirlygig;
using namespace support;

namespace {

const double not_a_number = std::numeric_limits<double>::quiet_NaN();

Study some_study() {
    return {.ablation = Ablation::mean,
            .sequences = 200,
            .targets = 3412,
            .loss = 0.75,
            .even = {0.125, 0.25, 0.0625, 0.03125, 1.5, 1},
            .heads = {{1, 0, {0.0, 0.5, 0.25, 0.875, 0.25, 0.125}, 2.0},
                      {0, 11, {0.75, 0.125, 0.0, 0.0, 1.0, 0.5}, 0.75},
                      {0, 1, {0.0, 0.25, 0.03125, 0.0, 1.25, 0.75}, 0.5}}};
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

void expect_line(const std::string& text, const std::string& expected) {
    for (const std::string& line : lines_of(text)) {
        if (line == expected) return;
    }
    ADD_FAILURE() << "no line is\n" << expected << "\nin\n" << text;
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST(HeadsTable, HasALinePerHead) {
    const std::string text = heads_table(some_study(), {.corpus = "creatures", .floor = {}});
    expect_line(text,
                "block  head  without it  previous  first  same  induction  entropy  evenness");
    expect_line(text,
                "    1     0     +1.2500      0.00   0.50  0.25       0.88     0.25      0.12");
    expect_line(text,
                "    0    11           0      0.75   0.12  0.00       0.00     1.00      0.50");
    expect_line(text,
                "    0     1     -0.2500      0.00   0.25  0.03       0.00     1.25      0.75");
    expect_line(text,
                "an even look                 0.12   0.25  0.06       0.03     1.50      1.00");
}

TEST(HeadsTable, SaysWhatWasMeasuredAndTheFloorWhereItIsKnown) {
    const std::string known = heads_table(some_study(), {.corpus = "creatures", .floor = 0.6595});
    EXPECT_TRUE(contains(known, "200 held-out sequences of creatures: the loss is 0.7500 nats"));
    EXPECT_TRUE(contains(known, "3412"));
    EXPECT_TRUE(contains(known, "0.6595"));
    const std::string unknown = heads_table(some_study(), {.corpus = "creatures", .floor = {}});
    EXPECT_FALSE(contains(unknown, "floor"));
}

TEST(HeadsTable, SaysInWordsWhoStandsOut) {
    const std::string text = heads_table(some_study(), {.corpus = "x", .floor = {}, .width = 200});
    expect_line(text, "Missed most: block 1, head 0 (+1.2500 nats).");
    expect_line(text, "Looks most at the token just before: block 0, head 11 (0.75; an even look "
                      "has 0.12).");
    expect_line(text, "Looks most at what followed the same token before: block 1, head 0 (0.88; "
                      "an even look has 0.03).");
}

TEST(HeadsTable, DoesNotPraiseAHeadThatIsNoBetterThanAnEvenLook) {
    Study study = some_study();
    study.even.same = 0.25;
    study.heads[0].loss_without = study.loss;
    const std::string text = heads_table(study, {.corpus = "x", .floor = {}, .width = 200});
    expect_line(text, "Looks most at earlier places with the same token: no head does so more than "
                      "an even look (0.25); the nearest is block 1, head 0 (0.25).");
    expect_line(text, "Missed most: none; the loss does not grow without any one head.");
}

TEST(HeadsTable, ShowsScoresThatNoQueryCountsForAsUnknown) {
    Study study = some_study();
    study.even.induction = not_a_number;
    for (HeadStudy& head : study.heads)
        head.patterns.induction = not_a_number;
    const std::string text = heads_table(study, {.corpus = "x", .floor = {}, .width = 200});
    expect_line(text,
                "    1     0     +1.2500      0.00   0.50  0.25          -     0.25      0.12");
    EXPECT_TRUE(contains(text, "before: not known"));
    EXPECT_FALSE(contains(text, "nan"));
}

TEST(HeadsTable, SaysWhatAHeadIsReplacedBy) {
    Study study = some_study();
    EXPECT_TRUE(contains(heads_table(study, {.corpus = "x", .floor = {}, .width = 200}),
                         "replaced by their mean over all places"));
    study.ablation = Ablation::zero;
    EXPECT_TRUE(
        contains(heads_table(study, {.corpus = "x", .floor = {}, .width = 200}), "replaced by 0"));
}

TEST(HeadsTable, FitsInEightyColumns) {
    for (const std::string& line :
         lines_of(heads_table(some_study(), {.corpus = std::string(60, 'x'), .floor = 0.5})))
        EXPECT_LE(columns_of(line), 80u) << line;
}
