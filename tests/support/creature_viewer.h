// The whole viewer with a sentence of the creatures, ready to be driven by a script.
#pragma once

#include "support/viewer_screen.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace support {

inline const std::string corpora = WHIRLYGIG_CORPORA;

class CreatureViewer : public testing::Test {
protected:
    explicit CreatureViewer(float height = 1000)
        : screen(corpora + "/creatures/model", "the fluffy blue creature floated", 1600, height) {
        state.time = state.timeline.start();
        state.player.fresh = false;
    }

    std::size_t number(const std::string& stage) const {
        return state.timeline.stage_number(stage);
    }
    const std::string& stage() const { return state.moment().stage->name; }
    void go(const std::string& stage) { state.time = state.timeline.done(number(stage)); }

    // All that is written on the screen, with blanks where lines end.
    std::string words() const {
        std::string words;
        for (const whirlygig::WrittenText& text : screen.written)
            words += text.text + " ";
        return words;
    }
    bool reads(const std::string& part) const { return words().find(part) != std::string::npos; }

    // What is painted while the pointer is elsewhere: nothing is lit up because it is hovered.
    std::vector<unsigned char> picture() {
        constexpr float nowhere = -std::numeric_limits<float>::max();
        ImGui::GetIO().MousePos = {nowhere, nowhere};
        for (int settle = 0; settle < 3; ++settle)
            screen.frame();
        return screen.painted();
    }

    // The whole label of a control whose words change: that of "##used by 0".
    std::string label_ending(const std::string& ending) const {
        for (const whirlygig::Control& control : state.controls.all()) {
            if (control.label.ends_with(ending)) return control.label;
        }
        ADD_FAILURE() << "there is no control that ends with " << ending;
        return "";
    }
    bool has(const std::string& label) const { return state.controls.find(label) != nullptr; }

    void click(const std::string& label) { screen.run("click \"" + label + "\""); }
    void key(const std::string& name) { screen.run("key " + name); }

    // As a user does: into the box, everything in it marked, the new text, Enter.
    void type(const std::string& text) {
        screen.run("click \"Text\"\nkey Ctrl+A\ntype \"" + text + "\"\nkey Enter");
    }

    ViewerScreen screen;
    whirlygig::State& state = screen.state;
};

} // namespace support
