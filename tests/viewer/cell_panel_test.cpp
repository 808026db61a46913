// The cell panel: pinning, following, nudging, and that its arithmetic is that of the cell.
#include "stages/focus.h"
#include "support/creature_viewer.h"
#include "trace/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

using namespace whirlygig;

namespace {

constexpr const char* scores = "block.0.head.0.scores";

// High enough that nothing in the panel has to be scrolled to.
class CellPanel : public support::CreatureViewer {
protected:
    CellPanel()
        : CreatureViewer(4000) {
        go(scores);
    }
};

TEST_F(CellPanel, AClickPinsASecondLetsGo) {
    screen.run("expect \"Timeline\"");
    EXPECT_TRUE(reads("THE RINGED CELL"));
    screen.run("hover block.0.head.0.scores 3 1");
    EXPECT_TRUE(reads("THE CELL UNDER THE POINTER"));
    EXPECT_FALSE(state.pinned);
    screen.run("click block.0.head.0.scores 3 1\nhover \"Timeline\"");
    EXPECT_EQ(state.pinned, (CellRef{scores, 3, 1}));
    EXPECT_TRUE(reads("THIS CELL IS PINNED"));
    screen.run("click block.0.head.0.scores 2 0"); // another one takes its place
    EXPECT_EQ(state.pinned, (CellRef{scores, 2, 0}));
    for (const std::string way :
         {"click block.0.head.0.scores 2 0", "key Escape", "click \"Unpin\""}) {
        state.pinned = CellRef{scores, 2, 0};
        screen.run(way + "\nhover \"Timeline\"");
        EXPECT_FALSE(state.pinned) << way;
        EXPECT_TRUE(reads("THE RINGED CELL")) << way;
    }
}

TEST_F(CellPanel, CellsOfOperandsArePinnedToo) {
    screen.run("click block.0.head.0.keys 1 5");
    EXPECT_EQ(state.pinned, (CellRef{"block.0.head.0.keys", 1, 5}));
    EXPECT_EQ(stage(), scores);
}

TEST_F(CellPanel, EnterPinsTheCellThatIsBeingComputed) {
    state.time = state.timeline.at_cell(number(scores), 2, 1);
    key("Enter");
    EXPECT_EQ(state.pinned, (CellRef{scores, 2, 1}));
}

TEST_F(CellPanel, ATermLeadsToItsFactors) {
    const auto follows = [&](const std::string& label, const CellRef& cell) {
        go(scores);
        state.pinned = CellRef{scores, 3, 1};
        click(label);
        EXPECT_EQ(state.pinned, cell) << label;
        EXPECT_EQ(state.time, state.timeline.done(number(cell.matrix))) << label;
    };
    follows("term 0 a", {"block.0.head.0.queries", 3, 0});
    follows("term 7 a", {"block.0.head.0.queries", 3, 7});
    follows("term 7 b", {"block.0.head.0.keys", 1, 7});
}

TEST_F(CellPanel, FollowedToAParameterThePictureStaysWithTheCellOneCameFrom) {
    const std::string queries = "block.0.head.1.queries";
    go(queries);
    for (const CellRef& from : {CellRef{queries, 3, 8}, CellRef{queries, 0, 2}}) {
        go(queries);
        state.pinned = from;
        const CellRef weight = {state.moment().stage->made_from[1].name, 5, from.column};
        follow(state, weight);
        EXPECT_EQ(state.pinned, weight);
        EXPECT_EQ(stage(), queries);
        const Focus focus = focus_of(state, state.moment());
        EXPECT_EQ(focus.row, from.row);
        EXPECT_EQ(focus.column, from.column);
        state.pinned = CellRef{weight.matrix, 6, from.column}; // not by that link
        const Focus other = focus_of(state, state.moment());
        EXPECT_FALSE(other.row == from.row && other.column == from.column);
    }
}

// The links from top to bottom.
std::vector<Control> links_of(const State& state) {
    std::vector<Control> links;
    for (const Control& control : state.controls.all()) {
        for (const char* kind : {"##made from ", "##gradient", "##used by "}) {
            if (control.label.find(kind) != std::string::npos) links.push_back(control);
        }
    }
    std::sort(links.begin(), links.end(),
              [](const Control& a, const Control& b) { return a.low.y < b.low.y; });
    return links;
}

TEST_F(CellPanel, KeysChooseTheLinksOneAfterTheOther) {
    state.pinned = CellRef{scores, 3, 1};
    screen.run("wait 1");
    const std::vector<Control> links = links_of(state);
    ASSERT_EQ(links.size(), 4U); // made from queries and keys; the gradient; used by scaled
    const auto is_chosen = [&](const Control& link) {
        const Control* chosen = state.controls.find("chosen link");
        return chosen != nullptr && chosen->low.y <= link.low.y && chosen->high.y >= link.high.y &&
               link.label.starts_with(chosen->state + "##");
    };
    EXPECT_FALSE(has("chosen link"));
    const std::vector<unsigned char> before = picture();
    for (std::size_t step = 0; step < 2 * links.size(); ++step) {
        key(".");
        EXPECT_TRUE(is_chosen(links[step % links.size()])) << step;
    }
    EXPECT_NE(picture(), before);
    for (std::size_t step = links.size() - 1; step-- > 0;) {
        key(",");
        EXPECT_TRUE(is_chosen(links[step])) << step;
    }
    state.pinned = CellRef{scores, 3, 2}; // another cell has other links
    screen.run("wait 1");
    EXPECT_FALSE(has("chosen link"));
    key(",");
    EXPECT_TRUE(is_chosen(links_of(state).back()));
    key("Escape");
    EXPECT_FALSE(has("chosen link"));
    key("."); // of the cell with the ring
    EXPECT_TRUE(has("chosen link"));
}

TEST_F(CellPanel, TheKeyFFollowsTheChosenLinkAsAClickDoes) {
    const auto start = [&] {
        go(scores);
        state.scene = Scene::stages;
        state.pinned.reset();
        screen.run("wait 1");
        state.pinned = CellRef{scores, 3, 1};
        screen.run("wait 1");
    };
    start();
    key("f"); // nothing is chosen
    EXPECT_EQ(state.time, state.timeline.done(number(scores)));
    const std::vector<Control> links = links_of(state);
    for (std::size_t index = 0; index < links.size(); ++index) {
        start();
        click(links[index].label);
        const CellRef clicked = *state.pinned;
        const Time time = state.time;
        EXPECT_NE(time, state.timeline.done(number(scores)));
        start();
        for (std::size_t step = 0; step <= index; ++step)
            key(".");
        key("f");
        EXPECT_EQ(state.pinned, clicked) << links[index].label;
        EXPECT_EQ(state.time, time) << links[index].label;
        EXPECT_EQ(state.scene, Scene::stages);
    }
}

TEST_F(CellPanel, ItsLinksLeadToSourcesUsersAndGradient) {
    const auto press = [&](const std::string& ending) {
        go(scores);
        state.scene = Scene::stages;
        state.pinned = CellRef{scores, 3, 1};
        screen.run("wait 1");
        click(label_ending(ending));
    };
    press("##made from 1");
    EXPECT_EQ(state.pinned->matrix, "block.0.head.0.keys");
    EXPECT_EQ(state.pinned->row, 1U);
    EXPECT_EQ(stage(), "block.0.head.0.keys");
    press("##used by 0");
    EXPECT_EQ(state.pinned, (CellRef{scores, 3, 1})); // lit up among the operands
    EXPECT_EQ(stage(), "block.0.head.0.scaled");
    press("##gradient");
    EXPECT_EQ(state.pinned, (CellRef{"gradient.block.0.head.0.scores", 3, 1}));
    EXPECT_EQ(stage(), "gradient.block.0.head.0.scores");
    click(label_ending("##number")); // and back
    EXPECT_EQ(state.pinned, (CellRef{scores, 3, 1}));
    EXPECT_EQ(stage(), scores);
}

TEST_F(CellPanel, FollowsTheWholeWayToTheTokenTable) {
    state.pinned = CellRef{scores, 3, 1};
    const char* way[] = {"block.0.head.0.queries", "block.0.attention.norm", "embedding.sum",
                         "embedding.tokens"};
    for (const char* matrix : way) {
        screen.run("wait 1");
        click(label_ending("##made from 0"));
        EXPECT_EQ(state.pinned->matrix, matrix);
        EXPECT_EQ(stage(), matrix);
    }
    click(label_ending("##made from 0"));
    EXPECT_EQ(state.pinned->matrix, "embedding.token_table");
    EXPECT_EQ(state.pinned->row, static_cast<std::size_t>(state.trace->ids[3]));
    EXPECT_EQ(stage(), "embedding.tokens"); // where the table is read
}

TEST_F(CellPanel, ALongSumIsShownWholeOnRequest) {
    state.pinned = CellRef{"gradient.block.0.attention.norm", 2, 3}; // 96 terms
    screen.run("wait 1");
    EXPECT_TRUE(has("term 63 a"));
    EXPECT_FALSE(has("term 64 a"));
    click(label_ending("##terms of gradient.block.0.attention.norm 2 3"));
    EXPECT_TRUE(has("term 95 b"));
    state.pinned = CellRef{"block.0.attention.norm", 2, 3}; // used by twelve stages
    screen.run("wait 1");
    EXPECT_FALSE(words().find("more)") == std::string::npos);
    click(label_ending(" in full"));
    EXPECT_TRUE(words().find("more)") == std::string::npos);
    const std::string all = label_ending("##used by");
    click(all);
    EXPECT_EQ(label_ending("##used by 11").find("gradient"), 0U);
}

TEST_F(CellPanel, ASourceLeadsToTheCellThatCountsMost) {
    state.pinned = CellRef{scores, 3, 2};
    screen.run("wait 1");
    const Expression sum = explain(*state.timeline.stages[number(scores)], 3, 2);
    std::size_t largest = 0;
    for (std::size_t k = 1; k < sum.parts.size(); ++k) {
        if (std::abs(sum.parts[k].value) > std::abs(sum.parts[largest].value)) largest = k;
    }
    ASSERT_GT(largest, 0U); // otherwise the first would do
    click(label_ending("##made from 1"));
    EXPECT_EQ(state.pinned, (CellRef{"block.0.head.0.keys", 2, largest}));
    go(scores);
    state.pinned = CellRef{scores, 3, 2};
    screen.run("wait 1");
    click(label_ending("##made from 0"));
    EXPECT_EQ(state.pinned, (CellRef{"block.0.head.0.queries", 3, largest}));
}

TEST_F(CellPanel, ASourceOfTheSameShapeLeadsToTheSameCell) {
    for (const auto& [from, to] :
         {std::pair{"block.0.head.1.attention_weights", "block.0.head.1.masked"},
          std::pair{"probabilities", "logits"},
          std::pair{"block.0.attention.norm", "embedding.sum"}}) {
        for (const std::size_t row : {0U, 3U}) {
            go(from);
            state.pinned = CellRef{from, row, 2};
            screen.run("wait 1");
            click(label_ending("##made from 0"));
            EXPECT_EQ(state.pinned, (CellRef{to, row, 2}));
        }
    }
}

constexpr const char* shares = "block.0.head.1.attention_weights";

TEST_F(CellPanel, ASoftmaxIsATableOfShares) {
    go(shares);
    state.pinned = CellRef{shares, 3, 2};
    screen.run("wait 1");
    const Stage& stage = *state.timeline.stages[number(shares)];
    for (std::size_t column = 0; column < stage.values.columns; ++column) {
        const Expression share = explain(stage, 3, column);
        const Expression& less = share.parts.at(0).parts.at(0);
        const std::string row = fmt::format(
            "{} {} {} {} ", number_text(less.parts.at(0).value, 4), number_text(less.value, 4),
            number_text(share.parts[0].value, 4), number_text(share.value, 4));
        EXPECT_TRUE(reads(row)) << row << "\n" << words();
    }
    EXPECT_TRUE(reads("4 floated −∞ −∞ 0 0 ")); // behind the mask
    EXPECT_TRUE(reads("Sum of all exp: " + number_text(explain(stage, 3, 2).parts.at(1).value, 4)));
    EXPECT_FALSE(reads("exp("));
    click("score 1");
    EXPECT_EQ(state.pinned, (CellRef{"block.0.head.1.masked", 3, 1}));
}

TEST_F(CellPanel, AVocabularyShowsTheLargestSharesAndTheShownOne) {
    const Stage& stage = *state.timeline.stages[number("probabilities")];
    const auto ranked_after = [&](std::size_t token) {
        std::size_t larger = 0;
        for (std::size_t other = 0; other < stage.values.columns; ++other)
            larger += stage.values(3, other) > stage.values(3, token);
        return larger;
    };
    const auto rows = [&] {
        std::size_t count = 0;
        for (std::size_t token = 0; token < stage.values.columns; ++token)
            count += has(fmt::format("score {}", token));
        return count;
    };
    go(stage.name);
    for (std::size_t token = 0; token < stage.values.columns; ++token) {
        state.pinned = CellRef{stage.name, 3, token};
        screen.frame();
        const std::size_t shown = ranked_after(token) < 12 ? 12 : 13;
        EXPECT_EQ(rows(), shown);
        EXPECT_TRUE(has(fmt::format("score {}", token)));
        EXPECT_TRUE(reads(fmt::format(" {} tokens are left out.", stage.values.columns - shown)));
    }
    click(fmt::format("Show all {}##shares of probabilities 3 {}", stage.values.columns,
                      stage.values.columns - 1));
    EXPECT_EQ(rows(), stage.values.columns);
}

TEST_F(CellPanel, NumbersThatCanBeClickedShowAHand) {
    go(shares);
    state.pinned = CellRef{shares, 3, 2};
    screen.run("wait 1\nhover \"Timeline\"");
    EXPECT_NE(ImGui::GetMouseCursor(), ImGuiMouseCursor_Hand);
    screen.run("hover \"score 1\"");
    EXPECT_EQ(ImGui::GetMouseCursor(), ImGuiMouseCursor_Hand);
    go(scores);
    state.pinned = CellRef{scores, 3, 2};
    screen.run("wait 1\nhover \"term 2 b\"");
    EXPECT_EQ(ImGui::GetMouseCursor(), ImGuiMouseCursor_Hand);
}

float shared(float low_a, float high_a, float low_b, float high_b) {
    return std::min(high_a, high_b) - std::max(low_a, low_b);
}

// All of the panel from the table of shares on: nothing is cut, nothing lies on something else.
void expect_readable_shares(const std::vector<WrittenText>& written, const std::string& where) {
    std::vector<WrittenText> panel;
    for (const WrittenText& text : written) {
        if (!panel.empty() || text.text == "How it is computed") panel.push_back(text);
        if (text.text.starts_with("Sum of all exp")) break;
    }
    ASSERT_GT(panel.size(), 20U) << where;
    for (std::size_t a = 0; a < panel.size(); ++a) {
        const WrittenText& one = panel[a];
        EXPECT_FALSE(one.text.ends_with("…")) << where << ": " << one.text;
        EXPECT_GE(one.low.x, one.clip_low.x) << where << ": " << one.text;
        EXPECT_LE(one.high.x, one.clip_high.x) << where << ": " << one.text;
        for (std::size_t b = a + 1; b < panel.size(); ++b) {
            const WrittenText& other = panel[b];
            const float height = std::min(one.high.y - one.low.y, other.high.y - other.low.y);
            EXPECT_FALSE(shared(one.low.x, one.high.x, other.low.x, other.high.x) > 0 &&
                         shared(one.low.y, one.high.y, other.low.y, other.high.y) > height / 3)
                << where << ": " << one.text << " and " << other.text;
        }
    }
}

TEST(CellPanelLayout, SharesAreReadableInNarrowPanelsToo) {
    for (const ImVec2 size : {ImVec2{1280, 720}, ImVec2{1600, 1000}}) {
        support::ViewerScreen screen(support::corpora + "/creatures/model",
                                     "the fluffy blue creature floated", size.x, size.y);
        for (const char* stage : {shares, "probabilities"}) {
            for (std::size_t row = 0; row < 5; ++row) {
                screen.state.time =
                    screen.state.timeline.done(screen.state.timeline.stage_number(stage));
                screen.state.pinned = CellRef{stage, row, 2};
                screen.frame();
                screen.frame();
                expect_readable_shares(screen.written, fmt::format("{} {}", size.x, stage));
            }
        }
    }
}

TEST_F(CellPanel, AParameterSaysWhatItIsAndIsNudged) {
    for (const CellRef& cell :
         {CellRef{"block.0.head.0.query_weights", 3, 5}, CellRef{"block.0.head.1.value_bias", 0, 2},
          CellRef{"embedding.token_table", 9, 4}, CellRef{"embedding.position_table", 1, 4},
          CellRef{"block.0.attention.norm.gain", 0, 1}, CellRef{"final.norm.shift", 0, 1},
          CellRef{"block.0.mlp.down_weights", 7, 1}, CellRef{"unembedding", 12, 3}}) {
        state.pinned = cell;
        state.nudge.reset();
        screen.run("wait 1");
        EXPECT_TRUE(reads("It is a parameter: training found it."));
        EXPECT_FALSE(has("nudge"));
        click("Nudge");
        ASSERT_TRUE(state.nudge) << cell.matrix;
        EXPECT_EQ(state.nudge->parameter, cell);
        EXPECT_TRUE(reads("their difference / 2ε " + number_text(state.nudge->difference, 7)));
        EXPECT_TRUE(reads("gradient by backpropagation " + number_text(state.nudge->gradient, 7)));
        EXPECT_NEAR(state.nudge->difference, state.nudge->gradient,
                    0.02 * std::abs(state.nudge->gradient) + 1e-5)
            << cell.matrix;
        click("Unpin");
        EXPECT_FALSE(state.nudge);
    }
}

TEST_F(CellPanel, AParameterIsPinnedWhereItIsUsed) {
    go("block.0.head.0.queries");
    screen.run("click block.0.head.0.query_weights 3 5");
    EXPECT_TRUE(reads("Block 0, head 0: query weights"));
    EXPECT_TRUE(reads("How strongly number 3 of a place's norm goes into number 5 of its query."));
    click(label_ending("##used by 0"));
    EXPECT_EQ(stage(), "block.0.head.0.queries");
    click(label_ending("##gradient"));
    EXPECT_EQ(stage(), "gradient.block.0.head.0.query_weights");
}

// What the panel's text says, evaluated again.
class Arithmetic : public CellPanel {
protected:
    static double number_of(std::string text) {
        const auto replace = [&](const std::string& sign, const std::string& by) {
            for (std::size_t at = 0; (at = text.find(sign)) != std::string::npos;)
                text.replace(at, sign.size(), by);
        };
        replace("−", "-");
        replace("∞", "inf");
        return std::strtod(text.c_str(), nullptr);
    }

    // Between the heading and the comparison with the stored number.
    std::string arithmetic() const {
        const std::string all = words();
        const std::size_t low = all.find("How it is computed"), high = all.find("Stored by the pa");
        return all.substr(low, high - low);
    }

    // The number at the end of the arithmetic.
    double result() const {
        std::string text = arithmetic();
        for (const char* behind : {"Sum: ", ": the number itself"}) {
            const std::size_t at = text.find(behind);
            if (at == std::string::npos) continue;
            if (behind[0] == 'S') return number_of(text.substr(at + 5));
            return number_of(text.substr(text.rfind(' ', at - 1) + 1));
        }
        text = text.substr(0, text.find(" where "));
        const std::size_t equals = text.rfind("= ");
        if (equals != std::string::npos) return number_of(text.substr(equals + 2));
        return number_of(text.substr(text.rfind(' ', text.rfind(':') - 1) + 1));
    }

    // Adds up the terms of the table, of which each factor can be followed.
    void expect_terms_to_add_up(const Expression& expression) {
        double total = 0, size = 0;
        std::size_t term = 0;
        for (;; ++term) {
            const Control* a = state.controls.find(fmt::format("term {} a", term));
            const Control* b = state.controls.find(fmt::format("term {} b", term));
            const Control* single = state.controls.find(fmt::format("term {}", term));
            if (single == nullptr && (a == nullptr || b == nullptr)) break;
            const double value = single != nullptr ? number_of(single->state)
                                                   : number_of(a->state) * number_of(b->state);
            total += value;
            size += std::abs(value);
        }
        if (expression.kind != Expression::Kind::sum || term < expression.parts.size()) return;
        EXPECT_NEAR(total, expression.value, 1.1e-3 * size); // of four digits each
        ++tables;
    }

    std::size_t tables = 0;
};

TEST_F(Arithmetic, OfEveryStageIsThatOfTheCell) {
    for (std::size_t number = 0; number < state.timeline.stages.size(); ++number) {
        const Stage& stage = *state.timeline.stages[number];
        const Numbers& values = stage.values;
        state.time = state.timeline.done(number);
        for (const auto& [row, column] : {std::pair{std::size_t{0}, values.columns - 1},
                                          std::pair{values.rows / 2, values.columns / 2},
                                          std::pair{values.rows - 1, std::size_t{0}}}) {
            SCOPED_TRACE(cell_label(stage.name, row, column));
            state.pinned = CellRef{stage.name, row, column};
            screen.frame();
            const double stored = values(row, column);
            const Control* shown =
                state.controls.find("value of " + cell_label(stage.name, row, column));
            ASSERT_NE(shown, nullptr);
            EXPECT_EQ(shown->state, number_text(stored, 6));
            EXPECT_TRUE(reads(" " + number_text(stored, 6) + " "));
            EXPECT_TRUE(reads("Stored by the pass: " + number_text(stored, 9)));
            const Expression expression = explain(stage, row, column);
            if (std::isinf(stored)) {
                EXPECT_EQ(expression.value, stored);
                EXPECT_EQ(result(), stored);
                continue;
            }
            EXPECT_NEAR(expression.value, stored, 1e-6 * expression.magnitude);
            EXPECT_NEAR(result(), expression.value, 0.6e-3 * std::abs(expression.value))
                << arithmetic();
            expect_terms_to_add_up(expression);
        }
    }
    EXPECT_GT(tables, 80U);
}

TEST(LowCellPanel, ScrollsToTheChosenLink) {
    support::ViewerScreen screen(support::corpora + "/creatures/model", "", 1280, 700);
    State& state = screen.state;
    state.pinned = CellRef{"block.0.head.0.scores", 3, 1};
    screen.run("key ,\nwait 3");
    const Control* last = state.controls.find("chosen link");
    ASSERT_NE(last, nullptr);
    const float height = last->high.y - last->low.y;
    EXPECT_GT(height, 0.9F * 1.35F * state.theme.fonts.text->FontSize);
    screen.run("key .\nwait 3"); // round again, to the first one
    const Control* first = state.controls.find("chosen link");
    ASSERT_NE(first, nullptr);
    EXPECT_NEAR(first->high.y - first->low.y, height, 0.5F);
    EXPECT_NE(first->state, "");
}

} // namespace
