// The whole model as one diagram: the residual stream from left to right, and what reads it and
// adds to it.
#include "draw/chart.h"
#include "panels/matrix_words.h"
#include "parameters.h"
#include "scenes/model_diagram.h"
#include "scenes/scenes.h"
#include "terminal/stage_shapes.h"
#include "terminal/stage_words.h"

#include <fmt/format.h>

#include <optional>

namespace whirlygig {
namespace {

// Where a click goes: to a stage, or to the block that it opens.
struct Choice {
    std::optional<std::size_t> stage, block;
};

Choice find_pointer(State& state, ModelDiagram& diagram) {
    Choice choice;
    const auto point_at = [&](const std::string& part, Box room, const char* words) {
        const Stage& stage = diagram.stage_of(part);
        const Pointer pointer =
            area(state.controls, "part " + stage.name, room.low, room.high, words);
        if (pointer.hovered) {
            diagram.hovered = part;
            ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        }
        return pointer.clicked;
    };
    for (const FoldedBlocks& blocks : diagram.layout.folded) {
        const std::string part = diagram.entrance_of(blocks);
        if (point_at(part, diagram.pixels(blocks.room), "folded"))
            choice.block = diagram.number_of(part);
    }
    for (const Part& part : diagram.layout.parts) {
        const char* done = diagram.is_computed(part.stage) ? "computed" : "not computed";
        const char* words = part.stage == diagram.current ? "current" : done;
        if (point_at(part.stage, diagram.pixels(part.room), words))
            choice.stage = diagram.number_of(part.stage);
    }
    return choice;
}

void draw_title(Ink& ink, const ModelDiagram& diagram) {
    const Theme& theme = ink.theme;
    const Config& config = diagram.state.folder.model->config;
    const Box room = diagram.pixels(diagram.layout.title);
    ink.text_within(theme.fonts.large, room.low, room.width(), theme.text,
                    diagram.backward ? "The way back: gradients through the whole model"
                                     : "The whole model");
    const std::string words =
        diagram.backward
            ? std::string("From the loss back to the tables: how fast the loss grows with each "
                          "number. Click any part.")
            : fmt::format("{} {} of {} {}, width {}, {} parameters. Click any part. Small maps: "
                          "attention weights, row looks at column.",
                          config.layers, config.layers == 1 ? "block" : "blocks", config.heads,
                          config.heads == 1 ? "head" : "heads", config.width,
                          count_parameters(config));
    ink.text_within(theme.fonts.small, {room.low.x, room.low.y + theme.units(29)}, room.width(),
                    theme.dim, words);
}

void draw_parts(Ink& ink, const ModelDiagram& diagram) {
    for (const Part& part : diagram.layout.parts) {
        const Stage& stage = diagram.stage_of(part.stage);
        const Box room = diagram.pixels(part.room);
        const PartProgress progress = diagram.progress_of(part.stage);
        if (part.shape == PartShape::map) {
            draw_map(ink, part, room, progress, stage);
        } else {
            draw_part(ink, part, room, progress, shape_text(stage));
        }
    }
}

void draw_both_ends(Ink& ink, const ModelDiagram& diagram) {
    const TracedText text = diagram.state.traced_text();
    const Box words = diagram.pixels(diagram.layout.parts.at(0).room);
    const Box places = diagram.pixels(diagram.layout.parts.at(1).room);
    draw_tokens(ink, text, diagram.pixels(diagram.layout.tokens),
                {words.centre().y, places.centre().y});
    draw_prediction(ink, text, diagram.pixels(diagram.layout.prediction),
                    diagram.backward || diagram.is_computed("probabilities"));
}

// What the part under the pointer does, or else the current one.
void draw_sentence(Ink& ink, const ModelDiagram& diagram) {
    const Theme& theme = ink.theme;
    const Box room = diagram.pixels(diagram.layout.sentence);
    const bool none = diagram.hovered.empty();
    const Stage& stage = none ? *diagram.moment.stage : diagram.stage_of(diagram.hovered);
    ink.line(room.low, {room.high.x, room.low.y}, theme.edge, theme.units(1));
    const std::string words = fmt::format("{}{}  {}", none ? "Now: " : "",
                                          title_of(diagram.state, stage.name), shape_text(stage));
    const float y = room.low.y + theme.units(7);
    ink.text_within(theme.fonts.text, {room.low.x, y}, room.width(), theme.accent, words);
    Box lines = {{room.low.x, y + theme.units(22)}, room.high};
    write(ink, lines, {theme.fonts.small, theme.dim, 3}, sentence_about(stage));
}

void go(State& state, const Choice& choice) {
    if (choice.block && !choice.stage) state.time = {*choice.block, 0};
    if (choice.stage) show_stage(state, {*choice.stage, 0}, std::nullopt);
}

} // namespace

void draw_model_scene(State& state, Ink& ink, ImVec2 low, ImVec2 high) {
    state.hovered.reset(); // there are no cells here
    ModelDiagram diagram(state, {low, high});
    const Choice choice = find_pointer(state, diagram);
    draw_title(ink, diagram);
    for (const OpenBlock& block : diagram.layout.open)
        draw_block(ink, diagram, block);
    draw_stream(ink, diagram);
    for (const FoldedBlocks& blocks : diagram.layout.folded)
        draw_folded(ink, diagram, blocks);
    for (const Wire& wire : diagram.layout.wires)
        draw_wire(ink, diagram, wire);
    draw_parts(ink, diagram);
    draw_both_ends(ink, diagram);
    draw_sentence(ink, diagram);
    go(state, choice);
}

} // namespace whirlygig
