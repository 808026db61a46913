// Every button, slider and switch goes through here, so that each is drawn alike and a script can
// find it by its label, press it and read its state.
#pragma once

#include <imgui.h>

#include <functional>
#include <string>
#include <vector>

namespace whirlygig {

struct Theme;

// What was drawn in this frame. Things without a control of their own, like a cell or a part of the
// overview, are recorded too: they can be clicked and hovered by their label.
struct Control {
    std::string label; // "Play"; unique in a frame
    ImVec2 low, high;  // corners of the part that is seen, in pixels; the same when none is
    std::string state; // what `expect "label" = "state"` compares: "on", "0.42", "the blue dragon"
};

class Controls {
public:
    bool cells_too = false; // record every cell of a matrix: thousands, so only when a script runs

    void begin_frame() { drawn.clear(); }
    // Leaves out what lies outside of the current clip rectangle.
    void record(std::string label, ImVec2 low, ImVec2 high, std::string state = "");
    // By its label, or by what comes after "###" in a label that changes: "Play" finds
    // "Pause###Play".
    const Control* find(const std::string& label) const; // none: nullptr
    const std::vector<Control>& all() const { return drawn; }

private:
    std::vector<Control> drawn;
};

// Of all controls but links, and of buttons whose height is given as 0; in pixels.
float control_height(const Theme& theme);

enum class Weight { plain, strong }; // strong: the one thing to press here

// What is written on a control is the part of its label before "##"; what comes after tells apart
// those that look alike. It stands on a button, to the right of a toggle or a slider, and in a text
// box that is empty. Each shows `tip` when the pointer rests on it; an empty tip shows nothing.
// Sizes and widths are in pixels; a button whose width is given as 0 fits its text. The state of a
// button is what is written on it.
bool button(Controls& controls, const Theme& theme, const std::string& label, ImVec2 size,
            Weight weight, const std::string& tip);

// A word that can be clicked: "follow this". True when it was.
bool link(Controls& controls, const Theme& theme, const std::string& label, const std::string& tip);

bool toggle(Controls& controls, const Theme& theme, const std::string& label, bool& on,
            const std::string& tip);

struct SliderRange {
    float least, most;
    bool logarithmic = false;
};
bool slider(Controls& controls, const Theme& theme, const std::string& label, float& value,
            SliderRange range, float width, const char* format, const std::string& tip);

// One of several, side by side: their names are written on it, the label is for scripts only. True
// when another one was chosen. Its parts are recorded, too: beside the choice "Level" with the
// state "row" there are "Level: row", "on", and "Level: cell", "off".
bool choice(Controls& controls, const Theme& theme, const std::string& label, int& chosen,
            const std::vector<std::string>& names, const std::string& tip);

// What the key Tab makes of a text.
using Completion = std::function<std::string(const std::string& text)>;

// True when the user pressed Enter or left it changed.
bool text_box(Controls& controls, const Theme& theme, const std::string& label, std::string& text,
              float width, const std::string& tip, Completion complete = {});

// An area that is drawn by its caller and takes the pointer where no control lies on it. `label` is
// for scripts only. It is clicked when the button goes up without having been dragged.
struct Pointer {
    bool hovered = false, clicked = false;
};
Pointer area(Controls& controls, const std::string& label, ImVec2 low, ImVec2 high,
             const std::string& state = "");

} // namespace whirlygig
