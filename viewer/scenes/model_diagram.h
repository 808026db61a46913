// The diagram of the whole model at one moment of the pass: where everything is, and how far the
// pass has come. Used by the sources model_*.cpp only.
#pragma once

#include "scenes/model_layout.h"
#include "scenes/model_pictures.h"
#include "state.h"

#include <map>
#include <string>
#include <string_view>

namespace whirlygig {

class ModelDiagram {
public:
    ModelDiagram(const State& state, Box area); // in pixels

    const State& state;
    Box area;
    Moment moment;
    bool backward;       // the current stage is a gradient
    std::string current; // the part at which the pass is, by its forward stage
    std::string hovered; // the part under the pointer; empty: none
    ModelLayout layout;

    ImVec2 pixels(ImVec2 units) const;
    Box pixels(const Box& units) const { return {pixels(units.low), pixels(units.high)}; }

    // Of the part's stage, or of its gradient when the pass goes backward.
    std::size_t number_of(const std::string& part) const { return numbers.at(part); }
    const Stage& stage_of(const std::string& part) const;
    bool is_computed(const std::string& part) const;
    PartProgress progress_of(const std::string& part) const;

    // The first stage, in the direction of the pass, of the block that a click opens.
    std::string entrance_of(const FoldedBlocks& blocks) const;

private:
    std::map<std::string_view, std::size_t> numbers; // by the names of the forward stages
};

// The forward stage with which a block begins.
std::string first_stage(const Config& config, std::size_t block);

// What stands behind the parts, and between them.
void draw_block(Ink& ink, const ModelDiagram& diagram, const OpenBlock& block);
void draw_folded(Ink& ink, const ModelDiagram& diagram, const FoldedBlocks& blocks);
void draw_stream(Ink& ink, const ModelDiagram& diagram);
void draw_wire(Ink& ink, const ModelDiagram& diagram, const Wire& wire);

} // namespace whirlygig
