// Where the parts of the whole model stand in its diagram. Only places and names: nothing is drawn
// here, and nothing is read but the model's sizes. Everything is in units from the upper left
// corner of the diagram.
#pragma once

#include "draw/box.h"
#include "model.h"

#include <string>
#include <vector>

namespace whirlygig {

// How a part is drawn.
enum class PartShape {
    box,  // its name and, below, its rows × columns
    chip, // its name and its size in one line
    map,  // a picture of the matrix
    mark, // too small for a name
    plus, // a sum on the stream
};

struct Part {
    std::string stage; // the forward stage that it stands for
    std::string name;  // "queries"
    PartShape shape = PartShape::box;
    Box room;
    bool has_caption = false; // of a map: its name stands in two lines above it
    Mask mask = Mask::causal; // of a map
};

// A line that ends at a part, with an arrow. The gradient goes along it the other way, unless
// nothing comes back there.
struct Wire {
    std::string stage;
    std::vector<ImVec2> points;
    bool has_way_back = true;
};

// The stream from `from` to `to` holds what this stage left in it.
struct StreamPiece {
    std::string stage;
    float from = 0, to = 0;
};

struct HeadTile {
    std::size_t head = 0;
    Box room;
    ImVec2 title = {0, 0};
    bool has_title = false, title_is_above = false;
};

// A block with all of its parts.
struct OpenBlock {
    std::size_t block = 0;
    Box room, heads;
    Box note; // free for words
    Box mlp;  // for the MLP's name: beside the way into it
    std::vector<HeadTile> tiles;
};

// Blocks of which only a box is shown. A click goes to `target`, the nearest to the open one.
struct FoldedBlocks {
    std::size_t first = 0, last = 0, target = 0;
    Box room;
};

struct ModelLayout {
    Box title, tokens, stream, prediction, sentence;
    std::vector<OpenBlock> open;
    std::vector<FoldedBlocks> folded;
    std::vector<StreamPiece> pieces;
    std::vector<Part> parts;
    std::vector<Wire> wires;
};

struct ModelArea {
    float width = 0, height = 0;
    bool has_loss = true;
    std::size_t open_block = 0; // is shown with all parts, others where there is room
};

ModelLayout lay_out_model(const Config& config, const ModelArea& area);

// Fills the room with a tile for each head of the block; used by lay_out_model.
void lay_out_heads(const Config& config, OpenBlock& open, ModelLayout& layout);

} // namespace whirlygig
