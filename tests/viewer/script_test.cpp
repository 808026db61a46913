#include "script.h"

#include "support/error_sentence.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace whirlygig;

namespace {

using Kind = Command::Kind;

// The only command of a script of one line.
Command parsed(const std::string& line) {
    const std::vector<Command> commands = parse_script(line, "demo.txt");
    EXPECT_EQ(commands.size(), 1u) << line;
    return commands.empty() ? Command{} : commands.front();
}

std::string refusal(const std::string& script) {
    return error_sentence([&] { parse_script(script, "demo.txt"); });
}

} // namespace

TEST(Script, Clicks) {
    const Command plain = parsed("click \"▶ Play##timeline\"");
    EXPECT_EQ(plain.kind, Kind::click);
    EXPECT_EQ(plain.label, "▶ Play##timeline");
    EXPECT_EQ(plain.share, 0.5F);
    const Command at_quarter = parsed("click \"speed\" 0.25");
    EXPECT_EQ(at_quarter.label, "speed");
    EXPECT_EQ(at_quarter.share, 0.25F);
    EXPECT_EQ(parsed("click \"speed\" 0").share, 0);
    EXPECT_EQ(parsed("click \"speed\" 1").share, 1);
    EXPECT_EQ(parsed("click block.0.head.1.scores 3 1").label, "block.0.head.1.scores 3 1");
}

TEST(Script, Hovers) {
    const Command cell = parsed("hover gradient.logits 12 0");
    EXPECT_EQ(cell.kind, Kind::hover);
    EXPECT_EQ(cell.label, cell_label("gradient.logits", 12, 0));
    EXPECT_EQ(parsed("hover \"loop\"").label, "loop");
}

TEST(Script, Keys) {
    for (const std::string name :
         {"Left",  "Right", "Up",        "Down",   "Space",  "Home",     "End",    "Escape",
          "Enter", "Tab",   "Backspace", "Delete", "PageUp", "PageDown", "l",      "H",
          "?",     "+",     "é",         "#",      "Ctrl+A", "Ctrl+a",   "Ctrl+z", "Ctrl+Left"}) {
        const Command command = parsed("key " + name);
        EXPECT_EQ(command.kind, Kind::key);
        EXPECT_EQ(command.label, name);
    }
}

TEST(Script, TypesWaitsAndShoots) {
    const Command type = parsed("type \"the  blue \"");
    EXPECT_EQ(type.kind, Kind::type);
    EXPECT_EQ(type.value, "the  blue ");
    const Command wait = parsed("wait 30");
    EXPECT_EQ(wait.kind, Kind::wait);
    EXPECT_EQ(wait.frames, 30);
    EXPECT_EQ(parsed("wait 0").frames, 0);
    const Command shot = parsed("shot pictures/first.png");
    EXPECT_EQ(shot.kind, Kind::shot);
    EXPECT_EQ(shot.value, "pictures/first.png");
    EXPECT_EQ(parsed("shot \"my pictures/first.png\"").value, "my pictures/first.png");
}

TEST(Script, Expects) {
    const Command there = parsed("expect \"Play\"");
    EXPECT_EQ(there.kind, Kind::expect);
    EXPECT_EQ(there.label, "Play");
    EXPECT_FALSE(there.compares);
    const Command on = parsed("expect \"loop\" = \"on\"");
    EXPECT_EQ(on.label, "loop");
    EXPECT_EQ(on.value, "on");
    EXPECT_TRUE(on.compares);
    const Command empty = parsed("expect \"text\" = \"\"");
    EXPECT_EQ(empty.value, "");
    EXPECT_TRUE(empty.compares);
}

TEST(Script, QuotationMarksMayBeQuoted) {
    EXPECT_EQ(parsed(R"(type "say \"yes\"")").value, R"(say "yes")");
    EXPECT_EQ(parsed(R"(type "a\\")").value, R"(a\)");
    EXPECT_EQ(parsed(R"(type "a\b")").value, R"(a\b)");
    EXPECT_EQ(parsed("type \"# no comment\"").value, "# no comment");
}

TEST(Script, SkipsCommentsAndEmptyLinesButCountsThem) {
    const auto commands = parse_script("# a comment\n\n  \t\n\twait 1\r\n  # another\n\r\n"
                                       "  click   \"Play\"  \nwait 2",
                                       "demo.txt");
    ASSERT_EQ(commands.size(), 3u);
    EXPECT_EQ(commands[0].line, 4);
    EXPECT_EQ(commands[0].frames, 1);
    EXPECT_EQ(commands[1].line, 7);
    EXPECT_EQ(commands[1].label, "Play");
    EXPECT_EQ(commands[2].line, 8);
    EXPECT_TRUE(parse_script("", "demo.txt").empty());
    EXPECT_TRUE(parse_script("\n\n# nothing", "demo.txt").empty());
}

TEST(Script, AnErrorNamesSourceAndLine) {
    EXPECT_EQ(refusal("wait 1\n\nclik \"Play\"\n"),
              "demo.txt line 3: there is no command \"clik\"; there are click, hover, key, type, "
              "wait, expect, shot");
    EXPECT_EQ(refusal("wait 1\nwait for me"),
              "demo.txt line 2: wait goes like this: wait N, where N is how many frames, 10000 at "
              "most");
}

TEST(Script, EachCommandSaysHowItIsWritten) {
    for (const std::string line :
         {"click", "click Play", "click \"Play\" \"Step\"", "click \"speed\" 1.5",
          "click \"speed\" -0.5", "click \"speed\" nan", "click logits 1", "click logits 1 -1",
          "click logits 1 2 3", "click \"logits\" 1 2", "click logits 1 2x",
          "click logits 99999999999999999999999 2"}) {
        expect_contains(refusal(line), "demo.txt line 1: click goes like this: click \"LABEL\"");
    }
    for (const std::string line : {"hover", "hover logits", "hover \"a\" \"b\""})
        expect_contains(refusal(line), "hover goes like this: hover \"LABEL\"");
    for (const std::string line : {"key", "key Left Right", "key \"Left\""})
        expect_contains(refusal(line), "key goes like this: key NAME");
    for (const std::string line : {"type", "type the", "type \"\"", "type \"the\" \"blue\""})
        expect_contains(refusal(line), "type goes like this: type \"TEXT\"");
    for (const std::string line : {"wait", "wait -1", "wait 1.5", "wait 10001", "wait \"1\""})
        expect_contains(refusal(line), "wait goes like this: wait N");
    for (const std::string line : {"expect", "expect Play", "expect \"a\" \"b\"",
                                   "expect \"a\" = b", "expect \"a\" =", "expect \"a\" is \"b\"",
                                   "expect \"a\" \"=\" \"b\"", "expect \"a\" = \"b\" c"})
        expect_contains(refusal(line), "expect goes like this: expect \"LABEL\"");
    for (const std::string line : {"shot", "shot a.png b.png", "shot \"\""})
        expect_contains(refusal(line), "shot goes like this: shot FILE");
}

TEST(Script, UnknownKeysAreRefusedBeforeAnythingIsPressed) {
    for (const std::string name : {"Lft", "left", "Ctrl+", "Ctrl+l", "Ctrl+?", "Ctrl+Ctrl+a"}) {
        const std::string sentence = refusal("key " + name);
        expect_contains(sentence, "demo.txt line 1: there is no key \"" + name + "\"; there are");
        expect_contains(sentence, "Left, Right, Up, Down, Space");
    }
}

TEST(Script, BrokenQuotationsAndBytesAreRefused) {
    expect_contains(refusal("click \"Play"), "line 1: the closing quotation mark is missing");
    expect_contains(refusal("type \"a\\\""), "the closing quotation mark is missing");
    expect_contains(refusal("expect \"a\"=\"b\""), "put a blank behind the closing quotation");
    expect_contains(refusal("\"click\" \"Play\""), "there is no command \"click\"");
    expect_contains(refusal("wait 1\ntype \"\xFF\""), "line 2: the line is not valid UTF-8");
}

TEST(Script, ACellIsLabelledByMatrixRowAndColumn) {
    EXPECT_EQ(cell_label("block.0.head.1.scores", 3, 1), "block.0.head.1.scores 3 1");
}
