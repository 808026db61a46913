#include "script.h"

#include "error.h"
#include "script_keys.h"
#include "text/edit_distance.h"
#include "text/utf8.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

namespace whirlygig {
namespace {

// From the whole label, or from the part of it that is written on the control.
std::size_t distance_to(std::u32string_view wanted, const std::string& label) {
    const std::u32string whole = code_points(label);
    const std::u32string written = whole.substr(0, whole.find(U"##"));
    return std::min(edit_distance(wanted, whole), edit_distance(wanted, written));
}

std::vector<std::string> nearest_labels(const Controls& controls, const std::string& label) {
    constexpr std::size_t enough = 3;
    const std::u32string wanted = code_points(label);
    std::size_t smallest = std::numeric_limits<std::size_t>::max();
    std::vector<std::string> nearest;
    for (const Control& control : controls.all()) {
        const std::size_t distance = distance_to(wanted, control.label);
        if (distance < smallest) nearest.clear();
        smallest = std::min(smallest, distance);
        if (distance == smallest && nearest.size() < enough)
            nearest.push_back(fmt::format("\"{}\"", control.label));
    }
    return nearest;
}

// Dear ImGui has no keys until a backend has numbered them, and one without a display has none.
void number_keys(ImGuiIO& io) {
    for (int key = 0; key < ImGuiKey_COUNT; ++key) {
        if (io.KeyMap[key] < 0) io.KeyMap[key] = key;
    }
}

// Presses what the commands say, frame by frame.
class Runner {
public:
    Runner(const State& state, const ScriptHost& host)
        : controls(state.controls),
          host(host) {
        number_keys(io);
        wait(2); // some windows find their size in the first frame and are drawn in the second
    }

    void run(const Command& command) {
        switch (command.kind) {
        case Command::Kind::click:
            return click(command);
        case Command::Kind::hover:
            return hover(command);
        case Command::Kind::key:
            return press(script_key(command.label));
        case Command::Kind::type:
            return type(command.value);
        case Command::Kind::wait:
            return wait(command.frames);
        case Command::Kind::expect:
            return expect(command);
        case Command::Kind::shot:
            return host.shot(command.value);
        }
    }

private:
    void wait(int frames) const {
        for (int frame = 0; frame < frames; ++frame)
            host.frame();
    }

    const Control& find(const std::string& label) const {
        if (const Control* control = controls.find(label)) return *control;
        const std::vector<std::string> nearest = nearest_labels(controls, label);
        if (nearest.empty()) fail("there is no control \"{}\", nor any other", label);
        fail("there is no control \"{}\"; the nearest {} {}", label,
             nearest.size() == 1 ? "is" : "are", fmt::join(nearest, ", "));
    }

    void move_to(const Command& command) {
        const Control& control = find(command.label);
        const float width = control.high.x - control.low.x;
        const float height = control.high.y - control.low.y;
        if (width <= 0 || height <= 0)
            fail("\"{}\" is out of sight; go to where it is drawn, or make the window larger",
                 command.label);
        // The last pixel on the right still belongs to the control, its corner no more.
        io.MousePos = {control.low.x + command.share * std::max(width - 1, 0.0F) + 0.5F,
                       control.low.y + height / 2};
    }

    void hover(const Command& command) {
        move_to(command);
        wait(2); // what was drawn before the hovered thing knows of it one frame later
    }

    void click(const Command& command) {
        move_to(command);
        wait(1);
        io.MouseDown[0] = true;
        wait(1);
        io.MouseDown[0] = false;
        wait(2);
    }

    void press(const ScriptKey& key) {
        set(key, true);
        if (key.character != 0) io.AddInputCharactersUTF8(to_utf8(key.character).c_str());
        wait(1);
        set(key, false);
        wait(1);
    }

    void set(const ScriptKey& key, bool down) {
        if (key.mapped) io.KeysDown[io.KeyMap[*key.mapped]] = down;
        io.KeyCtrl = key.control && down;
    }

    void type(const std::string& text) {
        if (!io.WantTextInput) fail("nothing takes a text here; click a text box first");
        io.AddInputCharactersUTF8(text.c_str());
        wait(2);
    }

    void expect(const Command& command) const {
        const Control& control = find(command.label);
        if (command.compares && control.state != command.value)
            fail("\"{}\" is \"{}\", not \"{}\"", command.label, control.state, command.value);
    }

    const Controls& controls;
    const ScriptHost& host;
    ImGuiIO& io = ImGui::GetIO();
};

} // namespace

std::string cell_label(const std::string& matrix, std::size_t row, std::size_t column) {
    return fmt::format("{} {} {}", matrix, row, column);
}

void run_script(State& state, const std::vector<Command>& commands, const ScriptHost& host,
                const std::string& source) {
    Runner runner(state, host);
    for (const Command& command : commands) {
        try {
            runner.run(command);
        } catch (const Error& error) {
            fail("{} line {}: {}", source, command.line, error.what());
        }
    }
}

} // namespace whirlygig
