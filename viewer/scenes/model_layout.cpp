#include "scenes/model_layout.h"

#include "scenes/model_maker.h"
#include "trace/trace.h"

#include <algorithm>

namespace whirlygig {
namespace {

constexpr float title_height = 54;
constexpr float sentence_height = 66;

float between(float small, float large, float share) {
    return small + (large - small) * share;
}

} // namespace

ModelMaker::ModelMaker(const Config& config, const ModelArea& area)
    : config(config),
      area(area),
      roomy(std::clamp((area.width - 800) / 800, 0.0F, 1.0F)) {}

ModelLayout ModelMaker::make() {
    layout.title = {{0, 0}, {area.width, title_height}};
    layout.sentence = {{0, area.height - sentence_height}, {area.width, area.height}};
    rows();
    beginning();
    ending();
    blocks();
    layout.pieces.back().to = layout.stream.high.x;
    return std::move(layout);
}

// The heights of everything, from top to bottom.
void ModelMaker::rows() {
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
void ModelMaker::beginning() {
    const float tokens = between(60, 110, roomy), box = between(76, 112, roomy);
    const float x = tokens + between(16, 40, roomy);
    layout.tokens = {{0, top + 8}, {tokens, bottom - 4}};
    const float plus = x + box + between(14, 34, roomy);
    const float apart = box_height / 2 + std::max(layout.stream.height() / 2, 22.0F);
    const float tall = std::max(box_height, 50.0F);
    const Box words = around({x + box / 2, stream_middle - apart}, box, tall);
    const Box places = around({x + box / 2, stream_middle + apart}, box, tall);
    const auto part = [&](const char* stage, const char* name, const Box& room) {
        layout.parts.push_back({stage, name, PartShape::box, room});
        wire(stage, {{tokens + 2, room.centre().y}, {x, room.centre().y}});
        const float sign = room.centre().y < stream_middle ? -1 : 1;
        wire(stream_name(config, 0), {{room.high.x, room.centre().y},
                                      {plus, room.centre().y},
                                      {plus, stream_middle + sign * plus_radius}});
    };
    const bool has_positions = config.without != Without::positions;
    part("embedding.tokens", "token embedding", words);
    if (has_positions) part("embedding.positions", "position embedding", places);
    layout.stream.low.x = plus;
    if (has_positions) {
        add_plus("embedding.sum", plus);
    } else {
        add_piece(stream_name(config, 0), plus);
    }
    left = plus + between(16, 40, roomy);
}

// From the stream up to what comes next, which stands at the right or, where it is narrow,
// below.
void ModelMaker::ending() {
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
    if (config.without == Without::norm) chain.erase(chain.begin());
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

void ModelMaker::to_prediction(const Box& probabilities, bool narrow) {
    const Box& bars = layout.prediction;
    const ImVec2 out = {probabilities.high.x, probabilities.centre().y};
    const float beside = area.width - 4, into = bars.low.y + 8;
    std::vector<ImVec2> points = {out, {bars.low.x - 3, out.y}};
    if (narrow) points = {out, {beside, out.y}, {beside, into}, {bars.high.x, into}};
    layout.wires.push_back({"probabilities", std::move(points), false});
}

void ModelMaker::add_plus(const std::string& stage, float x) {
    layout.parts.push_back({stage, "plus", PartShape::plus,
                            around({x, stream_middle}, 2 * plus_radius, 2 * plus_radius)});
    add_piece(stage, x);
}

void ModelMaker::add_piece(const std::string& stage, float x) {
    if (!layout.pieces.empty()) layout.pieces.back().to = x;
    layout.pieces.push_back({stage, x, x});
}

void ModelMaker::wire(const std::string& stage, std::vector<ImVec2> points) {
    layout.wires.push_back({stage, std::move(points), true});
}

ModelLayout lay_out_model(const Config& config, const ModelArea& area) {
    return ModelMaker(config, area).make();
}

} // namespace whirlygig
