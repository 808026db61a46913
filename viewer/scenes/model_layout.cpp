#include "scenes/model_layout.h"

#include <fmt/format.h>

#include <algorithm>

namespace whirlygig {
namespace {

constexpr float title_height = 54;
constexpr float sentence_height = 66;
constexpr float block_title = 24;
constexpr float block_gap = 10;
constexpr float plus_radius = 11;
constexpr float least_open = 250;       // the width of a block with all of its parts
constexpr float comfortable_open = 360; // from which on several are opened
constexpr float folded_width = 40, group_width = 48;
constexpr float tight_width = 36, tight_gap = 6;

float between(float small, float large, float share) {
    return small + (large - small) * share;
}

Box around(ImVec2 centre, float width, float height) {
    return {{centre.x - width / 2, centre.y - height / 2},
            {centre.x + width / 2, centre.y + height / 2}};
}

ImVec2 top_of(const Box& room) {
    return {room.centre().x, room.low.y};
}

ImVec2 bottom_of(const Box& room) {
    return {room.centre().x, room.high.y};
}

class ModelMaker {
public:
    ModelMaker(const Config& config, const ModelArea& area)
        : config(config),
          area(area),
          roomy(std::clamp((area.width - 800) / 800, 0.0F, 1.0F)) {}

    ModelLayout make() {
        layout.title = {{0, 0}, {area.width, title_height}};
        layout.sentence = {{0, area.height - sentence_height}, {area.width, area.height}};
        rows();
        beginning();
        ending();
        blocks();
        layout.pieces.back().to = layout.stream.high.x;
        return std::move(layout);
    }

private:
    // The heights of everything, from top to bottom.
    void rows() {
        top = title_height;
        bottom = area.height - sentence_height - 8;
        const float height = bottom - top;
        box_height = std::clamp(height * 0.085F, 34.0F, 54.0F);
        space = std::clamp(height * 0.038F, 15.0F, 34.0F);
        const float thick = std::clamp(height * 0.11F, 42.0F, 92.0F);
        // Below the stream stand two rows of the MLP.
        stream_middle = bottom - 10 - 2 * (box_height + space) - thick / 2;
        layout.stream.low.y = stream_middle - thick / 2;
        layout.stream.high.y = stream_middle + thick / 2;
    }

    // The tokens and what the stream starts with.
    void beginning() {
        const float tokens = between(60, 110, roomy), box = between(76, 112, roomy);
        const float x = tokens + between(16, 40, roomy);
        layout.tokens = {{0, top + 8}, {tokens, bottom - 4}};
        const float plus = x + box + between(14, 34, roomy);
        const float apart = box_height / 2 + std::max(layout.stream.height() / 2, 22.0F);
        const float tall = std::max(box_height, 50.0F);
        const Box words = around({x + box / 2, stream_middle - apart}, box, tall);
        const Box places = around({x + box / 2, stream_middle + apart}, box, tall);
        layout.parts.push_back({"embedding.tokens", "token embedding", PartShape::box, words});
        layout.parts.push_back(
            {"embedding.positions", "position embedding", PartShape::box, places});
        wire("embedding.tokens", {{tokens + 2, words.centre().y}, {x, words.centre().y}});
        wire("embedding.positions", {{tokens + 2, places.centre().y}, {x, places.centre().y}});
        for (const Box& room : {words, places}) {
            const float sign = room.centre().y < stream_middle ? -1 : 1;
            wire("embedding.sum", {{room.high.x, room.centre().y},
                                   {plus, room.centre().y},
                                   {plus, stream_middle + sign * plus_radius}});
        }
        layout.stream.low.x = plus;
        add_plus("embedding.sum", plus);
        left = plus + between(16, 40, roomy);
    }

    // From the stream up to what comes next, which stands at the right or, where it is narrow,
    // below.
    void ending() {
        const bool narrow = area.width < 780;
        const float box = between(narrow ? 100 : 88, 124, roomy);
        const float bars = between(104, 250, roomy);
        const float end = narrow ? area.width - 12 : area.width - bars - between(16, 34, roomy);
        const float x = end - box / 2;
        right = x - box / 2 - between(8, 22, roomy);
        layout.stream.high.x = x - box / 2 + 8;
        layout.prediction = {{area.width - bars, top + 8}, {area.width, bottom - 4}};
        if (narrow) layout.prediction = {{end - box, layout.stream.high.y + 10}, {end, bottom - 2}};
        std::vector<std::pair<const char*, const char*>> chain = {
            {"final.norm", "final norm"}, {"logits", "logits"}, {"probabilities", "probabilities"}};
        if (area.has_loss) chain.emplace_back("loss", "loss");
        const float free = stream_middle - top - box_height / 2;
        const float step =
            std::min(free / static_cast<float>(chain.size() - 1), box_height + 2 * space);
        float y = stream_middle;
        for (const auto& [stage, name] : chain) {
            const Box room = around({x, y}, box, std::min(box_height, step - 10));
            layout.parts.push_back({stage, name, PartShape::box, room});
            if (y < stream_middle)
                wire(stage, {{x, room.high.y + step - room.height()}, bottom_of(room)});
            if (std::string(stage) == "probabilities") to_prediction(room, narrow);
            y -= step;
        }
    }

    void to_prediction(const Box& probabilities, bool narrow) {
        const Box& bars = layout.prediction;
        const ImVec2 out = {probabilities.high.x, probabilities.centre().y};
        const float beside = area.width - 4, into = bars.low.y + 8;
        std::vector<ImVec2> points = {out, {bars.low.x - 3, out.y}};
        if (narrow) points = {out, {beside, out.y}, {beside, into}, {bars.high.x, into}};
        layout.wires.push_back({"probabilities", std::move(points), false});
    }

    // All blocks with their parts if there is room, else the open one and boxes for the others.
    void blocks() {
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

    void fold(std::size_t first, std::size_t last, float width) {
        const std::size_t target = first > area.open_block ? first : last;
        Box room = {{left, layout.stream.low.y - 34}, {left + width, layout.stream.high.y + 34}};
        if (first == last) room.low.y = folded_maps(first, room);
        layout.folded.push_back({first, last, target, room});
        add_piece(fmt::format("block.{}.mlp.residual", last), room.centre().x);
        left += width + (width == tight_width ? tight_gap : block_gap);
    }

    // Above the stream the attention maps of a folded block, where there is room for all. Gives the
    // upper end.
    float folded_maps(std::size_t block, const Box& room) {
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

    void open(std::size_t b, float width) {
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
        mlp(name, block, box);
        layout.open.push_back(std::move(block));
        left += width + block_gap;
    }

    void attention(const std::string& name, const OpenBlock& block, float box, float y) {
        const auto at = [&](float share) { return left + block.room.width() * share; };
        const Box norm = around({at(0.12F), y}, box, box_height);
        const Box joined = around({at(0.34F), y}, box, box_height);
        const Box output = around({at(0.56F), y}, box, box_height);
        layout.parts.push_back({name + "attention.norm", "norm", PartShape::box, norm});
        layout.parts.push_back({name + "attention.joined", "joined", PartShape::box, joined});
        layout.parts.push_back({name + "attention.output", "output", PartShape::box, output});
        wire(name + "attention.norm", {{norm.centre().x, layout.stream.low.y}, bottom_of(norm)});
        const float heads = block.heads.high.y + 4;
        wire(name + "head.0.queries", {top_of(norm), {norm.centre().x, heads}});
        wire(name + "attention.joined", {{joined.centre().x, heads}, top_of(joined)});
        wire(name + "attention.output", {{joined.high.x, y}, {output.low.x, y}});
        wire(name + "attention.residual",
             {bottom_of(output), {output.centre().x, stream_middle - plus_radius}});
        add_plus(name + "attention.residual", output.centre().x);
    }

    // Down on the left, up on the right.
    void mlp(const std::string& name, const OpenBlock& block, float box) {
        const auto at = [&](float share) { return left + block.room.width() * share; };
        const float upper = layout.stream.high.y + space + box_height / 2;
        const float lower = upper + space + box_height;
        const float in = std::max(at(0.66F), at(0.56F) + plus_radius + 12), out = at(0.888F);
        const Box norm = around({in, upper}, box, box_height);
        const Box hidden = around({in, lower}, box, box_height);
        const Box activated = around({out, lower}, box, box_height);
        const Box output = around({out, upper}, box, box_height);
        layout.parts.push_back({name + "mlp.norm", "norm", PartShape::box, norm});
        layout.parts.push_back({name + "mlp.hidden", "hidden", PartShape::box, hidden});
        layout.parts.push_back({name + "mlp.activated", "GELU", PartShape::box, activated});
        layout.parts.push_back({name + "mlp.output", "output", PartShape::box, output});
        wire(name + "mlp.norm", {{in, layout.stream.high.y}, top_of(norm)});
        wire(name + "mlp.hidden", {bottom_of(norm), top_of(hidden)});
        wire(name + "mlp.activated", {{hidden.high.x, lower}, {activated.low.x, lower}});
        wire(name + "mlp.output", {top_of(activated), bottom_of(output)});
        wire(name + "mlp.residual", {top_of(output), {out, stream_middle + plus_radius}});
        add_plus(name + "mlp.residual", out);
    }

    void add_plus(const std::string& stage, float x) {
        layout.parts.push_back({stage, "plus", PartShape::plus,
                                around({x, stream_middle}, 2 * plus_radius, 2 * plus_radius)});
        add_piece(stage, x);
    }

    void add_piece(const std::string& stage, float x) {
        if (!layout.pieces.empty()) layout.pieces.back().to = x;
        layout.pieces.push_back({stage, x, x});
    }

    void wire(const std::string& stage, std::vector<ImVec2> points) {
        layout.wires.push_back({stage, std::move(points), true});
    }

    const Config& config;
    const ModelArea& area;
    float roomy; // 0 for the smallest areas, 1 for large ones
    float top = 0, bottom = 0, box_height = 0, space = 0, stream_middle = 0;
    float left = 0, right = 0; // of the room for blocks; left moves on with each
    ModelLayout layout;
};

} // namespace

ModelLayout lay_out_model(const Config& config, const ModelArea& area) {
    return ModelMaker(config, area).make();
}

} // namespace whirlygig
