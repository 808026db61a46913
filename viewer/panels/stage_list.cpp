// The stages in their order, in groups that open for the current one.
#include "panels/panels.h"
#include "stages/matrix_labels.h"
#include "terminal/stage_name.h"
#include "terminal/stage_words.h"

#include <fmt/format.h>

namespace whirlygig {
namespace {

// "Block 0, head 1": the stages of a group stand together in the order in which they are computed.
std::string group_of(const Stage& stage) {
    // What comes back through a norm belongs to the norm, though it is a gradient by the stream.
    const bool through_norm = stage.operation == Operation::normalise_backward;
    const StageName name = parse_stage_name(through_norm ? stage.made_from[0].name : stage.name);
    const std::string back = name.gradient ? "Back: " : "";
    if (!name.block) {
        const bool first = name.role.starts_with("embedding");
        if (name.gradient) return back + (first ? "embedding" : "prediction");
        return first ? "Embedding" : "Prediction";
    }
    const std::string block = fmt::format("{}lock {}", name.gradient ? 'b' : 'B', *name.block);
    if (name.head) return back + fmt::format("{}, head {}", block, *name.head);
    if (name.role.starts_with("mlp")) return back + block + ", MLP";
    const bool norm = name.role.starts_with("attention.norm");
    return back + block + (norm ? ", norm" : name.gradient ? ", joined" : ", heads joined");
}

// What tells a stage apart from the others of its group, which says the rest already: "down
// weights" within "Back: block 0, MLP".
std::string entry_words(const Stage& stage, const std::string& group) {
    std::string words = short_name(std::string(without_gradient(stage.name)));
    for (const auto& [ending, said] :
         {std::pair("MLP", "MLP "), std::pair("joined", "attention "),
          std::pair("norm", "attention "), std::pair("embedding", "embedding "),
          std::pair("Embedding", "embedding ")}) {
        if (group.ends_with(ending) && words.starts_with(said))
            return words.substr(std::string_view(said).size());
    }
    return words;
}

class StageList {
public:
    StageList(State& state, Ink& ink)
        : state(state),
          ink(ink),
          theme(state.theme),
          left(ImGui::GetCursorScreenPos().x),
          width(ImGui::GetContentRegionAvail().x) {}

    void draw() {
        const std::vector<const Stage*>& stages = state.timeline.stages;
        const std::string current = group_of(*stages[state.time.stage]);
        std::string group;
        for (std::size_t number = 0; number < stages.size(); ++number) {
            const std::string here = group_of(*stages[number]);
            if (here != group) heading(here, number, here == current);
            group = here;
            if (here == current) entry(number, here);
        }
    }

private:
    // A row of the list; gives its upper left corner.
    ImVec2 row(float height) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::Dummy({width, height});
        ImGui::SetCursorScreenPos({at.x, at.y + height});
        return at;
    }

    void heading(const std::string& group, std::size_t number, bool open) {
        const float height = theme.units(27);
        const ImVec2 at = row(height);
        const Pointer pointer =
            area(state.controls, group, at, {at.x + width, at.y + height}, open ? "open" : "");
        const ImU32 colour = open ? theme.text : pointer.hovered ? theme.text : theme.dim;
        const ImVec2 dot = {at.x + theme.units(12), at.y + height / 2};
        if (number < state.time.stage || open) {
            ink.circle(dot, theme.units(4), theme.accent);
        } else {
            ink.ring(dot, theme.units(4), theme.faint, theme.units(1.5F));
        }
        ink.text_within(theme.fonts.text, {at.x + theme.units(28), at.y + theme.units(5)},
                        width - theme.units(30), colour, group);
        if (pointer.clicked) go_to(number);
    }

    void entry(std::size_t number, const std::string& group) {
        const Stage& stage = *state.timeline.stages[number];
        const float height = theme.units(25);
        const ImVec2 at = row(height);
        const ImVec2 high = {at.x + width - theme.units(8), at.y + height};
        const bool current = number == state.time.stage;
        const Pointer pointer =
            area(state.controls, stage.name, at, high, current ? "current" : "");
        if (current) {
            ink.rectangle({at.x + theme.units(20), at.y}, high, theme.accent_soft, theme.units(6));
            if (state.stage_in_sight != number) ImGui::SetScrollHereY(0.5F);
            state.stage_in_sight = number;
        } else if (pointer.hovered) {
            ink.rectangle({at.x + theme.units(20), at.y}, high, theme.empty_cell, theme.units(6));
        }
        const bool done = number < state.time.stage || (current && state.moment().done);
        const ImU32 colour = current ? theme.text : done ? theme.dim : theme.faint;
        ink.text_within(theme.fonts.text, {at.x + theme.units(30), at.y + theme.units(4)},
                        width - theme.units(42), colour, entry_words(stage, group));
        if (state.comparison.of(stage.name) != nullptr)
            ink.circle({at.x + theme.units(24), at.y + height / 2}, theme.units(3), theme.warning);
        if (pointer.hovered)
            ImGui::SetTooltip("%s\n%s", stage.title.c_str(), sentence_about(stage).c_str());
        if (pointer.clicked) go_to(number);
    }

    void go_to(std::size_t number) {
        state.player.playing = false;
        show_stage(state, state.timeline.done(number), std::nullopt);
    }

    State& state;
    Ink& ink;
    const Theme& theme;
    float left, width;
};

} // namespace

void draw_stage_list(State& state, Ink& ink) {
    StageList(state, ink).draw();
}

} // namespace whirlygig
