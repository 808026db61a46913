// The blocks of the whole model side by side, open or folded.
#include "scenes/model_maker.h"
#include "trace/trace.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {
namespace {

constexpr float block_title = 24;
constexpr float block_gap = 10;
constexpr float least_open = 250;       // the width of a block with all of its parts
constexpr float comfortable_open = 360; // from which on several are opened
constexpr float folded_width = 40, group_width = 48;
constexpr float tight_width = 36, tight_gap = 6;

} // namespace

// All blocks with their parts if there is room, else the open one and boxes for the others.
void ModelMaker::blocks() {
    const auto count = static_cast<float>(config.layers);
    const float room = right - left;
    if (count * comfortable_open + (count - 1) * block_gap <= room || config.layers == 1) {
        const float width = (room - (count - 1) * block_gap) / count;
        for (std::size_t b = 0; b < config.layers; ++b)
            open(b, width);
        return;
    }
    const std::size_t here = std::min(area.open_block, config.layers - 1);
    const std::size_t last = config.layers - 1;
    if ((count - 1) * (folded_width + block_gap) + least_open <= room) {
        const float width = room - (count - 1) * (folded_width + block_gap);
        for (std::size_t b = 0; b < config.layers; ++b) {
            if (b == here) {
                open(b, width);
            } else {
                fold(b, b, folded_width);
            }
        }
        return;
    }
    // As narrow as the words in them allow.
    const bool tight = room - 2 * (group_width + block_gap) < least_open;
    const float group = tight ? tight_width : group_width;
    const float used = group + (tight ? tight_gap : block_gap);
    const float sides = (here > 0 ? 1.0F : 0.0F) + (here < last ? 1.0F : 0.0F);
    if (here > 0) fold(0, here - 1, group);
    open(here, room - sides * used);
    if (tight) left += tight_gap - block_gap;
    if (here < last) fold(here + 1, last, group);
}

void ModelMaker::fold(std::size_t first, std::size_t last, float width) {
    const std::size_t target = first > area.open_block ? first : last;
    Box room = {{left, layout.stream.low.y - 34}, {left + width, layout.stream.high.y + 34}};
    if (first == last) room.low.y = folded_maps(first, room);
    layout.folded.push_back({first, last, target, room});
    add_piece(stream_name(config, last + 1), room.centre().x);
    left += width + (width == tight_width ? tight_gap : block_gap);
}

// Above the stream the attention maps of a folded block, where there is room for all. Gives the
// upper end.
float ModelMaker::folded_maps(std::size_t block, const Box& room) {
    const float size = room.width() - 8, step = size + 5;
    const float height = static_cast<float>(config.heads) * step;
    float y = layout.stream.low.y - 6 - height;
    if (y < top + 6) return room.low.y;
    const float upper = std::min(y - 5, room.low.y);
    for (std::size_t head = 0; head < config.heads; ++head) {
        layout.parts.push_back({fmt::format("block.{}.head.{}.attention_weights", block, head),
                                "attention weights",
                                PartShape::map,
                                {{room.low.x + 4, y}, {room.high.x - 4, y + size}}});
        y += step;
    }
    return upper;
}

void ModelMaker::open(std::size_t b, float width) {
    OpenBlock block;
    block.block = b;
    block.room = {{left, top}, {left + width, bottom}};
    const std::string name = fmt::format("block.{}.", b);
    const float box = std::clamp(width * 0.2F, 46.0F, 112.0F);
    const float above = layout.stream.low.y - space - box_height / 2;
    block.heads = {{left + 8, top + block_title},
                   {left + width - 8, above - box_height / 2 - space}};
    block.note = {{left + 12, layout.stream.high.y + 8}, {left + width * 0.52F, bottom - 8}};
    lay_out_heads(config, block, layout);
    attention(name, block, box, above);
    if (config.without != Without::mlp) {
        mlp(name, block, box);
        block.mlp = mlp_title(block);
    }
    layout.open.push_back(std::move(block));
    left += width + block_gap;
}

void ModelMaker::attention(const std::string& name, const OpenBlock& block, float box, float y) {
    const auto at = [&](float share) { return left + block.room.width() * share; };
    const Box norm = around({at(0.12F), y}, box, box_height);
    const Box joined = around({at(0.34F), y}, box, box_height);
    const Box output = around({at(0.56F), y}, box, box_height);
    const bool has_norm = config.without != Without::norm;
    if (has_norm) layout.parts.push_back({name + "attention.norm", "norm", PartShape::box, norm});
    layout.parts.push_back({name + "attention.joined", "joined", PartShape::box, joined});
    layout.parts.push_back({name + "attention.output", "output", PartShape::box, output});
    const ImVec2 out_of_stream = {norm.centre().x, layout.stream.low.y};
    if (has_norm) wire(name + "attention.norm", {out_of_stream, bottom_of(norm)});
    const float heads = block.heads.high.y + 4;
    wire(name + "head.0.queries",
         {has_norm ? top_of(norm) : out_of_stream, {norm.centre().x, heads}});
    wire(name + "attention.joined", {{joined.centre().x, heads}, top_of(joined)});
    wire(name + "attention.output", {{joined.high.x, y}, {output.low.x, y}});
    into_stream(name + "attention.",
                {bottom_of(output), {output.centre().x, stream_middle - plus_radius}});
}

// What a part found is added to the stream or, in a model without residual stream, takes its place.
void ModelMaker::into_stream(const std::string& part, const std::vector<ImVec2>& points) {
    const bool has_residual = config.without != Without::residual;
    const std::string stage = part + (has_residual ? "residual" : "output");
    wire(stage, points);
    if (has_residual) {
        add_plus(stage, points.back().x);
    } else {
        add_piece(stage, points.back().x);
    }
}

float ModelMaker::mlp_centre(const OpenBlock& block) const {
    const auto at = [&](float share) { return left + block.room.width() * share; };
    return std::max(at(0.66F), at(0.56F) + plus_radius + 12);
}

// Between the stream and the MLP's boxes, beside the way down.
Box ModelMaker::mlp_title(const OpenBlock& block) const {
    const float from = mlp_centre(block) + 7, to = left + block.room.width() * 0.888F - 7;
    return {{from, layout.stream.high.y}, {to, layout.stream.high.y + space}};
}

// Down on the left, up on the right.
void ModelMaker::mlp(const std::string& name, const OpenBlock& block, float box) {
    const auto at = [&](float share) { return left + block.room.width() * share; };
    const float upper = layout.stream.high.y + space + box_height / 2;
    const float lower = upper + space + box_height;
    const float in = mlp_centre(block), out = at(0.888F);
    const Box norm = around({in, upper}, box, box_height);
    const Box hidden = around({in, lower}, box, box_height);
    const Box activated = around({out, lower}, box, box_height);
    const Box output = around({out, upper}, box, box_height);
    const bool has_norm = config.without != Without::norm;
    if (has_norm) layout.parts.push_back({name + "mlp.norm", "norm", PartShape::box, norm});
    layout.parts.push_back({name + "mlp.hidden", "hidden", PartShape::box, hidden});
    layout.parts.push_back({name + "mlp.activated", "GELU", PartShape::box, activated});
    layout.parts.push_back({name + "mlp.output", "output", PartShape::box, output});
    const ImVec2 out_of_stream = {in, layout.stream.high.y};
    if (has_norm) wire(name + "mlp.norm", {out_of_stream, top_of(norm)});
    wire(name + "mlp.hidden", {has_norm ? bottom_of(norm) : out_of_stream, top_of(hidden)});
    wire(name + "mlp.activated", {{hidden.high.x, lower}, {activated.low.x, lower}});
    wire(name + "mlp.output", {top_of(activated), bottom_of(output)});
    into_stream(name + "mlp.", {top_of(output), {out, stream_middle + plus_radius}});
}

} // namespace whirlygig
